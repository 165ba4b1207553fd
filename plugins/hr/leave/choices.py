"""Names and choices of this part."""

from __future__ import annotations

from app.sdk import Choice, _l

ABSENCE = "hr.absence"
TYPE = "hr.leave_type"

REQUESTED, APPROVED, DECLINED, WITHDRAWN = "requested", "approved", "declined", "withdrawn"
HOLDING = (REQUESTED, APPROVED)
"""What holds days of an allowance."""

STATUSES = (
    Choice(value=REQUESTED, label=_l("Requested"), tone="warn"),
    Choice(value=APPROVED, label=_l("Approved"), tone="ok"),
    Choice(value=DECLINED, label=_l("Declined"), tone="bad"),
    Choice(value=WITHDRAWN, label=_l("Withdrawn"), tone="sys"),
)
HALVES = (
    Choice(value="start", label=_l("From noon of the first day")),
    Choice(value="end", label=_l("Until noon of the last day")),
    Choice(value="both", label=_l("From noon until noon")),
)
ACCRUALS = (
    Choice(value="year", label=_l("All at the beginning of the year")),
    Choice(value="month", label=_l("A twelfth each month")),
)
