"""What can be done to deals and projects: a project of a won deal, a change of status, a milestone reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from sqlalchemy import select
from wtforms import Form, SelectField
from wtforms.fields import SelectChoice

from app.sdk import Action, Context, Offer, Outcome, Refuse, _, _l, _n
from app.sdk.services import records
from app.sdk.web import ctx

from . import making, service
from .choices import STATUSES
from .entities import MILESTONE
from .making import DEAL
from .models import PROJECT, Template

OFFERED = Offer.ROW | Offer.BULK | Offer.WORKFLOW | Offer.API


class StatusForm(Form):
    """Which status."""

    status = SelectField(_l("Status"), choices=[SelectChoice(c.value, c.label) for c in STATUSES])


class TemplateForm(Form):
    """By which plan."""

    template = SelectField(_l("Template"), default="")

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        query = select(Template.id, Template.name).order_by(Template.name, Template.id).limit(200)
        found = [SelectChoice(str(row.id), row.name) for row in ctx().session.execute(query)]
        self.template.choices = [SelectChoice("", "–"), *found]


def begin(ctx: Context, deals: Sequence[Any], data: Mapping[str, Any]) -> Outcome:
    """Begin the projects of deals, by the template that was chosen or that the settings name."""
    template = chosen(ctx, str(data.get("template") or ""))
    new, last = 0, None
    for deal in deals:
        last, fresh = making.from_deal(ctx, deal, template)
        new += fresh
    message = (
        _n("%(num)s project begun", "%(num)s projects begun", new)
        if new
        else _("The project is there already")
    )
    url = url_for("projects_plan.show", record_id=last.id) if last is not None and len(deals) == 1 else None
    return Outcome(message=message, changed=new, url=url)


def chosen(ctx: Context, number: str) -> Template | None:
    """Return the template of an id, or of the name in the settings; None for none."""
    name = str(ctx.settings.get("won_template") or "").strip()
    if not number.isdecimal() and not name:
        return None
    which = Template.id == int(number) if number.isdecimal() else Template.name == name
    return ctx.session.execute(
        select(Template).where(which).order_by(Template.id).limit(1)
    ).scalar_one_or_none()


def is_won(ctx: Context, deal: Any) -> bool:
    """Tell whether a deal is won and has no project yet."""
    return deal.outcome == "won" and making.of_origin(ctx, f"{DEAL}:{deal.id}") is None


def set_status(ctx: Context, projects: Sequence[Any], data: Mapping[str, Any]) -> Outcome:
    """Give projects another status."""
    for project in projects:
        records.update(ctx, PROJECT, project.id, {"status": data["status"]})
    message = _n("%(num)s project changed", "%(num)s projects changed", len(projects))
    return Outcome(message=message, changed=len(projects))


def reach(ctx: Context, milestones: Sequence[Any], data: Mapping[str, Any]) -> Outcome:
    """Note that milestones are reached today."""
    for one in milestones:
        if one.project_id is None:
            raise Refuse(_("This milestone belongs to no project any more."))
        service.reach(ctx, one.id)
    message = _n("%(num)s milestone reached", "%(num)s milestones reached", len(milestones))
    return Outcome(message=message, changed=len(milestones))


ALL = (
    Action(
        name="begin",
        label=_l("Begin a project"),
        on=DEAL,
        run=begin,
        form=TemplateForm,
        permission=f"{PROJECT}.create",
        icon="folder-kanban",
        offer=Offer.PAGE | Offer.ROW | Offer.API,
        when=is_won,
        order=15,
    ),
    Action(
        name="status",
        label=_l("Change the status"),
        on=PROJECT,
        run=set_status,
        form=StatusForm,
        icon="circle-dot",
        offer=OFFERED,
        order=20,
    ),
    Action(
        name="reach",
        label=_l("Reached"),
        on=MILESTONE,
        run=reach,
        icon="flag",
        offer=OFFERED,
        when=lambda ctx, one: not one.reached_on,
        order=10,
    ),
)
