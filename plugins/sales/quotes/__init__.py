"""Quotes: lines, discounts, versions, PDF, and the page where the customer accepts."""
