"""Arranging layouts: fields up and down, into groups, required, read-only, hidden, under a condition; and back to none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy import select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Field, Show
from app.kernel.errors import Invalid, NotVisible
from app.kernel.expr.tree import ExprError
from app.models import Layout as Row
from app.models import Role
from app.services import access, audit, fields, filters, layouts_schema, roles, settings
from app.services.layouts_schema import Group, Layout, Slot
from app.services.unit import unit

RIGHT = "admin.settings"
LONGEST = 60
MOST_GROUPS = 40

Begun = Sequence[tuple[str, Sequence[str]]]
"""How the fields stand without a layout: titles of groups with the names of their fields."""


def arrangeable(ctx: Context, entity: str) -> list[Field]:
    """Return the fields that a layout can place: those of forms and pages."""
    kind = ctx.schema.entity(entity)
    return [f for f in fields.visible(ctx, kind.key) if Show.FORM in f.show or Show.DETAIL in f.show]


def arranged(ctx: Context, entity: str) -> dict[str, Layout]:
    """Return the layouts of an entity that were arranged, by role; everybody's under the empty name."""
    access.require(ctx, RIGHT)
    rows = ctx.session.execute(select(Row).where(Row.entity == entity).order_by(Row.role)).scalars()
    return {row.role: layouts_schema.of(row) for row in rows}


def get(ctx: Context, entity: str, role: str, begun: Begun) -> Layout:
    """Return the layout of an entity for a role as it is edited: complete, begun from everybody's or from `begun`.

    Raises NotVisible for a role that there is not.
    """
    found = arranged(ctx, entity)
    if role and role not in roles.BUILTIN and not _is_role(ctx, role):
        raise NotVisible(_("There is no such role."))
    start = found.get(role) or found.get("")
    if start is None:
        groups = [Group(title=title, slots=tuple(Slot(name=n) for n in names)) for title, names in begun]
        start = Layout(entity=entity, groups=tuple(groups))
    return _complete(ctx, replace(start, role=role))


def _is_role(ctx: Context, role: str) -> bool:
    return ctx.session.execute(select(Role.id).where(Role.name == role)).first() is not None


def _complete(ctx: Context, layout: Layout) -> Layout:
    """Return a layout with the fields that came since, behind, and without those that are no more."""
    known = [f.key for f in arrangeable(ctx, layout.entity)]
    kept = [replace(g, slots=tuple(s for s in g.slots if s.name in known)) for g in layout.groups] or [
        Group(title=_("Details"))
    ]
    rest = tuple(Slot(name=n) for n in known if n not in layout.slots)
    if rest:
        kept[-1] = replace(kept[-1], slots=(*kept[-1].slots, *rest))
    return Layout(entity=layout.entity, role=layout.role, groups=tuple(kept), everywhere=layout.everywhere)


@unit
def keep(ctx: Context, layout: Layout) -> None:
    """Keep a layout; everybody whom it concerns has it with his next click."""
    access.require(ctx, RIGHT)
    row = _row(ctx, layout.entity, layout.role)
    if row is None:
        row = Row(entity=layout.entity, role=layout.role)
        ctx.session.add(row)
    row.content, row.everywhere = layouts_schema.stored(layout.groups), layout.everywhere
    row.updated_at = ctx.now
    audit.note(ctx, "layout.changed", layout.entity, role=layout.role)
    ctx.session.flush()
    settings.bump(ctx, "schema")


@unit
def reset(ctx: Context, entity: str, role: str) -> None:
    """Forget a layout: its fields stand again as everybody's, or as they are declared."""
    access.require(ctx, RIGHT)
    row = _row(ctx, entity, role)
    if row is not None:
        ctx.session.delete(row)
        audit.note(ctx, "layout.reset", entity, role=role)
        ctx.session.flush()
        settings.bump(ctx, "schema")


def _row(ctx: Context, entity: str, role: str) -> Row | None:
    return ctx.session.execute(select(Row).where(Row.entity == entity, Row.role == role)).scalar_one_or_none()


# ---------------------------------------------------------------- changes of a layout, each returns a new one


def moved(layout: Layout, name: str, *, up: bool) -> Layout:
    """Return the layout with a field one place up or down: over the edge of its group into the next one."""
    groups = [list(g.slots) for g in layout.groups]
    at = next(((g, n) for g, slots in enumerate(groups) for n, s in enumerate(slots) if s.name == name), None)
    if at is None:
        return layout
    g, n = at
    slot = groups[g].pop(n)
    if up and n > 0:
        groups[g].insert(n - 1, slot)
    elif up and g > 0:
        groups[g - 1].append(slot)
    elif not up and n < len(groups[g]):
        groups[g].insert(n + 1, slot)
    elif not up and g + 1 < len(groups):
        groups[g + 1].insert(0, slot)
    else:
        groups[g].insert(n, slot)
    return _with(
        layout, [replace(old, slots=tuple(new)) for old, new in zip(layout.groups, groups, strict=True)]
    )


def ruled(ctx: Context, layout: Layout, slot: Slot, group: int) -> Layout:
    """Return the layout with other rules for a field, in a group. Raises Invalid for a condition that cannot be asked."""
    field = next((f for f in arrangeable(ctx, layout.entity) if f.key == slot.name), None)
    if field is None or slot.name not in layout.slots:
        raise NotVisible(_("There is no such field."))
    if slot.only_if:
        try:
            filters.check(ctx, layout.entity, slot.only_if)
        except ExprError as error:
            raise Invalid({"only_if": error.sentence}) from error
    if field.required and (slot.hidden or slot.readonly):
        wrong = _(
            "“%(name)s” must always be filled in: it can be neither hidden nor read-only.",
            name=str(field.label),
        )
        raise Invalid({"hidden" if slot.hidden else "readonly": wrong})
    if slot.required and (slot.hidden or slot.readonly):
        raise Invalid({"required": _("What cannot be filled in cannot be required.")})
    if not 0 <= group < len(layout.groups):
        raise Invalid({"group": _("Choose a group.")})
    if any(s.name == slot.name for s in layout.groups[group].slots):
        return _each(layout, lambda s: slot if s.name == slot.name else s)
    without = [replace(g, slots=tuple(s for s in g.slots if s.name != slot.name)) for g in layout.groups]
    without[group] = replace(without[group], slots=(*without[group].slots, slot))
    return _with(layout, without)


def _each(layout: Layout, change: Callable[[Slot], Slot]) -> Layout:
    return _with(layout, [replace(g, slots=tuple(change(s) for s in g.slots)) for g in layout.groups])


def titled(layout: Layout, group: int | None, title: str) -> Layout:
    """Return the layout with a group renamed, or with one more at its end. Raises Invalid for a wrong title."""
    said = " ".join(title.split())
    if not said:
        raise Invalid({"title": _("This is needed.")})
    if len(said) > LONGEST:
        raise Invalid({"title": _("This is longer than %(limit)s characters. Shorten it.", limit=LONGEST)})
    others = {g.title.casefold() for n, g in enumerate(layout.groups) if n != group}
    if said.casefold() in others:
        raise Invalid({"title": _("There is a group called “%(name)s” already.", name=said)})
    if group is None:
        if len(layout.groups) >= MOST_GROUPS:
            raise Invalid({"title": _("There are %(num)s groups already.", num=MOST_GROUPS)})
        return _with(layout, [*layout.groups, Group(title=said)])
    found = _numbered(layout, group)
    return _with(layout, [replace(found, title=said) if g is found else g for g in layout.groups])


def group_moved(layout: Layout, group: int, *, up: bool) -> Layout:
    """Return the layout with a group one place up or down."""
    found, groups = _numbered(layout, group), list(layout.groups)
    groups.insert(max(0, min(group + (-1 if up else 1), len(groups) - 1)), groups.pop(group))
    return _with(layout, groups) if found in groups else layout


def group_removed(layout: Layout, group: int) -> Layout:
    """Return the layout without a group: its fields go to the one above it, or below it. The last one stays."""
    found, groups = _numbered(layout, group), list(layout.groups)
    if len(groups) == 1:
        return layout
    groups.pop(group)
    near = max(0, group - 1)
    both = (*groups[near].slots, *found.slots) if group else (*found.slots, *groups[near].slots)
    groups[near] = replace(groups[near], slots=both)
    return _with(layout, groups)


def _numbered(layout: Layout, group: int) -> Group:
    if not 0 <= group < len(layout.groups):
        raise NotVisible(_("There is no such group."))
    return layout.groups[group]


def _with(layout: Layout, groups: Sequence[Group]) -> Layout:
    return Layout(entity=layout.entity, role=layout.role, groups=tuple(groups), everywhere=layout.everywhere)
