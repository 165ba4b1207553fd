"""Cadences: timed steps that keep somebody interested."""
