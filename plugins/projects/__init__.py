"""Projects: what is promised to customers or to ourselves, its plan, the hours it takes, and what is left of the budget."""
