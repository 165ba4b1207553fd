"""Tokens of the API: one's own, and for administrators those of all; made, shown once, revoked."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response, request, url_for

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.models import ApiToken
from app.services import api_reading, api_tokens, credentials, people
from app.services.access import GREATEST_ID
from app.services.api_tokens import Wanted
from app.services.context import ctx
from app.web.forms.base import page
from app.web.forms.tokens import ServiceTokenForm, TokenForm
from app.web.render import done, render
from app.web.routes import requires, signed_in

tokens = Blueprint("tokens", __name__)

SHOWN = 50


@tokens.get("/account/tokens")
@signed_in
def own() -> Response:
    """Show one's own tokens."""
    rows = [shown(ctx(), token) for token in api_tokens.mine(ctx())]
    return render("account/tokens.html", title=_("Tokens for programs"), rows=rows)


@tokens.route("/account/tokens/new", methods=["GET", "POST"])
@signed_in
def new() -> Response:
    """Make a token, and show it this once."""
    form = cast(TokenForm, TokenForm.of())
    user_id = ctx().user.id
    assert user_id is not None
    return _made(form, user_id, api_tokens.PERSONAL, url_for("tokens.own"))


@tokens.post("/account/tokens/<int:token_id>/revoke")
@signed_in
def revoke(token_id: int) -> Response:
    """End one of one's own tokens."""
    api_tokens.revoke(ctx(), token_id)
    return done(url_for("tokens.own"), toast=_("The token is revoked."))


@tokens.get("/admin/tokens")
@requires(api_tokens.ADMIN)
def every() -> Response:
    """Show the tokens of all accounts."""
    before = request.args.get("before", GREATEST_ID, type=int)
    found = api_tokens.every(ctx(), after=max(1, min(before, GREATEST_ID)), limit=SHOWN)
    rows = [shown(ctx(), token, name) for token, name in found]
    more = found[-1][0].id if len(found) == SHOWN else None
    return render("admin/tokens.html", title=_("Tokens for programs"), rows=rows, more=more)


@tokens.route("/admin/tokens/new", methods=["GET", "POST"])
@requires(api_tokens.ADMIN)
def service() -> Response:
    """Make a token for a service, and show it this once."""
    form = cast(ServiceTokenForm, ServiceTokenForm.of())
    form.user.choices = [(str(user_id), name) for user_id, name in people.colleagues(ctx())]
    chosen = str(form.user.data or "")
    return _made(form, int(chosen) if chosen.isdecimal() else 0, api_tokens.SERVICE, url_for("tokens.every"))


@tokens.post("/admin/tokens/<int:token_id>/revoke")
@requires(api_tokens.ADMIN)
def end(token_id: int) -> Response:
    """End a token of anybody."""
    api_tokens.revoke(ctx(), token_id)
    return done(url_for("tokens.every"), toast=_("The token is revoked."))


def _made(form: TokenForm, user_id: int, kind: str, back: str) -> Response:
    form.offer([(e.key, e.plural) for e in api_reading.entities(ctx())])
    if form.accepted():
        try:
            credentials.prove(ctx(), form.current_password.data or "")
            wanted = Wanted(name=form.name.data or "", scopes=form.scopes, days=form.life, kind=kind)
            made, text = api_tokens.create(ctx(), user_id, wanted)
            answer = render(
                "account/token_made.html", title=_("Your new token"), name=made.name, token=text, back=back
            )
            answer.headers["Cache-Control"] = "no-store"
            return answer
        except Invalid as error:
            form.explain(error)
    return page("account/token_new.html", _("New token"), form, back=back)


def shown(asked: Context, token: ApiToken, whose: str = "") -> dict[str, Any]:
    """Return a token as its row tells it: what it may do, whether it still works, when it was used."""
    over = token.expires_at is not None and token.expires_at <= asked.now
    state = "revoked" if token.revoked_at is not None else "over" if over else "ok"
    return {
        "id": token.id,
        "name": token.name,
        "hint": token.hint,
        "whose": whose,
        "service": token.kind == api_tokens.SERVICE,
        "scopes": [scope_words(asked, word) for word in token.scopes.split()],
        "state": state,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "used_at": token.used_at,
        "used_from": token.used_from,
    }


def scope_words(asked: Context, word: str) -> str:
    """Return what a scope allows, in words."""
    entity, _sep, verb = word.rpartition(":")
    does = _("read and change") if verb == "write" else _("read")
    if not entity:
        return does
    what = asked.schema.entity(entity).plural if asked.schema.has(entity) else entity
    return f"{what}: {does}"
