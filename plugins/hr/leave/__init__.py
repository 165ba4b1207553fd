"""Absences: kinds, allowances, requests and decisions, the calendar of a team."""
