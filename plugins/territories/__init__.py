"""Territories: where people and companies are, whose areas these are, and the way there."""
