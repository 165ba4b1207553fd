"""The kit, and what lies outside of the checkout, for the tests that lie in the plugins."""

pytest_plugins = ["app.testing", "tests.given"]
