"""Saved views of lists: saved, renamed, shared, copied, deleted, and which one a list opens with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request, url_for

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.services import roles
from app.services import views as service
from app.services.views import EVERY, SHARE, Saved, Wanted
from app.web.list_address import Place
from app.web.list_setup import opened, panel
from app.web.render import done, render
from app.web.routes import signed_in

views = Blueprint("views", __name__)


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What the form of a view holds."""

    name: str = ""
    share: str = "private"
    team: str = ""
    pinned: bool = False
    standard: bool = False
    roles: tuple[str, ...] = ()

    @classmethod
    def sent(cls) -> Typed:
        """Return what was posted."""
        form = request.form
        return cls(
            name=form.get("name", ""),
            share=form.get("share", "private"),
            team=form.get("team", ""),
            pinned="pinned" in form,
            standard="standard" in form,
            roles=tuple(form.getlist("role")),
        )

    def wanted(self, place: Place | None = None) -> Wanted:
        """Return how the view is to be; with a place it shows what is shown there."""
        return Wanted(
            name=self.name,
            share=self.share,
            team_id=int(self.team) if self.team.isdecimal() else None,
            pinned=self.pinned,
            state=place.state if place is not None else None,
        )


@views.get("/list/<entity>/views")
@signed_in
def index(entity: str) -> Response:
    """Show all views of a list: which there are, whose, and which one the list opens with."""
    seen, place = opened(entity)
    kind = seen.schema.entity(entity)
    first = service.standard(seen, entity)
    return render(
        "lists/views.html",
        title=_("Views of %(what)s", what=str(kind.plural)),
        plural=str(kind.plural),
        back=place.to(),
        found=[_row(seen, place, view, first) for view in service.offered(seen, entity)],
        everything={"url": place.to_view(None), "standard": first is None},
        choose=url_for("views.standard", entity=entity, key=EVERY),
    )


def _row(seen: Context, place: Place, view: Saved, first: Saved | None) -> dict[str, Any]:
    there: dict[str, Any] = {"entity": place.entity, "key": view.key}
    return {
        "name": str(view.name),
        "said": _said(seen, view),
        "url": place.to_view(view),
        "edit": url_for("views.edit", **there),
        "choose": url_for("views.standard", **there),
        "standard": first is not None and first.key == view.key,
        "pinned": view.pinned,
        "icon": {"private": "lock", "team": "users", "all": "globe"}.get(view.share, "table"),
    }


def _said(seen: Context, view: Saved) -> str:
    words = {
        "private": _("Only you"),
        "team": _("Your team"),
        "all": _("Everybody"),
        "declared": _("Ready-made"),
    }
    return words[view.share]


@views.route("/list/<entity>/views/new", methods=["GET", "POST"])
@signed_in
def new(entity: str) -> Response:
    """Save what is shown under a name."""
    seen, place = opened(entity)
    if request.method == "GET":
        return _form(seen, place, None, Typed())
    typed = Typed.sent()
    try:
        with seen.unit():
            key = service.create(seen, entity, typed.wanted(place))
            _also(seen, entity, key, typed)
    except Invalid as error:
        return _form(seen, place, None, typed, error)
    return done(f"{Place(entity, None, None, place.base, place.base).to()}?view={key}", toast=_("Saved"))


@views.route("/list/<entity>/views/<key>", methods=["GET", "POST"])
@signed_in
def edit(entity: str, key: str) -> Response:
    """Rename, share, pin a view, and say whose list opens with it; others' views can be copied."""
    seen, place = opened(entity)
    view = service.get(seen, entity, key)
    if request.method == "GET":
        return _form(seen, place, view, _typed(seen, view))
    typed = Typed.sent()
    try:
        with seen.unit():
            if service.editable(seen, view):
                service.change(seen, entity, key, typed.wanted())
            _also(seen, entity, key, typed)
    except Invalid as error:
        return _form(seen, place, view, typed, error)
    return done(place.to_view(view), toast=_("Saved"))


def _typed(seen: Context, view: Saved) -> Typed:
    return Typed(
        name=str(view.name),
        share=view.share,
        team=str(view.team_id or ""),
        pinned=view.pinned,
        standard=service.chosen(seen, view.entity) == view.key,
        roles=tuple(role for role, key in service.roles(seen, view.entity).items() if key == view.key),
    )


def _also(seen: Context, entity: str, key: str, typed: Typed) -> None:
    """Take the choices that are no part of the view itself: whose list opens with it."""
    service.set_standard(seen, entity, key, on=typed.standard)
    if seen.may(SHARE) and "roles" in request.form:
        known = {row.name for row in roles.all_of(seen)}
        service.set_role(seen, entity, key, [name for name in typed.roles if name in known])


def _form(
    seen: Context, place: Place, view: Saved | None, typed: Typed, error: Invalid | None = None
) -> Response:
    title = _("Save view") if view is None else _("View “%(name)s”", name=str(view.name))
    shares = [("private", _("Only me")), ("team", _("My team")), ("all", _("Everybody"))]
    teams = service.teams(seen)
    if not teams and typed.share != "team":
        shares = [pair for pair in shares if pair[0] != "team"]
    if not seen.may(SHARE) and typed.share != "all":
        shares = [pair for pair in shares if pair[0] != "all"]
    there: dict[str, Any] = {"entity": place.entity}
    return panel(
        "view",
        title if error is None else _("Error: %(title)s", title=title),
        place,
        status=200 if error is None else 422,
        view=view,
        typed=typed,
        problems=error.problems if error is not None else {},
        writes=view is None or service.editable(seen, view),
        shares=shares,
        teams=teams,
        roles=[(row.name, row.label) for row in roles.all_of(seen)] if seen.may(SHARE) else [],
        action=url_for("views.new", **there)
        if view is None
        else url_for("views.edit", **there, key=view.key),
        copy=url_for("views.copy", **there, key=view.key) if view is not None else None,
        delete=url_for("views.delete", **there, key=view.key) if view is not None else None,
        leads=place.to_view(view) if view is not None else place.to(),
    )


@views.post("/list/<entity>/views/<key>/show")
@signed_in
def show(entity: str, key: str) -> Response:
    """Let a view show from now on what is shown now."""
    seen, place = opened(entity)
    view = service.get(seen, entity, key)
    service.show(seen, entity, key, place.state)
    home = Place(entity, view, place.standard, place.state, place.state).to()
    return done(home, toast=_("Saved in “%(name)s”", name=str(view.name)))


@views.post("/list/<entity>/views/<key>/copy")
@signed_in
def copy(entity: str, key: str) -> Response:
    """Save a copy of a view for oneself, and open its form to give it a name."""
    seen, _place = opened(entity)
    made = service.duplicate(seen, entity, key)
    return done(url_for("views.edit", entity=entity, key=made), toast=_("Copied. Give it a name."))


@views.post("/list/<entity>/views/<key>/delete")
@signed_in
def delete(entity: str, key: str) -> Response:
    """Delete a view; the records it showed stay as they are."""
    seen, place = opened(entity)
    view = service.get(seen, entity, key)
    service.delete(seen, entity, key)
    return done(
        Place(entity, None, None, place.base, place.base).to(),
        toast=_("“%(name)s” is deleted. Its entries are all still there.", name=str(view.name)),
    )


@views.post("/list/<entity>/views/<key>/standard")
@signed_in
def standard(entity: str, key: str) -> Response:
    """Let one's own list open with this view."""
    seen, _place = opened(entity)
    if key != EVERY:
        service.get(seen, entity, key)
    service.set_standard(seen, entity, key, on=True)
    return done(url_for("views.index", entity=entity), toast=_("Your list opens with this view now."))
