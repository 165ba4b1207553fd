"""Employees, departments, positions, contracts, documents, and the tree of who answers to whom."""
