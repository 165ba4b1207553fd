"""What can be done to leads from their page, their row or in bulk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wtforms import Form, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.sdk import Action, Context, Offer, Outcome, Refuse, _l, _n
from app.sdk.web import ctx

from . import cases, options, routing
from .choices import CLOSED, LEAD, NURTURING, OPEN

ANYWHERE = Offer.PAGE | Offer.ROW | Offer.BULK | Offer.WORKFLOW | Offer.API


class GiveUpForm(Form):
    """Why leads are given up, and until when if not for good."""

    reason_id = SelectField(
        _l("Reason"), [InputRequired(_l("Choose why this lead is given up."))], coerce=int
    )
    note = TextAreaField(_l("Note"), [Length(max=2000)])
    revive_on = StringField(_l("Ask again on"), [Optional()], render_kw={"type": "date"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason_id.choices = [(reason.id, reason.label) for reason in cases.reasons(ctx())]


class AsideForm(Form):
    """For how long leads are put aside."""

    days = IntegerField(_l("Days"), [InputRequired(), NumberRange(1, 1827)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"days": options.of(ctx()).lead_revive_days} | kwargs))


def _each(ctx: Context, leads: Sequence[Any], do: Callable[[int], Any]) -> tuple[int, dict[int, str]]:
    """Do something to each lead; one that refuses stays as it is."""
    refused: dict[int, str] = {}
    for lead in leads:
        try:
            with ctx.unit(savepoint=True):
                do(lead.id)
        except Refuse as error:
            refused[lead.id] = str(error)
    return len(leads) - len(refused), refused


def claim(ctx: Context, leads: Sequence[Any], data: Mapping[str, Any]) -> Outcome:
    """Take leads that are nobody's."""
    count, refused = _each(ctx, leads, lambda i: cases.claim(ctx, i))
    text = _n("The lead is yours", "%(num)s leads are yours", count) if count else ""
    return Outcome(message=text, changed=count, refused=refused)


def release(ctx: Context, leads: Sequence[Any], data: Mapping[str, Any]) -> Outcome:
    """Give leads back."""
    count, refused = _each(ctx, leads, lambda i: cases.release(ctx, i))
    text = _n("%(num)s lead given back", "%(num)s leads given back", count)
    return Outcome(message=text, changed=count, refused=refused)


def give_away(ctx: Context, leads: Sequence[Any], data: Mapping[str, Any]) -> Outcome:
    """Let the rules say whose leads become."""
    at = routing.desk(ctx, routing.rules(ctx), [lead.id for lead in leads])
    refused = {}
    for lead in leads:
        chosen = routing.choose(ctx, at, lead)
        if chosen is None:
            refused[lead.id] = str(_l("No rule finds anybody."))
        else:
            cases.hand_to(ctx, lead.id, chosen.user_id, chosen.why)
    count = len(leads) - len(refused)
    text = _n("%(num)s lead assigned", "%(num)s leads assigned", count)
    return Outcome(message=text, changed=count, refused=refused)


def give_up(ctx: Context, leads: Sequence[Any], data: Mapping[str, Any]) -> Outcome:
    """Disqualify leads with a reason."""
    day = str(data.get("revive_on") or "")
    count, refused = _each(
        ctx,
        leads,
        lambda i: cases.disqualify(ctx, i, data["reason_id"], data.get("note") or "", revive_on=day),
    )
    text = _n("%(num)s lead disqualified", "%(num)s leads disqualified", count)
    return Outcome(message=text, changed=count, refused=refused)


def put_aside(ctx: Context, leads: Sequence[Any], data: Mapping[str, Any]) -> Outcome:
    """Let leads come back in some days."""
    for lead in leads:
        cases.revive_in(ctx, lead.id, int(data["days"]))
    text = _n("%(num)s lead comes back", "%(num)s leads come back", len(leads))
    return Outcome(message=text, changed=len(leads))


def begin_again(ctx: Context, leads: Sequence[Any], data: Mapping[str, Any]) -> Outcome:
    """Make leads new again."""
    for lead in leads:
        cases.begin_again(ctx, lead.id)
    text = _n("%(num)s lead is new again", "%(num)s leads are new again", len(leads))
    return Outcome(message=text, changed=len(leads))


def is_free(ctx: Context, lead: Any) -> bool:
    """Tell whether a lead waits for somebody to take it."""
    return lead.owner_id is None and lead.status in (*OPEN, NURTURING)


def is_mine(ctx: Context, lead: Any) -> bool:
    """Tell whether the principal has an open lead."""
    return lead.owner_id == ctx.user.id and lead.status in (*OPEN, NURTURING)


def is_open(ctx: Context, lead: Any) -> bool:
    """Tell whether a lead is not closed."""
    return lead.status not in CLOSED


def is_over(ctx: Context, lead: Any) -> bool:
    """Tell whether a lead was given up or put aside."""
    return lead.status in ("disqualified", NURTURING)


def _action(name: str, label: Any, run: Any, when: Any, icon: str, order: int, **more: Any) -> Action:
    permission = more.pop("permission", f"{LEAD}.edit")
    return Action(
        name=name,
        label=label,
        on=LEAD,
        run=run,
        when=when,
        icon=icon,
        order=order,
        permission=permission,
        offer=ANYWHERE,
        **more,
    )


ALL = (
    _action("claim_lead", _l("Take it"), claim, is_free, "user-check", 10),
    _action("release_lead", _l("Give it back"), release, is_mine, "reply", 20),
    _action(
        "route_lead", _l("Assign by rules"), give_away, is_open, "route", 30, permission=f"{LEAD}.assign"
    ),
    _action("park_lead", _l("Put aside"), put_aside, is_open, "alarm-clock", 40, form=AsideForm),
    _action("drop_lead", _l("Disqualify"), give_up, is_open, "thumbs-down", 50, form=GiveUpForm, danger=True),
    _action("restart_lead", _l("Begin again"), begin_again, is_over, "rotate-ccw", 60),
)
