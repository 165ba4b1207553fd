"""What can be done with deals from lists, pages and workflows; the journal takes each of it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import Form, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from app.sdk import Action, Context, Offer, Outcome, _l, _n
from app.sdk.services import people, records
from app.sdk.web import ctx

from . import forms, service, stages
from .choices import LOST, OPEN, WON
from .fields import DEAL
from .models import Deal

OFFERED = Offer.ROW | Offer.BULK | Offer.WORKFLOW | Offer.API
PAGE = OFFERED | Offer.PAGE


class MoveForm(Form):
    """To which stage."""

    stage = SelectField(_l("Stage"), [InputRequired(_l("Choose a stage."))])

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.stage.choices = {
            name: [SelectChoice(value, label) for value, label in found]
            for name, found in forms.stage_options(ctx())
        }


class AssignForm(Form):
    """To whom."""

    owner = SelectField(_l("Owner"), [InputRequired(_l("Choose somebody."))])

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.owner.choices = [SelectChoice(str(i), name) for i, name in people.colleagues(ctx())]


class _ReasonForm(Form):
    outcome = OPEN
    reason = SelectField(_l("Reason"), default="")
    note = StringField(_l("In words"), [Length(max=2000)])

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        found = stages.reasons(ctx(), self.outcome)
        self.reason.choices = [SelectChoice("", "–"), *(SelectChoice(str(r.id), r.name) for r in found)]


class WinForm(_ReasonForm):
    """Why deals were won."""

    outcome = WON


class LoseForm(_ReasonForm):
    """Why deals were lost."""

    outcome = LOST


def move(ctx: Context, deals: Sequence[Deal], data: Mapping[str, Any]) -> Outcome:
    """Move deals to a stage."""
    to = stages.stage(ctx, int(data["stage"]))
    for deal in deals:
        service.move(ctx, deal, to)
    message = _n("%(num)s deal moved", "%(num)s deals moved", len(deals))
    return Outcome(message=message, changed=len(deals))


def assign(ctx: Context, deals: Sequence[Deal], data: Mapping[str, Any]) -> Outcome:
    """Give deals another owner."""
    for deal in deals:
        records.update(ctx, DEAL, deal.id, {"owner_id": int(data["owner"])})
    message = _n("%(num)s deal assigned", "%(num)s deals assigned", len(deals))
    return Outcome(message=message, changed=len(deals))


def win(ctx: Context, deals: Sequence[Deal], data: Mapping[str, Any]) -> Outcome:
    """Mark deals as won."""
    service.win(ctx, deals, *_why(data))
    message = _n("%(num)s deal won", "%(num)s deals won", len(deals))
    return Outcome(message=message, changed=len(deals))


def lose(ctx: Context, deals: Sequence[Deal], data: Mapping[str, Any]) -> Outcome:
    """Mark deals as lost."""
    service.lose(ctx, deals, *_why(data))
    message = _n("%(num)s deal lost", "%(num)s deals lost", len(deals))
    return Outcome(message=message, changed=len(deals))


def reopen(ctx: Context, deals: Sequence[Deal], data: Mapping[str, Any]) -> Outcome:
    """Open decided deals again."""
    service.reopen(ctx, deals)
    message = _n("%(num)s deal is open again", "%(num)s deals are open again", len(deals))
    return Outcome(message=message, changed=len(deals))


def _why(data: Mapping[str, Any]) -> tuple[int | None, str]:
    text = str(data.get("reason") or "")
    return (int(text) if text.isdecimal() else None), str(data.get("note") or "")


def is_open(ctx: Context, deal: Deal) -> bool:
    """Tell whether a deal is not decided yet."""
    return deal.outcome == OPEN


def is_decided(ctx: Context, deal: Deal) -> bool:
    """Tell whether a deal was won or lost."""
    return deal.outcome != OPEN


ALL = (
    Action(
        name="move",
        label=_l("Move to stage"),
        on=DEAL,
        run=move,
        form=MoveForm,
        icon="square-kanban",
        offer=OFFERED,
        order=10,
    ),
    Action(
        name="win",
        label=_l("Mark as won"),
        on=DEAL,
        run=win,
        form=WinForm,
        when=is_open,
        icon="trophy",
        offer=PAGE,
        order=20,
    ),
    Action(
        name="lose",
        label=_l("Mark as lost"),
        on=DEAL,
        run=lose,
        form=LoseForm,
        when=is_open,
        icon="circle-x",
        offer=PAGE,
        order=30,
        danger=True,
    ),
    Action(
        name="reopen",
        label=_l("Open again"),
        on=DEAL,
        run=reopen,
        when=is_decided,
        icon="rotate-ccw",
        offer=PAGE,
        order=40,
    ),
    Action(
        name="assign",
        label=_l("Assign to"),
        on=DEAL,
        run=assign,
        form=AssignForm,
        permission=f"{DEAL}.assign",
        icon="user-check",
        offer=PAGE,
        order=50,
    ),
)
