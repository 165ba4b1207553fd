"""Forecast: what will be sold, by whom and when, and what changed since."""
