"""The words of leads: what becomes of them, how good they are, what is asked before one becomes a deal."""

from __future__ import annotations

from app.sdk import Choice, _l

LEAD, FORM = "sales.lead", "sales.lead_form"

NEW, WORKING, NURTURING, QUALIFIED, DISQUALIFIED = "new", "working", "nurturing", "qualified", "disqualified"
OPEN = (NEW, WORKING)
"""States in which somebody waits for us."""

CLOSED = (QUALIFIED, DISQUALIFIED)

STATUSES = (
    Choice(value=NEW, label=_l("New"), tone="info"),
    Choice(value=WORKING, label=_l("Working"), tone="warn"),
    Choice(value=NURTURING, label=_l("Nurturing"), tone="camp"),
    Choice(value=QUALIFIED, label=_l("Qualified"), tone="ok"),
    Choice(value=DISQUALIFIED, label=_l("Disqualified"), tone="sys"),
)
HOT, WARM, COLD = "hot", "warm", "cold"
GRADES = (
    Choice(value=HOT, label=_l("Hot"), tone="bad"),
    Choice(value=WARM, label=_l("Warm"), tone="warn"),
    Choice(value=COLD, label=_l("Cold"), tone="info"),
)
CHECKLISTS = {
    "bant": (
        ("budget", _l("Budget: is there money for it?")),
        ("authority", _l("Authority: who decides?")),
        ("need", _l("Need: what is to become better?")),
        ("timing", _l("Timing: by when?")),
    ),
    "meddic": (
        ("metrics", _l("Metrics: what is it worth, in numbers?")),
        ("economic_buyer", _l("Economic buyer: who pays?")),
        ("decision_criteria", _l("Decision criteria: what do they compare?")),
        ("decision_process", _l("Decision process: who has to agree, in which order?")),
        ("pain", _l("Pain: what happens if they do nothing?")),
        ("champion", _l("Champion: who wants it inside?")),
    ),
    "none": (),
}
"""Checklists that can be chosen in the settings: key and question."""


def label_of(choices: tuple[Choice, ...], value: str) -> str:
    """Return what a value is called, or the value itself."""
    return next((str(c.label) for c in choices if c.value == value), value)


def tone_of(choices: tuple[Choice, ...], value: str) -> str:
    """Return the tone of a value, or an empty text."""
    return next((c.tone for c in choices if c.value == value), "")
