"""Layouts of forms and pages: fields arranged per kind of record and role, by plain buttons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from flask import Blueprint, Response, request, url_for
from wtforms.fields.choices import SelectChoice

from app.i18n import _
from app.kernel.contributions import Field
from app.kernel.errors import Invalid, NotVisible
from app.services import layouts_editing as editing
from app.services import roles
from app.services.context import ctx
from app.services.layouts_schema import Layout, Slot
from app.services.own_types_schema import is_own
from app.web.forms import company, contact, own_record
from app.web.forms.base import page
from app.web.forms.layout import GroupTitle, PlacedField
from app.web.render import done, render
from app.web.routes import requires

admin_layouts = Blueprint("admin_layouts", __name__)

EVERYBODY = "everybody"
"""Stands in addresses for the layout of all roles that have none of their own."""


@admin_layouts.get("/admin/layouts")
@requires("admin.settings")
def index() -> Response:
    """Show the kinds of record, with the roles that a layout was arranged for."""
    labels = _roles()
    kinds = [
        {
            "label": kind.plural,
            "icon": kind.icon,
            "url": url_for("admin_layouts.of", kind=kind.key),
            "names": [str(labels.get(role, role)) for role in editing.arranged(ctx(), kind.key)],
        }
        for kind in ctx().schema.entities()
    ]
    return render("admin/layouts.html", title=_("Layouts"), kinds=kinds)


@admin_layouts.get("/admin/layouts/<kind>")
@requires("admin.settings")
def of(kind: str) -> Response:
    """Choose whose layout is arranged: everybody's, or that of a role."""
    entity = ctx().schema.entity(kind)
    there = editing.arranged(ctx(), kind)
    ways = [
        {
            "label": label,
            "url": url_for("admin_layouts.edit", kind=kind, role=role or EVERYBODY),
            "line": _("Arranged")
            if role in there
            else _("As it is built in")
            if not role
            else _("Like everybody"),
        }
        for role, label in _roles().items()
    ]
    title = _("Layout of %(what)s", what=str(entity.plural))
    return render("admin/layouts_of.html", title=title, kind=entity, ways=ways)


@admin_layouts.route("/admin/layouts/<kind>/<role>", methods=["GET", "POST"])
@requires("admin.settings")
def edit(kind: str, role: str) -> Response:
    """Show the groups and fields in their order; each press moves one of them, saved at once."""
    layout = _layout(kind, role)
    if request.method == "GET":
        return _shown(layout, role)
    try:
        changed, anchor = _pressed(layout)
    except Invalid as error:
        return _shown(layout, role, problem=" ".join(error.problems.values()))
    editing.keep(ctx(), changed)
    return done(url_for("admin_layouts.edit", kind=kind, role=role, _anchor=anchor))


@admin_layouts.post("/admin/layouts/<kind>/<role>/reset")
@requires("admin.settings")
def reset(kind: str, role: str) -> Response:
    """Forget a layout: its fields stand as before it was arranged."""
    editing.reset(ctx(), kind, _stored(role))
    return done(url_for("admin_layouts.of", kind=kind), toast=_("As before"))


@admin_layouts.route("/admin/layouts/<kind>/<role>/field/<name>", methods=["GET", "POST"])
@requires("admin.settings")
def field(kind: str, role: str, name: str) -> Response:
    """Show and change what holds for a field in its place."""
    layout = _layout(kind, role)
    slot, label = layout.slots.get(name), _labels(kind).get(name)
    if slot is None or label is None:
        raise NotVisible(_("There is no such field."))
    at = next(n for n, g in enumerate(layout.groups) if slot in g.slots)
    form = cast(
        PlacedField,
        PlacedField.of(
            group=str(at),
            required=slot.required,
            readonly=slot.readonly,
            hidden=slot.hidden,
            only_if=slot.only_if,
        ),
    )
    form.group.choices = [SelectChoice(str(n), g.title) for n, g in enumerate(layout.groups)]
    back = url_for("admin_layouts.edit", kind=kind, role=role, _anchor=f"f-{name}")
    if form.accepted():
        try:
            editing.keep(ctx(), editing.ruled(ctx(), layout, _slot(name, form), int(form.group.data)))
            return done(back, toast=_("Saved"))
        except Invalid as error:
            form.explain(error)
    return page("admin/layout_field.html", str(label.label), form, kind=ctx().schema.entity(kind), back=back)


@admin_layouts.route("/admin/layouts/<kind>/<role>/group/<int:number>", methods=["GET", "POST"])
@requires("admin.settings")
def group(kind: str, role: str, number: int) -> Response:
    """Show and change the heading of a group."""
    layout = _layout(kind, role)
    if number >= len(layout.groups):
        raise NotVisible(_("There is no such group."))
    form = cast(GroupTitle, GroupTitle.of(title=layout.groups[number].title))
    back = url_for("admin_layouts.edit", kind=kind, role=role, _anchor=f"g-{number}")
    if form.accepted():
        try:
            editing.keep(ctx(), editing.titled(layout, number, form.title.data or ""))
            return done(back, toast=_("Saved"))
        except Invalid as error:
            form.explain(error)
    return page(
        "admin/layout_group.html",
        layout.groups[number].title,
        form,
        kind=ctx().schema.entity(kind),
        back=back,
        here=url_for("admin_layouts.edit", kind=kind, role=role),
        number=number,
        only=len(layout.groups) == 1,
    )


def _pressed(layout: Layout) -> tuple[Layout, str]:
    """Return the layout as the pressed button wants it, and the place on the page where it was pressed."""
    form = request.form
    if name := form.get("up") or form.get("down"):
        return editing.moved(layout, name, up="up" in form), f"f-{name}"
    if "everywhere-there" in form:
        return replace(layout, everywhere=bool(form.get("everywhere"))), "rules"
    if "add" in form:
        return editing.titled(layout, None, form.get("title", "")), f"g-{len(layout.groups)}"
    number = next((form[n] for n in ("group-up", "group-down", "group-off") if n in form), "")
    if not number.isdecimal() or len(number) > 4:
        raise Invalid({"title": _("Press one of the buttons.")})
    if "group-off" in form:
        return editing.group_removed(layout, int(number)), "rules"
    return editing.group_moved(layout, int(number), up="group-up" in form), f"g-{number}"


def _shown(layout: Layout, role: str, problem: str = "") -> Response:
    labels = _labels(layout.entity)
    last = len(layout.groups) - 1
    groups = [
        {
            "number": n,
            "title": g.title,
            "up": n > 0,
            "down": n < last,
            "fields": [_line(labels[s.name], s, layout, role) for s in g.slots if s.name in labels],
        }
        for n, g in enumerate(layout.groups)
    ]
    kind = ctx().schema.entity(layout.entity)
    title = _("%(what)s for %(who)s", what=str(kind.plural), who=str(_roles().get(_stored(role), role)))
    return render(
        "admin/layout.html",
        status=422 if problem else 200,
        title=_("Error: %(title)s", title=title) if problem else title,
        heading=title,
        kind=kind,
        role=role,
        groups=groups,
        everywhere=layout.everywhere,
        problem=problem,
        arranged=_stored(role) in editing.arranged(ctx(), layout.entity),
    )


def _line(one: Field, slot: Slot, layout: Layout, role: str) -> dict[str, Any]:
    said = [
        _("needed") if slot.required or one.required else "",
        _("read-only") if slot.readonly else "",
        _("not shown") if slot.hidden else "",
        _("only when %(text)s", text=slot.only_if) if slot.only_if else "",
    ]
    names = list(layout.slots)
    return {
        "name": slot.name,
        "label": str(one.label),
        "said": [words for words in said if words],
        "url": url_for("admin_layouts.field", kind=layout.entity, role=role, name=slot.name),
        "up": slot.name != names[0],
        "down": slot.name != names[-1],
    }


def _layout(kind: str, role: str) -> Layout:
    return editing.get(ctx(), kind, _stored(role), _begun(kind))


def _stored(role: str) -> str:
    return "" if role == EVERYBODY else role


def _slot(name: str, form: PlacedField) -> Slot:
    return Slot(
        name=name,
        required=bool(form.required.data),
        readonly=bool(form.readonly.data),
        hidden=bool(form.hidden.data),
        only_if=(form.only_if.data or "").strip(),
    )


def _labels(kind: str) -> dict[str, Field]:
    return {f.key: f for f in editing.arrangeable(ctx(), kind)}


def _roles() -> dict[str, Any]:
    return {"": _("Everybody"), **{role.name: role.label for role in roles.all_of(ctx())}}


def _begun(kind: str) -> editing.Begun:
    """Return how the fields of a kind stand without a layout."""
    every = editing.arrangeable(ctx(), kind)
    if kind == "contact":
        return contact.groups(every)
    if kind == "company":
        return company.groups(every)
    if is_own(kind):
        return own_record.groups(ctx().schema.entity(kind), every)
    return [(str(ctx().schema.entity(kind).label), [f.key for f in every])]
