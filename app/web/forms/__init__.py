"""WTForms by noun."""
