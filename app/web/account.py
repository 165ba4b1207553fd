"""One's own account: profile, password, address, second factor, where one is signed in."""

from __future__ import annotations

from typing import cast

from flask import Response, request, url_for

from app.formats.browsers import browser
from app.i18n import _
from app.kernel.errors import Invalid
from app.services import accounts, credentials, links, second_factor, sessions
from app.services.context import ctx
from app.web import choices, own_settings, panels, second_step
from app.web.forms import account as forms
from app.web.forms.base import page
from app.web.login import account
from app.web.render import done, render
from app.web.routes import public, signed_in
from app.web.security.signs import session_id
from app.web.sessions import put

__all__ = ["account"]


def me() -> int:
    """Return the id of whoever is signed in."""
    user_id = ctx().user.id
    assert user_id is not None
    return user_id


@account.route("/account", methods=["GET", "POST"])
@signed_in
def profile() -> Response:
    """Show and change name, language, zone and theme."""
    user = ctx().user
    shown = {name: getattr(user, name) for name in ("name", "locale", "zone", "theme", "shortcuts")}
    form = cast(forms.Profile, forms.Profile.of(**shown))
    form.locale.choices = choices.languages(_("Like the site"))
    form.zone.choices = choices.zones(_("Like the site"))
    if form.accepted():
        try:
            accounts.change_profile(
                ctx(),
                name=form.name.data,
                locale=form.locale.data,
                zone=form.zone.data,
                theme=form.theme.data,
                shortcuts=form.shortcuts.data,
            )
            return done(url_for("account.profile"), toast=_("Saved"))
        except Invalid as error:
            form.explain(error)
    return page(
        "account/profile.html",
        _("Your account"),
        form,
        account=accounts.get(ctx(), user.id or 0),
        plugins=own_settings.offered(),
        cards=panels.in_slot("account"),
    )


@account.route("/account/password", methods=["GET", "POST"])
@signed_in
def password() -> Response:
    """Change the password; everywhere else one is signed out."""
    form = cast(forms.ChangePassword, forms.ChangePassword.of())
    if form.accepted():
        try:
            put(
                credentials.change_password(
                    ctx(), form.current_password.data, form.password.data, session_id()
                )
            )
            return done(
                url_for("account.profile"), toast=_("Password changed. You were signed out everywhere else.")
            )
        except Invalid as error:
            form.explain(error)
    return page("account/password.html", _("Change password"), form)


@account.route("/account/email", methods=["GET", "POST"])
@signed_in
def email() -> Response:
    """Ask for another address; it holds once its owner followed the link sent there."""
    form = cast(forms.ChangeEmail, forms.ChangeEmail.of())
    if form.accepted():
        try:
            credentials.ask_email(ctx(), form.email.data, form.current_password.data)
            return done(
                url_for("account.profile"),
                toast=_("A link is on its way to %(email)s. Follow it within a day.", email=form.email.data),
            )
        except Invalid as error:
            form.explain(error)
    return page("account/email.html", _("Change address"), form)


@account.route("/account/email/<token>", methods=["GET", "POST"])
@public("the token is the proof that the address is read by its owner")
def confirm_email(token: str) -> Response:
    """Confirm another address."""
    try:
        if request.method == "POST":
            credentials.confirm_email(ctx(), token)
            return done(url_for("account.login"), toast=_("From now on you sign in with your new address."))
        link = links.find(ctx(), links.EMAIL, token)
    except Invalid as error:
        return render("account/over.html", status=410, title=_("This link is over"), message=str(error))
    return render("account/confirm_email.html", title=_("Confirm your new address"), email=link.data["email"])


# ---------------------------------------------------------------- second factor


@account.get("/account/second-step")
@signed_in
def second() -> Response:
    """Show whether there is a second step at sign-in, and what can be done about it."""
    return render(
        "account/second.html",
        title=_("Second step at sign-in"),
        on=second_factor.is_on(ctx(), me()),
        needed=second_factor.is_needed(ctx(), me()),
        left=second_factor.codes_left(ctx(), me()),
        form=forms.Proof(),
    )


@account.route("/account/second-step/on", methods=["GET", "POST"])
@signed_in
def enrol() -> Response:
    """Set up an authenticator app; shows the recovery codes once."""
    form = cast(forms.Enrol, forms.Enrol.of())
    seed = second_step.seed_of(form, me())
    if form.accepted():
        try:
            credentials.prove(ctx(), form.current_password.data or "")
            with ctx().unit():
                codes = second_factor.enrol(ctx(), me(), seed, form.code.data)
                put(sessions.renew(ctx(), session_id()))
            return render("account/codes.html", title=_("Recovery codes"), codes=codes)
        except Invalid as error:
            form.explain(error)
    shown = second_step.shown(ctx(), seed, ctx().user.email)
    return page("account/enrol.html", _("Set up the second step"), form, **shown)


@account.post("/account/second-step/off")
@signed_in
def second_off() -> Response:
    """Switch the second step off, unless a role needs it."""
    return _proved(_switch_off)


@account.post("/account/second-step/codes")
@signed_in
def new_codes() -> Response:
    """Make new recovery codes; the former ones are worth nothing."""
    return _proved(_renew_codes)


def _switch_off() -> Response:
    with ctx().unit():
        second_factor.switch_off(ctx(), me())
        put(sessions.renew(ctx(), session_id()))
    return done(url_for("account.second"), toast=_("The second step is off."))


def _renew_codes() -> Response:
    codes = second_factor.renew_codes(ctx(), me())
    return render("account/codes.html", title=_("Recovery codes"), codes=codes)


def _proved(then: object) -> Response:
    form = cast(forms.Proof, forms.Proof.of())
    on, needed = second_factor.is_on(ctx(), me()), second_factor.is_needed(ctx(), me())
    if form.accepted():
        try:
            credentials.prove(ctx(), form.current_password.data)
            if then is _switch_off and needed:
                raise Invalid({"role": _("Your role needs the second step. It stays on.")})
            return _switch_off() if then is _switch_off else _renew_codes()
        except Invalid as error:
            form.explain(error)
    left = second_factor.codes_left(ctx(), me())
    return page("account/second.html", _("Second step at sign-in"), form, on=on, needed=needed, left=left)


# ---------------------------------------------------------------- sessions


@account.get("/account/sessions")
@signed_in
def devices() -> Response:
    """Show where one is signed in."""
    return render(
        "account/sessions.html",
        title=_("Where you are signed in"),
        devices=[(device, browser(device.agent)) for device in sessions.devices(ctx(), me())],
        this=session_id(),
    )


@account.post("/account/sessions/end")
@signed_in
def end_others() -> Response:
    """Sign out everywhere else."""
    sessions.end_all(ctx(), me(), but=session_id())
    return done(url_for("account.devices"), toast=_("You are signed out everywhere else."))


@account.post("/account/sessions/<int:row_id>/end")
@signed_in
def end_session(row_id: int) -> Response:
    """Sign out on one device."""
    sessions.end_one_of(ctx(), me(), row_id)
    return done(url_for("account.devices"), toast=_("Signed out there."))
