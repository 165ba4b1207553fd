"""Hours: noted or timed, approved, compared with the budget and with who has time, and put on an invoice."""
