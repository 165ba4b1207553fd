"""Fixed lists of values of deals, with their labels and tones."""

from __future__ import annotations

from app.sdk import Choice, _l

OPEN, WON, LOST = "open", "won", "lost"

OUTCOMES = (
    Choice(value=OPEN, label=_l("Still open"), tone="info"),
    Choice(value=WON, label=_l("Won"), tone="ok"),
    Choice(value=LOST, label=_l("Lost"), tone="bad"),
)

CATEGORIES = (
    Choice(value="pipeline", label=_l("Pipeline")),
    Choice(value="best", label=_l("Best case")),
    Choice(value="commit", label=_l("Commit")),
    Choice(value="omitted", label=_l("Omitted")),
    Choice(value="closed", label=_l("Closed")),
)

ROLES = (
    Choice(value="decision_maker", label=_l("Decision maker")),
    Choice(value="economic_buyer", label=_l("Economic buyer")),
    Choice(value="evaluator", label=_l("Evaluator")),
    Choice(value="influencer", label=_l("Influencer")),
    Choice(value="user", label=_l("User")),
    Choice(value="purchaser", label=_l("Purchaser")),
    Choice(value="other", label=_l("Other")),
)

STANCES = (
    Choice(value="champion", label=_l("Champion"), tone="ok"),
    Choice(value="blocker", label=_l("Blocker"), tone="bad"),
)
