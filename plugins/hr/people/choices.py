"""Names and choices of this part."""

from __future__ import annotations

from app.sdk import Choice, _l

EMPLOYEE = "hr.employee"
DEPARTMENT = "hr.department"
POSITION = "hr.position"
CONTRACT = "hr.contract"
DOCUMENT = "hr.document"

MANAGE = "hr.manage"
"""The right of the HR department: everything of everybody."""
DIRECTORY = "hr.directory"
"""The right to see who works here, where, for whom and how long: the fields of employees, nothing of what hangs on them."""

EMPLOYMENTS = (
    Choice(value="full_time", label=_l("Full-Time")),
    Choice(value="part_time", label=_l("Part-Time")),
    Choice(value="contract", label=_l("Contract")),
    Choice(value="temporary", label=_l("Temporary")),
    Choice(value="apprentice", label=_l("Apprentice")),
)

CONTRACTS = (
    Choice(value="permanent", label=_l("Permanent"), tone="ok"),
    Choice(value="fixed", label=_l("Fixed term"), tone="warn"),
    Choice(value="probation", label=_l("Probation"), tone="warn"),
    Choice(value="freelance", label=_l("Freelance")),
)

DOCUMENTS = (
    Choice(value="contract", label=_l("Contract")),
    Choice(value="reference", label=_l("Reference")),
    Choice(value="application", label=_l("Application")),
    Choice(value="certificate", label=_l("Certificate")),
    Choice(value="other", label=_l("Other")),
)
