"""What plugins let each user choose for himself: a page per plugin, below one's own account."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from app.house import house
from app.i18n import _
from app.kernel.errors import Invalid, NotVisible
from app.services import plugin_forms
from app.services import plugin_settings as settings
from app.services.context import ctx
from app.web.login import account
from app.web.plugin_form import SettingsForm
from app.web.render import done, render
from app.web.routes import signed_in


def offered() -> list[dict[str, Any]]:
    """Return the plugins that let users choose something: their names and pages, for the account's page."""
    return [
        {"label": loaded.label, "url": url_for("account.plugin", name=loaded.name)}
        for loaded in house().host.running()
        if plugin_forms.form_of(loaded.name, of_user=True) is not None
    ]


@account.route("/account/plugins/<name>", methods=["GET", "POST"])
@signed_in
def plugin(name: str) -> Response:
    """Show and change what a plugin lets the principal choose."""
    host, asked = house().host, ctx()
    sent = request.form if request.method == "POST" else None
    form = SettingsForm.of(asked, name, sent, of_user=True) if name in host.states.running() else None
    if form is None:
        raise NotVisible(_("There are no such settings."))
    if sent is not None and form.accepted():
        try:
            settings.save_own(asked, name, form.values, clear=form.clear)
            return done(url_for("account.profile"), toast=_("Saved"))
        except Invalid as error:
            form.explain(error)
    label = host.plugins[name].label
    title = _("Error: %(title)s", title=label) if form.wrong else label
    return render(
        "account/plugin.html", status=422 if form.wrong else 200, title=title, heading=label, form=form
    )
