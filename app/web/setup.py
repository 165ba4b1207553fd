"""The first start: the first administrator, who proves to read the log, and the first settings."""

from __future__ import annotations

import logging
from typing import cast

from flask import Blueprint, Response, abort, request, url_for

from app.i18n import _
from app.kernel.errors import Invalid
from app.services import accounts, letters, settings, throttle
from app.services.context import ctx
from app.web import admin_settings
from app.web.forms import account as account_forms
from app.web.forms import admin as admin_forms
from app.web.forms.base import page
from app.web.login import come_in
from app.web.render import done
from app.web.routes import public, requires

setup = Blueprint("setup", __name__)

log = logging.getLogger("kith")
_told: set[str] = set()


@setup.route("/setup", methods=["GET", "POST"])
@public("open until there is a user; needs the token from the log")
def first() -> Response:
    """Create the first administrator. Closed (404) as soon as there is a user."""
    if accounts.exists_any(ctx()):
        abort(404)
    announce()
    form = cast(account_forms.SetUp, account_forms.SetUp.of())
    if form.accepted():
        throttle.take(ctx(), throttle.TOKEN, throttle.network(request.remote_addr or ""))
        try:
            user_id = accounts.set_up(
                ctx(), form.token.data, form.name.data, form.email.data, form.password.data
            )
            return come_in(user_id, target=url_for("setup.company"))
        except Invalid as error:
            form.explain(error)
    return page("account/setup.html", _("Set up Kith"), form)


def announce() -> None:
    """Write the set-up token to the log, once per process."""
    token = accounts.setup_token()
    if token not in _told:
        _told.add(token)
        log.warning("Kith has no user yet. Open /setup and enter there: %s", token)


@setup.route("/setup/company", methods=["GET", "POST"])
@requires("admin.settings")
def company() -> Response:
    """Ask for company, language, zone, currency and country, all with a sensible first value."""
    form = admin_settings.form_of(ctx())
    if form.accepted():
        try:
            admin_settings.save(ctx(), form)
            settings.save(ctx(), {"set_up": True})
            return done(url_for("setup.mail"), toast=_("Saved"))
        except Invalid as error:
            form.explain(error)
    return page("account/setup_company.html", _("Your company"), form)


@setup.route("/setup/mail", methods=["GET", "POST"])
@requires("admin.settings")
def mail() -> Response:
    """Try out sending; it can be skipped."""
    form = cast(admin_forms.TestMail, admin_forms.TestMail.of(email=ctx().user.email))
    if form.accepted():
        try:
            letters.test(ctx(), form.email.data)
            return done(
                url_for("today.index"), toast=_("A test mail is on its way to %(to)s.", to=form.email.data)
            )
        except Invalid as error:
            form.explain(error)
    return page("account/setup_mail.html", _("Mail"), form)
