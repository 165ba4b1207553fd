"""Apps of others: those that somebody let in, and for administrators those that may ask."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response, url_for

from app.i18n import _
from app.kernel.errors import Invalid
from app.models import OauthClient
from app.services import api_reading, oauth_clients, oauth_grants
from app.services.api_scopes import READ, WRITE
from app.services.api_tokens import ADMIN
from app.services.context import ctx
from app.web.forms.apps import AppForm, NewAppForm
from app.web.forms.base import page
from app.web.render import done, render
from app.web.routes import requires, signed_in
from app.web.tokens import scope_words

apps = Blueprint("apps", __name__)


@apps.get("/account/apps")
@signed_in
def own() -> Response:
    """Show the apps that somebody let in."""
    rows = [
        {
            "id": grant.id,
            "name": client.name,
            "homepage": client.homepage,
            "scopes": [scope_words(ctx(), word) for word in grant.scopes.split()],
            "since": grant.created_at,
            "used_at": token.used_at,
            "used_from": token.used_from,
        }
        for grant, client, token in oauth_grants.mine(ctx())
    ]
    return render("account/apps.html", title=_("Apps you let in"), rows=rows)


@apps.post("/account/apps/<int:grant_id>/revoke")
@signed_in
def revoke(grant_id: int) -> Response:
    """Shut an app out."""
    app = oauth_grants.revoke(ctx(), grant_id)
    return done(url_for("apps.own"), toast=_("“%(name)s” is shut out.", name=app.name))


@apps.get("/admin/apps")
@requires(ADMIN)
def every() -> Response:
    """Show the apps that may ask."""
    return render("admin/apps.html", title=_("Apps"), rows=[_row(app) for app in oauth_clients.every(ctx())])


@apps.route("/admin/apps/new", methods=["GET", "POST"])
@requires(ADMIN)
def new() -> Response:
    """Register an app, and show its secret this once."""
    form = _offered(cast(NewAppForm, NewAppForm.of()))
    if form.accepted():
        try:
            wanted = form.wanted(confidential=form.keeps.data == "secret")
            return _made(*oauth_clients.register(ctx(), wanted))
        except Invalid as error:
            form.explain(error)
    return page("admin/app_edit.html", _("New app"), form, back=url_for("apps.every"))


@apps.route("/admin/apps/<int:app_id>/edit", methods=["GET", "POST"])
@requires(ADMIN)
def edit(app_id: int) -> Response:
    """Change an app."""
    app = oauth_clients.get(ctx(), app_id)
    words = app.scopes.split()
    form = _offered(
        cast(
            AppForm,
            AppForm.of(
                name=app.name,
                homepage=app.homepage,
                redirect_uris=app.redirect_uris,
                access=WRITE if words[0].rpartition(":")[2] == WRITE else READ,
                kinds=[word.rpartition(":")[0] for word in words if ":" in word],
            ),
        )
    )
    if form.accepted():
        try:
            oauth_clients.change(ctx(), app_id, form.wanted())
            return done(url_for("apps.every"), toast=_("The app is changed."))
        except Invalid as error:
            form.explain(error)
    return page("admin/app_edit.html", _("Change the app"), form, back=url_for("apps.every"))


@apps.post("/admin/apps/<int:app_id>/secret")
@requires(ADMIN)
def renew(app_id: int) -> Response:
    """Make a new secret, and show it this once."""
    secret = oauth_clients.renew_secret(ctx(), app_id)
    return _made(oauth_clients.get(ctx(), app_id), secret)


@apps.post("/admin/apps/<int:app_id>/remove")
@requires(ADMIN)
def remove(app_id: int) -> Response:
    """Remove an app."""
    oauth_clients.remove(ctx(), app_id)
    return done(url_for("apps.every"), toast=_("The app is removed."))


def _offered(form: Any) -> Any:
    form.offer([(e.key, e.plural) for e in api_reading.entities(ctx())])
    return form


def _made(app: OauthClient, secret: str) -> Response:
    answer = render(
        "admin/app_made.html", title=app.name, client=app, secret=secret, back=url_for("apps.every")
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _row(app: OauthClient) -> dict[str, Any]:
    return {
        "id": app.id,
        "name": app.name,
        "client_id": app.client_id,
        "confidential": app.confidential,
        "homepage": app.homepage,
        "addresses": oauth_clients.addresses(app),
        "scopes": [scope_words(ctx(), word) for word in app.scopes.split()],
    }
