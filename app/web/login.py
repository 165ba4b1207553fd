"""Coming in: password, second step, forgotten password, invitation; and going out."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response, redirect, request, url_for

from app.house import house
from app.i18n import _
from app.kernel.errors import Invalid
from app.services import accounts, audit, credentials, letters, links, second_factor, sessions
from app.services.context import ctx
from app.web import second_step
from app.web.forms import account as forms
from app.web.forms.base import page
from app.web.render import done, render
from app.web.routes import public
from app.web.security.redirects import local_path
from app.web.security.signs import signed_in, signs
from app.web.sessions import drop, put

account = Blueprint("account", __name__)

SOLO: dict[str, Any] = {"solo": True}


def place() -> credentials.Place:
    """Return where this request comes from."""
    return credentials.Place(request.remote_addr or "", request.user_agent.string)


def onward(target: str | None = None) -> Response:
    """Send somebody who has signed in to where he wanted to go, or to Today."""
    wanted = local_path(target if target is not None else request.values.get("next"))
    return cast(Response, redirect(wanted or url_for("today.index"), 303))


@account.route("/login", methods=["GET", "POST"])
@public("who has no session yet")
def login() -> Response:
    """Ask for address and password; a plugin may know who asks without them."""
    if signed_in():
        return onward()
    if request.method == "GET":
        if not accounts.exists_any(ctx()):
            return cast(Response, redirect(url_for("setup.first"), 303))
        if (known := _known_to_a_plugin()) is not None:
            return known
    form = cast(forms.Login, forms.Login.of(next=request.args.get("next", "")))
    if form.accepted():
        user_id = credentials.authenticate(ctx(), form.email.data, form.password.data, place())
        if user_id is not None:
            return come_in(user_id, keep=bool(form.keep.data), target=form.next.data)
        form.form_errors = [_("Address and password do not fit together. Check both, or set a new password.")]
    return page("account/login.html", _("Sign in"), form, signed_out="out" in request.args)


def come_in(user_id: int, *, keep: bool = False, target: str | None = None, proved: bool = False) -> Response:
    """Open the session of somebody who proved who he is, and lead on: to the second step if there is one."""
    token = credentials.sign_in(ctx(), user_id, house().config, place(), keep=keep, proved=proved)
    put(token, keep=keep)
    if not proved and second_factor.is_on(ctx(), user_id):
        return _step("account.code", target)
    if not proved and second_factor.is_needed(ctx(), user_id):
        return _step("account.enrol_first", target)
    return onward(target or "")


def _step(endpoint: str, target: str | None) -> Response:
    wanted = local_path(target)
    return cast(Response, redirect(url_for(endpoint, next=wanted) if wanted else url_for(endpoint), 303))


def _known_to_a_plugin() -> Response | None:
    """Ask the plugins (single sign-on); an answer that is no active user counts as none."""
    host = house().host
    user_id = host.authenticate(request) if host is not None else None
    if user_id is None:
        return None
    try:
        return come_in(accounts.active(ctx(), user_id), proved=True)
    except Invalid:
        audit.note(ctx(), "login.failed", f"user:{user_id}", by="plugin")
        return None


@account.route("/login/code", methods=["GET", "POST"])
@public("the second step: the password was right, the session is not open yet")
def code() -> Response:
    """Ask for the code of the app, or a recovery code."""
    entry = signs().entry
    if entry is None or entry.state != sessions.SECOND:
        return cast(Response, redirect(url_for("account.login"), 303))
    form = cast(forms.Code, forms.Code.of(next=request.args.get("next", "")))
    if form.accepted():
        token = credentials.second_step(ctx(), entry, form.code.data, house().config)
        if token is not None:
            put(token)
            return onward(form.next.data)
        form.explain(
            Invalid({"code": _("This code does not fit, or was used already. Wait for the next one.")})
        )
    return page("account/code.html", _("Second step"), form)


@account.route("/login/enrol", methods=["GET", "POST"])
@public("a role needs a second factor: nothing else is reachable before it is set up")
def enrol_first() -> Response:
    """Set up the second factor that a role needs; then the session is open."""
    entry = signs().entry
    if entry is None or entry.state != sessions.ENROL:
        return cast(Response, redirect(url_for("account.login"), 303))
    form = cast(forms.Enrol, forms.Enrol.of())
    seed = second_step.seed_of(form, entry.user_id)
    if form.accepted():
        try:
            with ctx().unit():
                codes = second_factor.enrol(ctx(), entry.user_id, seed, form.code.data)
                audit.note(
                    ctx(), "login", f"user:{entry.user_id}", actor_id=entry.user_id, second_factor=True
                )
                put(sessions.promote(ctx(), entry, house().config))
            return render("account/codes_first.html", title=_("Recovery codes"), codes=codes, **SOLO)
        except Invalid as error:
            form.explain(error)
    email = accounts.get(ctx(), entry.user_id).email
    shown = second_step.shown(ctx(), seed, email)
    return page("account/enrol_first.html", _("Set up the second step"), form, **shown)


@account.post("/logout")
@public("ends the session there is, if any")
def logout() -> Response:
    """End the session here and on the server."""
    entry = signs().entry
    if entry is not None:
        with ctx().unit():
            audit.note(ctx(), "logout", f"user:{entry.user_id}", actor_id=entry.user_id)
            sessions.end(ctx(), entry.id)
    drop()
    return done(url_for("account.login", out=1))


# ---------------------------------------------------------------- links from mails


@account.route("/forgot", methods=["GET", "POST"])
@public("who forgot the password")
def forgot() -> Response:
    """Send a reset link; the answer is the same whether there is such a user or not."""
    form = cast(forms.Forgot, forms.Forgot.of())
    if form.accepted():
        credentials.ask_reset(ctx(), form.email.data, place())
        return render("account/sent.html", title=_("Look into your mail"))
    mute = not letters.can_send(ctx())
    return page("account/forgot.html", _("Forgotten password"), form, mute=mute)


@account.route("/reset/<token>", methods=["GET", "POST"])
@public("the token is the proof: once, for 30 minutes")
def reset(token: str) -> Response:
    """Set a new password with the link from the mail."""
    form = cast(forms.NewPassword, forms.NewPassword.of())
    try:
        links.find(ctx(), links.RESET, token)
    except Invalid as error:
        return _over(str(error))
    if form.accepted():
        try:
            credentials.reset(ctx(), token, form.password.data)
            drop()
            return done(url_for("account.login"), toast=_("Your new password is set. Sign in with it."))
        except Invalid as error:
            form.explain(error)
    return page("account/reset.html", _("Set a new password"), form)


@account.route("/invite/<token>", methods=["GET", "POST"])
@public("the token is the proof: once, for seven days")
def invite(token: str) -> Response:
    """Let an invited person choose name and password, and come in."""
    try:
        invited = accounts.get(ctx(), links.find(ctx(), links.INVITE, token).user_id)
    except Invalid as error:
        return _over(str(error))
    form = cast(forms.Accept, forms.Accept.of(name=invited.name))
    if form.accepted():
        try:
            return come_in(accounts.accept(ctx(), token, form.name.data, form.password.data))
        except Invalid as error:
            form.explain(error)
    return page("account/invite.html", _("Welcome to Kith"), form, email=invited.email)


def _over(message: str) -> Response:
    return render("account/over.html", status=410, title=_("This link is over"), message=message)
