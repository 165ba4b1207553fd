"""Formats of the outside world: names, numbers, addresses, files. Pure functions; no request, no database."""
