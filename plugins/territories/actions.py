"""What can be done to contacts and companies: named for a territory, looked up again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import update
from wtforms import Form, SelectField

from app.sdk import Action, Context, Offer, Outcome, _, _l, _n
from app.sdk.services import access, enqueue
from app.sdk.web import ctx as present

from . import assigning, placing
from .entities import TERRITORY
from .matching import every
from .models import Place

Run = Callable[[Context, Sequence[Any], Mapping[str, Any]], Outcome]
OFFERED = Offer.PAGE | Offer.BULK | Offer.WORKFLOW | Offer.API


class NameForm(Form):
    """Which territory; none leaves it to the borders again."""

    territory = SelectField(_l("Territory"), coerce=int, default=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(one.id, one.name) for one in every(present()) if not one.marks]
        self.territory.choices = [(0, _("As the borders say")), *known]


def name(entity: str) -> Run:
    """Return the action that names a territory for records of a kind."""

    def run(ctx: Context, chosen: Sequence[Any], data: Mapping[str, Any]) -> Outcome:
        ids = sorted(access.visible_ids(ctx, placing.MODELS[entity], [r.id for r in chosen], "edit"))
        known = placing.of(ctx, entity, ids)
        for number in ids:
            if number not in known:
                ctx.session.add(Place(**{placing.WHOSE[entity]: number}))
        ctx.session.flush()
        changed = update(Place).where(placing.column(entity).in_(ids))
        ctx.session.execute(
            changed.values(named_id=data["territory"] or None),
            execution_options={"synchronize_session": "fetch"},
        )
        assigning.some(ctx, entity, ids)
        message = _n("Territory of %(num)s record settled", "Territory of %(num)s records settled", len(ids))
        refused = {r.id: _("You may not change this record.") for r in chosen if r.id not in ids}
        return Outcome(message=message, changed=len(ids), refused=refused)

    return run


def again(entity: str) -> Run:
    """Return the action that looks up addresses anew."""

    def run(ctx: Context, chosen: Sequence[Any], data: Mapping[str, Any]) -> Outcome:
        ids = [record.id for record in chosen]
        changed = update(Place).where(placing.column(entity).in_(ids), Place.state != "pinned")
        ctx.session.execute(changed.values(seen="again"), execution_options={"synchronize_session": "fetch"})
        enqueue(ctx, placing.JOB, {"entity": entity, "ids": ids}, user_id=None)
        message = _n("%(num)s address is looked up again", "%(num)s addresses are looked up again", len(ids))
        return Outcome(message=message, changed=len(ids))

    return run


ALL = tuple(
    action
    for entity in placing.WHOSE
    for action in (
        Action(
            name=f"name_{entity}",
            label=_l("Name a territory"),
            on=entity,
            run=name(entity),
            form=NameForm,
            permission=f"{TERRITORY}.edit",
            icon="map",
            offer=OFFERED,
            order=82,
        ),
        Action(
            name=f"again_{entity}",
            label=_l("Look up the address again"),
            on=entity,
            run=again(entity),
            icon="locate-fixed",
            offer=OFFERED,
            order=83,
        ),
    )
)
