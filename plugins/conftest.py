"""The kit, for the tests that lie in the plugins."""

pytest_plugins = ["app.testing"]
