"""The site's settings."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response, url_for

from app.house import house
from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.services import audit, letters, settings
from app.services.context import ctx
from app.web import choices
from app.web.forms import admin as forms
from app.web.forms.base import page
from app.web.render import done
from app.web.routes import requires

admin_settings = Blueprint("admin_settings", __name__)

NAMES = ("company", "locale", "zone", "currency", "region")


@admin_settings.route("/admin/settings", methods=["GET", "POST"])
@requires("admin.settings")
def edit() -> Response:
    """Show and change the settings."""
    form = form_of(ctx())
    if form.accepted():
        try:
            save(ctx(), form)
            return done(url_for("admin_settings.edit"), toast=_("Saved"))
        except Invalid as error:
            form.explain(error)
    return _page(form, forms.TestMail(email=ctx().user.email))


@admin_settings.post("/admin/settings/test-mail")
@requires("admin.settings")
def test_mail() -> Response:
    """Send a test mail."""
    form = cast(forms.TestMail, forms.TestMail.of())
    if form.accepted():
        try:
            letters.test(ctx(), form.email.data)
            return done(
                url_for("admin_settings.edit"),
                toast=_("A test mail is on its way to %(to)s.", to=form.email.data),
            )
        except Invalid as error:
            form.explain(error)
    return _page(form_of(ctx(), fresh=True), form)


def form_of(asked: Context, *, fresh: bool = False) -> forms.Settings:
    """Return the form with the present settings; `fresh` ignores what was posted (to another form of the page)."""
    values = {name: asked.settings.get(name) for name in NAMES}
    made = forms.Settings(**values) if fresh else cast(forms.Settings, forms.Settings.of(**values))
    made.locale.choices = choices.languages()
    made.zone.choices = choices.zones()
    made.currency.choices = choices.currencies()
    made.region.choices = choices.regions(_("None"))
    return made


def save(asked: Context, form: forms.Settings) -> None:
    """Store the settings and note who changed them. Raises Invalid."""
    wanted = {name: form[name].data for name in NAMES}
    changed = {k: [asked.settings.get(k), v] for k, v in wanted.items() if asked.settings.get(k) != v}
    with asked.unit():
        settings.save(asked, wanted)
        if changed:
            audit.note(asked, "settings.change", "site", changed=changed)


def _page(form: forms.Settings, mail: forms.TestMail) -> Response:
    config = house().config
    facts: list[tuple[Any, Any]] = [
        (_("Public address"), config.base_url or _("not set")),
        (_("Mail server"), _("set") if config.smtp_url else _("not set")),
        (_("Sender"), config.mail_from or _("not set")),
        (_("Secret key"), _("set") if config.secret_key else _("kept in the data folder")),
        (
            _("Sign-in ends after"),
            _(
                "%(idle)s hours without use, %(days)s days at most",
                idle=config.session_idle_hours,
                days=config.session_absolute_days,
            ),
        ),
    ]
    wrong = form if form.wrong else mail
    return page("admin/settings.html", _("Settings"), wrong, settings_form=form, mail_form=mail, facts=facts)
