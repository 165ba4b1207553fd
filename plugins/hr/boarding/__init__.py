"""Checklists for who comes and who goes, and how long what is kept."""
