"""The testing kit: fixtures and factories for the core's own tests and for plugin authors."""
