"""The core's migrations, and the environment that all owners share."""
