"""OAuth 2.1 for apps of others: people let them in on a page, apps fetch, renew and give back their keys (RFC 6749, 7009, 8414)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, request, url_for

from app.house import house
from app.i18n import _
from app.services import api_reading, throttle
from app.services.api_scopes import READ, WRITE
from app.services.context import as_system, ctx
from app.services.values import dump
from app.web.render import render
from app.web.routes import public, signed_in
from app.web.security import csrf
from app.web.security.headers import policy
from app.web.tokens import scope_words

oauth = Blueprint("oauth", __name__)

TRIES = throttle.Limit("oauth", 60, timedelta(minutes=15))
"""Wrong secrets, codes and tokens from one address."""

LOCAL = ("localhost", "127.0.0.1", "::1")


@oauth.route("/oauth/authorize", methods=["GET", "POST"])
@signed_in
def authorize() -> Response:
    """Ask somebody whether an app may come in as himself, and send him back to it with the answer."""
    from authlib.oauth2 import OAuth2Error

    from app.web.oauth_server import server

    try:
        grant = server().get_consent_grant(request, end_user=ctx().user)
    except OAuth2Error as error:
        if error.redirect_uri:
            return _back(server().handle_error_response(None, error))
        return _refused(str(error.description or error.error))
    if request.method == "GET":
        return _asked(grant)
    allowed = request.form.get("answer") == "allow"
    with ctx().unit():
        user = ctx().user if allowed else None
        return _back(server().create_authorization_response(grant.request, user, grant=grant))


def _asked(grant: Any) -> Response:
    app, parts = grant.client.row, urlsplit(grant.redirect_uri)
    origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"
    response = render(
        "account/app_consent.html",
        title=_("Let “%(name)s” in?", name=app.name),
        client=app,
        scopes=[scope_words(ctx(), word) for word in grant.request.scope.split()],
        changes=any(word.rpartition(":")[2] == WRITE for word in grant.request.scope.split()),
        back="" if parts.hostname in LOCAL or not parts.hostname else parts.hostname,
        user=ctx().user.name,
    )
    response.headers["Content-Security-Policy"] = policy(forms=[origin])
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Cache-Control"] = "no-store"
    return response


def _back(response: Response) -> Response:
    """Send somebody back to the app; it is told who answers, so that no other server can pretend to be us (RFC 9207)."""
    from authlib.common.urls import add_params_to_uri

    response.status_code = 303
    response.headers["Location"] = add_params_to_uri(response.headers["Location"], [("iss", issuer())])
    response.headers["Referrer-Policy"] = "no-referrer"
    response.set_data(b"")
    return response


def _refused(why: str) -> Response:
    """Tell on a page what is wrong with the app's request: nobody is sent to an address that is not the app's."""
    title = _("This app cannot be let in")
    response = render("account/app_refused.html", title=title, why=why)
    response.status_code = 400
    return response


@oauth.post("/oauth/token")
@public("an app proves who it is, and shows a code or a refresh token")
@csrf.exempt("it goes by a code or a token in the body, which no other site knows")
def token() -> Response:
    """Give an app its keys for a code, or fresh ones for a refresh token."""
    from app.web.oauth_server import server

    return _answered(lambda: server().create_token_response(request))


@oauth.post("/oauth/revoke")
@public("an app proves who it is, and gives back its keys")
@csrf.exempt("it goes by a token in the body, which no other site knows")
def revoke() -> Response:
    """End what an app was let in for."""
    from app.web.oauth_server import REVOCATION, server

    return _answered(lambda: server().create_endpoint_response(REVOCATION, request))


def _answered(make: Any) -> Response:
    network = throttle.network(request.remote_addr or "")
    try:
        throttle.take(ctx(), TRIES, network)
    except throttle.TooMany as error:
        found = _json({"error": "temporarily_unavailable", "error_description": str(error)}, 429)
        found.headers["Retry-After"] = str(error.retry_after)
        return found
    if request.args or any(len(request.form.getlist(name)) > 1 for name in request.form):
        return _json(
            {"error": "invalid_request", "error_description": "Each parameter once, in the body."}, 400
        )
    with ctx().unit():
        response: Response = make()
    if response.status_code == 200:
        throttle.give_back(ctx(), TRIES, network)
    return response


@oauth.get("/.well-known/oauth-authorization-server")
@public("what any app has to know before it asks (RFC 8414)")
def metadata() -> Response:
    """Tell apps where to ask for what."""
    from app.web.oauth_server import METHODS

    root = issuer()
    kinds = [e.key for e in api_reading.entities(as_system("scopes of apps"))]
    told = {
        "issuer": root,
        "authorization_endpoint": root + url_for("oauth.authorize"),
        "token_endpoint": root + url_for("oauth.token"),
        "revocation_endpoint": root + url_for("oauth.revoke"),
        "scopes_supported": [READ, WRITE, *(f"{kind}:{verb}" for kind in kinds for verb in (READ, WRITE))],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_methods_supported": METHODS,
        "revocation_endpoint_auth_methods_supported": METHODS,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "service_documentation": root + url_for("api_pages.index"),
    }
    return _json(told, 200)


def issuer() -> str:
    """Return our name among authorisation servers: the public address."""
    return (house().config.base_url or request.host_url).rstrip("/")


def _json(found: Any, status: int) -> Response:
    response = Response(dump(found), status=status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
