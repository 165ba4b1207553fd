"""Roles: the matrix of permissions and reaches, fields hidden or read-only, the second factor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.exceptions import UnprocessableEntity

from app.i18n import _, _l
from app.kernel.errors import Invalid
from app.services import grants, roles
from app.services.context import ctx
from app.services.roles import RoleChange, RoleView
from app.web.render import done, render
from app.web.routes import requires
from app.web.security.csrf import FIELD

admin_roles = Blueprint("admin_roles", __name__)

VERBS: Mapping[str, Any] = {
    "view": _l("View"),
    "create": _l("Create"),
    "edit": _l("Edit"),
    "delete": _l("Delete"),
    "export": _l("Export"),
    "import": _l("Import"),
    "bulk": _l("Change many at once"),
    "merge": _l("Merge"),
    "assign": _l("Change owner and team"),
}
REACHES: Mapping[str, Any] = {
    "none": _l("No"),
    "own": _l("Own"),
    "team": _l("Team’s"),
    "all": _l("All"),
}
MODES: Mapping[str, Any] = {"": _l("See and change"), "readonly": _l("See"), "hidden": _l("Hidden")}


@admin_roles.get("/admin/roles")
@requires("admin.roles")
def index() -> Response:
    """List roles."""
    return render("admin/roles.html", title=_("Roles"), roles=roles.all_of(ctx()))


@admin_roles.route("/admin/roles/new", methods=["GET", "POST"])
@requires("admin.roles")
def new() -> Response:
    """Create a role."""
    empty = RoleView(id=None, name="", label="", builtin=False, needs_totp=False)
    if request.method == "POST":
        change = _posted()
        try:
            name = roles.create(ctx(), change)
            return done(url_for("admin_roles.edit", name=name), toast=_("Role added"))
        except Invalid as error:
            return _page(_again(empty, change), _("New role"), error.problems)
    return _page(empty, _("New role"))


@admin_roles.route("/admin/roles/<name>", methods=["GET", "POST"])
@requires("admin.roles")
def edit(name: str) -> Response:
    """Show and change a role."""
    role = roles.get(ctx(), name)
    if request.method == "POST":
        change = _posted(role.label if role.builtin else None)
        try:
            roles.update(ctx(), name, change)
            return done(
                url_for("admin_roles.edit", name=name), toast=_("Saved. It holds from the next click on.")
            )
        except Invalid as error:
            return _page(_again(role, change), role.label, error.problems)
    return _page(role, role.label)


@admin_roles.post("/admin/roles/<name>/remove")
@requires("admin.roles")
def remove(name: str) -> Response:
    """Delete a role that nobody has."""
    try:
        roles.remove(ctx(), name)
    except Invalid as error:
        return done(url_for("admin_roles.edit", name=name), toast=str(error), kind="bad")
    return done(url_for("admin_roles.index"), toast=_("Role deleted"))


def _posted(label: str | None = None) -> RoleChange:
    """Read the matrix: `g.<permission>` is a reach, `f.<entity.field>` a mode. Raises 422 for anything else."""
    given: dict[str, str] = {}
    fields: dict[str, str] = {}
    known = {"label", "needs_totp", FIELD}
    for key, value in request.form.items():
        if key.startswith("g."):
            given[key[2:]] = value
        elif key.startswith("f."):
            fields |= {key[2:]: value} if value else {}
        elif key not in known:
            raise UnprocessableEntity
    return RoleChange(
        label=label if label is not None else request.form.get("label", ""),
        needs_totp=bool(request.form.get("needs_totp")),
        grants=given,
        fields=fields,
    )


def _again(role: RoleView, change: RoleChange) -> RoleView:
    return RoleView(
        id=role.id,
        name=role.name,
        label=change.label,
        builtin=role.builtin,
        needs_totp=change.needs_totp,
        grants=change.grants,
        fields=change.fields,
    )


def _page(role: RoleView, title: str, problems: Mapping[str, str] | None = None) -> Response:
    shown = _("Error: %(title)s", title=title) if problems else title
    return render(
        "admin/role.html",
        status=422 if problems else 200,
        title=shown,
        heading=title,
        role=role,
        locked=role.name == grants.ADMINISTRATOR,
        problems=problems or {},
        entities=[_entity(role, e) for e in ctx().schema.entities()],
        others=[_other(role, right) for right in grants.rights().values() if not right.entity],
        modes=list(MODES.items()),
    )


def _entity(role: RoleView, entity: Any) -> dict[str, Any]:
    rights = [r for r in grants.rights().values() if r.entity == entity.key]
    return {
        "key": entity.key,
        "label": entity.plural,
        "icon": entity.icon,
        "rights": [{**_other(role, right), "label": VERBS[right.verb]} for right in rights],
        "fields": [
            {
                "key": f"{entity.key}.{f.key}",
                "label": f.label,
                "mode": role.fields.get(f"{entity.key}.{f.key}", ""),
            }
            for f in ctx().schema.fields(entity.key)
        ],
        "ruled": sum(1 for key in role.fields if key.startswith(f"{entity.key}.")),
    }


def _other(role: RoleView, right: grants.Right) -> dict[str, Any]:
    return {
        "key": right.key,
        "label": right.label,
        "reach": role.grants.get(right.key, "none"),
        "reaches": [
            (reach, _("Yes") if right.reaches == ("none", "all") and reach == "all" else REACHES[reach])
            for reach in right.reaches
        ],
    }
