"""What leads begin with in a new house: reasons for giving up, and a score that already tells hot from cold."""

from __future__ import annotations

from sqlalchemy import select

from app.sdk import Context, _, speaking
from app.sdk.services import unit

from .models import LeadReason, ScoreRule


@unit
def make_ready(ctx: Context) -> None:
    """Add the usual reasons and rules of the score, in the reader's language, where there are none yet."""
    if ctx.session.execute(select(LeadReason.id).limit(1)).first() is None:
        ctx.session.add_all(LeadReason(label=label, position=n * 10) for n, label in enumerate(_reasons()))
    if ctx.session.execute(select(ScoreRule.id).limit(1)).first() is None:
        ctx.session.add_all(_rules())


def make_ready_in_its_language(ctx: Context) -> None:
    """Make ready as `make_ready` does, in the language of who enables sales, or of the house when nobody does."""
    if ctx.request is not None:
        make_ready(ctx)
        return
    with speaking(str(ctx.settings.get("locale", "en"))):
        make_ready(ctx)


def _reasons() -> list[str]:
    return [_("No budget"), _("No need"), _("Not reachable"), _("Not the right time"), _("Spam or test")]


def _rules() -> list[ScoreRule]:
    found = [
        (_("Can be called"), "lead", "contact.phones is not empty", 10, 0),
        (_("A company is known"), "lead", "contact.company is not empty", 15, 0),
        (_("Wrote a message"), "lead", "message is not empty", 15, 30),
        (_("Came in lately"), "lead", "", 20, 14),
        (_("Was recommended"), "lead", "channel contains recommend or channel contains referral", 15, 0),
        (_("Talked on the phone"), "interaction", "kind = call and outcome = connected", 20, 30),
        (_("Met us"), "interaction", "kind = meeting", 30, 60),
        (_("Wrote to us"), "interaction", "direction = inbound", 15, 21),
    ]
    return [
        ScoreRule(
            name=name,
            subject=subject,
            condition=condition,
            points=points,
            half_life=half_life,
            position=n * 10,
        )
        for n, (name, subject, condition, points, half_life) in enumerate(found, 1)
    ]
