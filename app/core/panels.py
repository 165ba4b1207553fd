"""The core's own panels: who works in a company, the companies around it, who somebody is related to."""

from __future__ import annotations

from typing import Any

from flask import render_template

from app.i18n import _l
from app.kernel.context import Context
from app.kernel.contributions import Panel
from app.services import affiliations, companies, contact_values, dedupe_queue, people, photos, relations


def _people(ctx: Context, company: Any) -> str | None:
    """Show the people of a company, present ones apart from former ones."""
    if not ctx.may("contact.view"):
        return None
    found = affiliations.people(ctx, company.id)
    faces = photos.uids(ctx, [p.photo_id for p in (*found.now, *found.before)])
    return render_template("companies/_people.html", people=found, company=company, faces=faces, ctx=ctx)


def _tree(ctx: Context, company: Any) -> str | None:
    """Show the companies above and below."""
    nodes = companies.tree(ctx, company)
    return render_template("companies/_tree.html", nodes=nodes) if nodes else None


def _related(ctx: Context, contact: Any) -> str | None:
    """Show who somebody is related to."""
    ties = contact_values.load_relations(ctx, [contact.id])[contact.id]
    found = [{**tie, "type": relations.label(tie["type"])} for tie in ties]
    may = ctx.may("contact.edit")
    return (
        render_template("contacts/_related.html", related=found, contact=contact, may_edit=may)
        if found
        else None
    )


def _twice(ctx: Context, record: Any) -> str | None:
    """Show what may be the same as a record, for those who may merge them."""
    entity = record.__entity__
    ids = dedupe_queue.of_record(ctx, entity, record.id)
    named = people.names(ctx, [(entity, i) for i in ids])
    found = [named[entity, i] for i in ids if (entity, i) in named]
    return (
        render_template("duplicates/_beside.html", found=found, record=record, entity=entity)
        if found
        else None
    )


ALL: tuple[Panel, ...] = (
    *(
        Panel(
            name=f"{entity}_twice",
            label=_l("May be there twice"),
            slot=f"{entity}.side",
            view=_twice,
            order=5,
            lazy=False,
            permission=f"{entity}.merge",
        )
        for entity in ("contact", "company")
    ),
    Panel(
        name="people",
        label=_l("People"),
        slot="company.side",
        view=_people,
        order=10,
        lazy=False,
        refresh_on=("contact.created", "contact.updated"),
    ),
    Panel(name="tree", label=_l("Group"), slot="company.side", view=_tree, order=20, lazy=False),
    Panel(
        name="related", label=_l("Related people"), slot="contact.side", view=_related, order=20, lazy=False
    ),
)
