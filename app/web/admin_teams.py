"""Teams: a tree of groups of users."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response, url_for

from app.i18n import _
from app.kernel.errors import Invalid
from app.services import teams
from app.services.context import ctx
from app.services.principals import teams_below
from app.web.choices import made
from app.web.forms import admin as forms
from app.web.forms.base import page
from app.web.render import done
from app.web.routes import requires

admin_teams = Blueprint("admin_teams", __name__)


@admin_teams.route("/admin/teams", methods=["GET", "POST"])
@requires("admin.users")
def index() -> Response:
    """Show the tree, and add a team."""
    form = _form(None)
    if form.accepted():
        try:
            teams.save(ctx(), None, form.name.data, form.parent_id.data)
            return done(url_for("admin_teams.index"), toast=_("Team added"))
        except Invalid as error:
            form.explain(error)
    return page("admin/teams.html", _("Teams"), form, teams=teams.tree(ctx()))


@admin_teams.route("/admin/teams/<int:team_id>", methods=["GET", "POST"])
@requires("admin.users")
def edit(team_id: int) -> Response:
    """Rename a team, or move it in the tree."""
    team = teams.get(ctx(), team_id)
    form = _form(team_id, name=team.name, parent_id=team.parent_id)
    if form.accepted():
        try:
            teams.save(ctx(), team_id, form.name.data, form.parent_id.data)
            return done(url_for("admin_teams.index"), toast=_("Saved"))
        except Invalid as error:
            form.explain(error)
    return page("admin/team.html", team.name, form, team_id=team_id)


@admin_teams.post("/admin/teams/<int:team_id>/remove")
@requires("admin.users")
def remove(team_id: int) -> Response:
    """Delete a team without members."""
    try:
        teams.remove(ctx(), team_id)
    except Invalid as error:
        return done(url_for("admin_teams.edit", team_id=team_id), toast=str(error), kind="bad")
    return done(url_for("admin_teams.index"), toast=_("Team deleted"))


def _form(team_id: int | None, **values: Any) -> forms.Team:
    form = cast(forms.Team, forms.Team.of(**values))
    below = teams_below(ctx().session, [team_id]) if team_id else frozenset()
    fitting = [t for t in teams.tree(ctx()) if t.id not in below]
    form.parent_id.choices = made(
        ((str(t.id), "– " * t.depth + t.name) for t in fitting), _("None, it stands on top")
    )
    return form
