"""The words of quotes: their states, and who writes on which paper."""

from __future__ import annotations

from app.sdk import Choice, _l

DRAFT, ISSUED, ACCEPTED, DECLINED, EXPIRED, REPLACED = (
    "draft",
    "issued",
    "accepted",
    "declined",
    "expired",
    "replaced",
)

STATUSES = (
    Choice(value=DRAFT, label=_l("Draft"), tone="sys"),
    Choice(value=ISSUED, label=_l("Issued"), tone="info"),
    Choice(value=ACCEPTED, label=_l("Accepted"), tone="ok"),
    Choice(value=DECLINED, label=_l("Declined"), tone="bad"),
    Choice(value=EXPIRED, label=_l("Expired"), tone="warn"),
    Choice(value=REPLACED, label=_l("Replaced"), tone="sys"),
)

LETTER = frozenset(["US", "CA", "MX", "PH", "CL", "CO", "CR", "DO", "GT", "HN", "NI", "PA", "PR", "SV", "VE"])
"""Countries that print on Letter; the others print on A4 (ISO 216)."""
