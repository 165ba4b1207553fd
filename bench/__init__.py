"""Measurements, apart from the tests: `python -m bench --help`."""
