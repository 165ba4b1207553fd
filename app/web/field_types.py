"""The page on which an administrator changes the type of an added field: what becomes of its values, before it counts."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response, abort, redirect, request, url_for

from app.i18n import _, _n
from app.kernel.errors import Invalid
from app.models import CustomField
from app.services import custom_fields, custom_fields_drafts, custom_fields_retyping
from app.services.context import ctx
from app.services.custom_fields_converting import CHANGING
from app.services.custom_fields_drafts import Draft
from app.services.custom_fields_kinds import LABELS
from app.web import htmx
from app.web.forms.base import refuse
from app.web.render import done, render
from app.web.routes import requires
from app.web.security.csrf import FIELD

field_types = Blueprint("field_types", __name__)

KNOWN = {FIELD, "do", "to", "decimals", "rest"}


@field_types.get("/admin/field/<int:field_id>/type")
@requires("admin.settings")
def show(field_id: int) -> Response:
    """Ask for the new type; then show what becomes of the values, and how far that is."""
    now = custom_fields_drafts.present(ctx(), field_id)
    if now.id == field_id:
        return _page(now)
    url = url_for("admin_fields.edit", field_id=now.id)  # it was changed meanwhile, in the background
    if not htmx.partial():
        return cast(Response, redirect(url, 303))
    response = Response(status=204)
    response.headers["HX-Redirect"] = url
    return htmx.vary(response)


@field_types.post("/admin/field/<int:field_id>/type")
@requires("admin.settings")
def say(field_id: int) -> Response:
    """Look what becomes of the values, let it count, leave the field as it is, or take a change back."""
    refuse(set(request.form) - KNOWN)
    row = custom_fields.get(ctx(), field_id)
    try:
        return DO.get(request.form.get("do", ""), _look)(row)
    except Invalid as error:
        return _page(row, problem=" ".join(error.problems.values()))


def _look(row: CustomField) -> Response:
    text = request.form.get("decimals", "")
    decimals = int(text) if text.isdecimal() and len(text) < 2 else None
    custom_fields_drafts.begin(ctx(), row.id, request.form.get("to", ""), decimals)
    return done(url_for("field_types.show", field_id=row.id))


def _leave(row: CustomField) -> Response:
    custom_fields_drafts.discard(ctx(), row.id)
    return done(url_for("admin_fields.edit", field_id=row.id), toast=_("The field stays as it is"))


def _change(row: CustomField) -> Response:
    made = custom_fields_retyping.change(ctx(), row.id, request.form.get("rest", ""))
    if made is None:
        return done(url_for("field_types.show", field_id=row.id))
    said = _("“%(name)s” is of the type %(type)s now", name=made.label, type=LABELS[made.type])
    return done(url_for("admin_fields.edit", field_id=made.id), toast=said)


def _back(row: CustomField) -> Response:
    made, lost = custom_fields_retyping.take_back(ctx(), row.id)
    said = _("“%(name)s” is of the type %(type)s again", name=made.label, type=LABELS[made.type])
    if lost:
        left = _n(
            "%(num)s newer value does not fit; the former one stands there.",
            "%(num)s newer values do not fit; the former ones stand there.",
            lost,
        )
        said = f"{said}. {left}"
    return done(url_for("admin_fields.edit", field_id=made.id), toast=said, kind="warn" if lost else "ok")


DO = {"look": _look, "leave": _leave, "change": _change, "back": _back}


def _page(row: CustomField, *, problem: str = "") -> Response:
    if row.type not in CHANGING:
        abort(404)
    found = custom_fields_drafts.draft(ctx(), row)
    title = _("Another type for “%(name)s”", name=row.label)
    return render(
        "admin/field_type.html",
        block="state" if found is not None and not problem else None,
        status=422 if problem else 200,
        title=_("Error: %(title)s", title=title) if problem else title,
        heading=title,
        field=row,
        kind=ctx().schema.entity(row.entity),
        type=LABELS[row.type],
        types=[(name, LABELS[name]) for name in CHANGING if name != row.type],
        chosen=request.form.get("to", ""),
        draft=_told(found) if found is not None else None,
        problem=problem,
        back=url_for("admin_fields.edit", field_id=row.id),
    )


def _told(found: Draft) -> dict[str, Any]:
    """Return a draft in words."""
    state = found.state
    return {
        "type": LABELS[found.row.type],
        "ready": found.ready,
        "changing": found.changing,
        "running": not found.ready or found.changing,
        "done": state["done"],
        "fit": state["fit"],
        "unfit": state["unfit"],
        "fits": state["fits"],
        "unfits": state["unfits"],
        "beside": found.rest.label,
    }
