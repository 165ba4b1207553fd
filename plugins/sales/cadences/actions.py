"""Putting people into a cadence, from the page or the row of a contact or a lead, or many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from wtforms import Form, SelectField
from wtforms.validators import InputRequired

from app.sdk import Action, Context, Offer, Outcome, _, _l, _n
from app.sdk.web import ctx

from . import enrolling
from .models import Cadence

ANYWHERE = Offer.PAGE | Offer.ROW | Offer.BULK | Offer.WORKFLOW | Offer.API


class EnrolForm(Form):
    """Which cadence."""

    cadence = SelectField(_l("Cadence"), [InputRequired(_l("Choose a cadence."))], coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cadence.choices = offered(ctx())


def offered(of: Context) -> list[Any]:
    """Return the cadences that can be chosen, by name."""
    query = select(Cadence.id, Cadence.name).where(Cadence.active.is_(True)).order_by(Cadence.name).limit(200)
    return [(row.id, row.name) for row in of.session.execute(query)]


def enrol_contacts(ctx: Context, contacts: Sequence[Any], data: Mapping[str, Any]) -> Outcome:
    """Put contacts into a cadence."""
    return _outcome(*enrolling.enrol(ctx, int(data["cadence"]), {c.id: None for c in contacts}))


def enrol_leads(ctx: Context, leads: Sequence[Any], data: Mapping[str, Any]) -> Outcome:
    """Put the contacts of leads into a cadence."""
    wanted = {lead.contact_id: lead.id for lead in leads if lead.contact_id}
    count, refused = enrolling.enrol(ctx, int(data["cadence"]), wanted)
    told = {wanted[contact]: why for contact, why in refused.items()}
    told |= {lead.id: _("This lead has no contact.") for lead in leads if not lead.contact_id}
    return _outcome(count, told)


def _outcome(count: int, refused: Mapping[int, str]) -> Outcome:
    text = _n("%(num)s person is in the cadence now", "%(num)s people are in the cadence now", count)
    return Outcome(message=text if count else "", changed=count, refused=refused)


def _action(name: str, on: str, run: Any) -> Action:
    return Action(
        name=name,
        label=_l("Put into a cadence"),
        on=on,
        run=run,
        form=EnrolForm,
        permission="task.create",
        icon="route",
        offer=ANYWHERE,
        order=70,
    )


ALL = (
    _action("enrol_contact", "contact", enrol_contacts),
    _action("enrol_lead", "sales.lead", enrol_leads),
)
