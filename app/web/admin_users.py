"""Users: invited, changed, deactivated with hand-over, let in again."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response, request, url_for

from app.i18n import _, _n
from app.kernel.errors import Invalid
from app.services import (
    accounts,
    credentials,
    handover,
    letters,
    roles,
    second_factor,
    sessions,
    teams,
    user_checks,
)
from app.services.context import ctx
from app.web.choices import made
from app.web.forms import admin as forms
from app.web.forms.base import page
from app.web.render import done, render
from app.web.routes import requires

admin_users = Blueprint("admin_users", __name__)

STATES = {"active": "ok", "invited": "warn", "inactive": "sys"}


@admin_users.get("/admin/users")
@requires("admin.users")
def index() -> Response:
    """List users."""
    words = request.args.get("q", "").strip()
    found = accounts.listed(ctx(), words=words)
    labels = {role.name: role.label for role in roles.all_of(ctx())}
    return render(
        "admin/users.html",
        block="rows",
        title=_("Users"),
        users=found,
        labels=labels,
        query=words,
        states={"active": _("Active"), "invited": _("Invited"), "inactive": _("Deactivated")},
        tones=STATES,
    )


@admin_users.route("/admin/users/new", methods=["GET", "POST"])
@requires("admin.users")
def new() -> Response:
    """Invite somebody; the link is shown too, for where no mail is set up."""
    form = _form(roles=["representative"])
    if form.accepted():
        try:
            url = accounts.invite(ctx(), form.name.data, form.email.data, form.roles.data, form.team.data)
            return _invited(url, form.name.data)
        except Invalid as error:
            form.explain(error)
    return page("admin/user_new.html", _("Invite a user"), form)


@admin_users.route("/admin/users/<int:user_id>", methods=["GET", "POST"])
@requires("admin.users")
def edit(user_id: int) -> Response:
    """Show and change a user."""
    account = accounts.get(ctx(), user_id)
    form = _form(name=account.name, email=account.email, roles=list(account.roles), team=account.team_id)
    if form.accepted():
        try:
            accounts.change(
                ctx(),
                user_id,
                name=form.name.data,
                email=form.email.data,
                role_names=form.roles.data,
                team=form.team.data,
            )
            return done(url_for("admin_users.edit", user_id=user_id), toast=_("Saved"))
        except Invalid as error:
            form.explain(error)
    return page(
        "admin/user.html",
        account.name,
        form,
        account=account,
        devices=sessions.devices(ctx(), user_id),
        own=user_id == ctx().user.id,
    )


@admin_users.route("/admin/users/<int:user_id>/deactivate", methods=["GET", "POST"])
@requires("admin.users")
def deactivate(user_id: int) -> Response:
    """Ask who takes over, then end the user's access and hand everything over."""
    account = accounts.get(ctx(), user_id)
    form = cast(forms.HandOver, forms.HandOver.of())
    heirs = [(str(key), name) for key, name in accounts.choices(ctx(), but=user_id)]
    form.hand_over_to.choices = made(heirs, _("Nobody: the records stay as they are"))
    if form.accepted():
        try:
            given = accounts.deactivate(ctx(), user_id, form.hand_over_to.data)
            return done(url_for("admin_users.index"), toast=_gone(account.name, sum(given.values())))
        except Invalid as error:
            form.explain(error)
    records = handover.count(ctx(), user_id)
    title = _("Deactivate %(name)s", name=account.name)
    return page("admin/user_deactivate.html", title, form, account=account, records=records)


@admin_users.post("/admin/users/<int:user_id>/reactivate")
@requires("admin.users")
def reactivate(user_id: int) -> Response:
    """Let a deactivated user in again."""
    accounts.reactivate(ctx(), user_id)
    return done(url_for("admin_users.edit", user_id=user_id), toast=_("The user may sign in again."))


@admin_users.post("/admin/users/<int:user_id>/invite")
@requires("admin.users")
def invite(user_id: int) -> Response:
    """Send a fresh invitation; the former link ends."""
    return _invited(accounts.invite_again(ctx(), user_id), accounts.get(ctx(), user_id).name)


@admin_users.post("/admin/users/<int:user_id>/reset")
@requires("admin.users")
def reset(user_id: int) -> Response:
    """Send a reset link."""
    row = user_checks.managed(ctx(), user_id)
    back = url_for("admin_users.edit", user_id=user_id)
    if not letters.can_send(ctx()):
        told = _("No mail server is set up. “kith users reset-password” sets a password at the terminal.")
        return done(back, toast=told, kind="bad")
    if row.active and row.password_hash:
        credentials.send_reset(ctx(), row)
    return done(back, toast=_("A reset link is on its way."))


@admin_users.post("/admin/users/<int:user_id>/second-step/off")
@requires("admin.users")
def second_off(user_id: int) -> Response:
    """Remove the second step of somebody who lost phone and recovery codes; all sessions end."""
    with ctx().unit():
        user_checks.managed(ctx(), user_id)
        second_factor.switch_off(ctx(), user_id)
        sessions.end_all(ctx(), user_id)
    return done(url_for("admin_users.edit", user_id=user_id), toast=_("The second step is off."))


@admin_users.post("/admin/users/<int:user_id>/sessions/end")
@requires("admin.users")
def end_sessions(user_id: int) -> Response:
    """Sign somebody out everywhere."""
    with ctx().unit():
        user_checks.managed(ctx(), user_id)
        sessions.end_all(ctx(), user_id)
    return done(url_for("admin_users.edit", user_id=user_id), toast=_("Signed out everywhere."))


def _form(**values: Any) -> forms.User:
    form = cast(forms.User, forms.User.of(**values))
    form.roles.choices = made((role.name, role.label) for role in roles.all_of(ctx()))
    form.team.choices = made(((str(t.id), "– " * t.depth + t.name) for t in teams.tree(ctx())), _("No team"))
    return form


def _invited(url: str, name: str) -> Response:
    return render(
        "admin/user_invited.html",
        title=_("%(name)s is invited", name=name),
        link=url,
        mailed=letters.can_send(ctx()),
    )


def _gone(name: str, count: int) -> str:
    return _n(
        "%(name)s is deactivated; %(num)s record was handed over.",
        "%(name)s is deactivated; %(num)s records were handed over.",
        count,
        name=name,
    )
