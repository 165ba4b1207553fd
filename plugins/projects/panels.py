"""Projects on the pages of contacts, companies and deals; the timer and what is mine on Today."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, url_for
from sqlalchemy import select

from app.sdk import Context, Panel, _l
from app.sdk.web import day_text

from .hours import service, week_pages
from .hours.models import ENTRY
from .plan import actions, frame, making
from .plan.choices import GOING
from .plan.models import PROJECT, Project

SHOWN = 5
TODAY = 3
COLUMN: dict[str, Any] = {"contact": Project.contact_id, "company": Project.company_id}
REFRESH = tuple(f"{PROJECT}.{verb}" for verb in ("created", "updated", "deleted", "restored"))


def _panel(entity: str) -> Callable[[Context, Any], str | None]:
    def view(ctx: Context, record: Any) -> str | None:
        """Show the projects of a contact or company, those going on first."""
        query = select(Project).where(COLUMN[entity] == record.id)
        query = query.order_by(Project.status.not_in(GOING), Project.id.desc()).limit(SHOWN + 1)
        found = ctx.session.execute(query).scalars().all()
        may = ctx.may(f"{PROJECT}.create")
        if not found and not may:
            return None
        return render_template(
            "projects/plan/of_record.html",
            rows=[_row(ctx, project) for project in found[:SHOWN]],
            more=url_for("lists.index", entity=PROJECT, f=f"{entity}_id:is:{record.id}")
            if len(found) > SHOWN
            else None,
            new=url_for("projects_plan.new", of=entity, record_id=record.id) if may else None,
        )

    return view


def _row(ctx: Context, project: Project) -> dict[str, Any]:
    return {
        "name": project.name,
        "url": url_for("projects_plan.show", record_id=project.id),
        "due": day_text(project.due_on) if project.due_on else "",
        "late": frame.is_late(project, ctx),
        **frame.state_of(project),
    }


def of_deal(ctx: Context, deal: Any) -> str | None:
    """Show the project of a deal; of a won one without a project, the button that begins it."""
    project = making.of_origin(ctx, f"{making.DEAL}:{deal.id}")
    may = ctx.may(f"{PROJECT}.create") and actions.is_won(ctx, deal)
    if project is None and not may:
        return None
    template = actions.chosen(ctx, "")
    return render_template(
        "projects/plan/of_deal.html",
        row=_row(ctx, project) if project else None,
        deal=deal,
        template=template.id if template else "",
    )


def timer(ctx: Context, _record: Any = None) -> str | None:
    """Show what is timed, or what can be timed at once: what was worked on last."""
    running = week_pages.timer_of(ctx)
    places = [] if running else service.lately(ctx, TODAY)
    names = service.names(ctx, places)
    if running is None and not names:
        return None
    return render_template(
        "projects/hours/today.html",
        timer=running,
        rows=[(service.place_text(p), *names[p]) for p in places if p in names],
    )


ALL = (
    *(
        Panel(
            name=f"of_{entity}",
            label=_l("Projects"),
            slot=f"{entity}.side",
            view=_panel(entity),
            order=25,
            permission=f"{PROJECT}.view",
            refresh_on=REFRESH,
        )
        for entity in ("contact", "company")
    ),
    Panel(
        name="of_deal",
        label=_l("Project"),
        slot=f"{making.DEAL}.side",
        view=of_deal,
        order=12,
        permission=f"{PROJECT}.view",
        refresh_on=(*REFRESH, f"{making.DEAL}.updated"),
    ),
    Panel(
        name="timer",
        label=_l("Time"),
        slot="dashboard",
        view=timer,
        order=35,
        permission=f"{ENTRY}.create",
        refresh_on=(f"{ENTRY}.created", f"{ENTRY}.updated"),
    ),
)
