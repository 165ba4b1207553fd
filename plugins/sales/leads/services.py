"""What leads bring for others to use or to replace: the score by rules."""

from __future__ import annotations

from typing import Any

from app.sdk import Service, _l
from app.sdk.protocols import Scorer

from .scoring import RuleScorer


def scorer(config: Any) -> RuleScorer:
    """Return the score by rules."""
    return RuleScorer()


ALL = (Service(name="lead_rules_score", label=_l("Score by rules"), protocol=Scorer, factory=scorer),)
