"""The authorisation server of OAuth 2.1, by Authlib: it reads requests and words answers, services keep what is agreed.

Stricter than RFC 6749: the code flow alone, S256 for every app, whole redirect addresses that are always sent.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

from authlib.oauth2.rfc6749 import (
    AuthorizationServer,
    ClientMixin,
    InvalidRequestError,
    OAuth2Payload,
    OAuth2Request,
)
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, RefreshTokenGrant
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from flask import Request, Response, request
from werkzeug.datastructures import MultiDict

from app.kernel.errors import Invalid
from app.models import OauthClient, OauthGrant, OauthRefresh
from app.services import api_scopes, audit, oauth_clients, oauth_grants
from app.services.context import ctx
from app.services.oauth_grants import ACCESS, Consent
from app.services.values import dump

METHODS = ("client_secret_basic", "client_secret_post", "none")
"""How an app proves who it is; only one without a secret may choose the last."""

REVOCATION = "revocation"


class _Payload(OAuth2Payload):
    def __init__(self, values: MultiDict[str, str]) -> None:
        self.values = values

    @property
    def data(self) -> MultiDict[str, str]:
        return self.values

    @property
    def datalist(self) -> defaultdict[str, list[str]]:
        return defaultdict(list, {name: self.values.getlist(name) for name in self.values})


class _Request(OAuth2Request):
    """A request: on the page what stands in the address, elsewhere what stands in the body, never a mixture."""

    def __init__(self, asked: Request, values: MultiDict[str, str]) -> None:
        # whether the line is encrypted is decided by the settings of Kith for all pages, behind a proxy too
        super().__init__(asked.method, asked.url.replace("http:", "https:", 1), headers=asked.headers)
        self.payload = _Payload(values)
        self.values = values

    @property
    def form(self) -> MultiDict[str, str]:
        """What was sent."""
        return self.values


class App(ClientMixin):
    """A registered app as the library asks for it."""

    def __init__(self, row: OauthClient) -> None:
        self.row = row

    def get_client_id(self) -> str:
        """Return the public name of the app."""
        return self.row.client_id

    def get_default_redirect_uri(self) -> None:
        """Return nothing: the address is always sent."""
        return

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """Return the scopes that are asked for, all if none are named; None when one goes too far."""
        if not scope:
            return self.row.scopes
        try:
            wanted = api_scopes.normal(ctx(), [scope])
        except Invalid:
            return None
        return wanted if all(oauth_clients.covered(self.row.scopes, w) for w in wanted.split()) else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Tell whether an address is one of the app's, letter for letter."""
        return redirect_uri in oauth_clients.addresses(self.row)

    def check_client_secret(self, client_secret: str) -> bool:
        """Tell whether the secret is right."""
        return oauth_clients.knows(self.row, client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Tell whether the app may prove itself so: with its secret if it has one."""
        return (method != "none") is self.row.confidential

    def check_response_type(self, response_type: str) -> bool:
        """Tell whether an answer is a code."""
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        """Tell whether keys are fetched by a code or renewed."""
        return grant_type in ("authorization_code", "refresh_token")


class _Agreed:
    """What stands behind a code or a refresh token."""

    code_challenge_method = "S256"

    def __init__(self, grant: OauthGrant, key: OauthRefresh | None = None) -> None:
        self.grant, self.key = grant, key
        self.code_challenge = grant.challenge

    def get_redirect_uri(self) -> str:
        return self.grant.redirect_uri

    def get_scope(self) -> str:
        return self.grant.scopes

    def check_client(self, client: App) -> bool:
        return self.grant.client_row == client.row.id


class _Pkce(CodeChallenge):
    """PKCE as OAuth 2.1 has it: for every app, and S256 alone."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        """Refuse a request without a challenge, and the method `plain`, which is also what no method means."""
        data = grant.request.payload.data
        if data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("'code_challenge_method' must be S256")
        if not data.get("code_challenge"):
            raise InvalidRequestError("Missing 'code_challenge'")
        super().validate_code_challenge(grant, redirect_uri)


def _issued(asked: Any, agreed: _Agreed, scope: str) -> dict[str, Any]:
    keys = oauth_grants.issue(ctx(), agreed.grant, asked.client.row, scope)
    return {
        "token_type": "Bearer",
        "access_token": keys.access,
        "expires_in": int(ACCESS.total_seconds()),
        "refresh_token": keys.refresh,
        "scope": scope,
    }


class _Code(AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def generate_authorization_code(self) -> str:
        asked = self.request
        consent = Consent(
            client=asked.client.row,
            scopes=asked.scope,
            challenge=asked.payload.data["code_challenge"],
            redirect_uri=asked.payload.redirect_uri,
        )
        return oauth_grants.begin(ctx(), consent)

    def save_authorization_code(self, code: str, request: Any) -> None:
        """It was stored when it was made."""

    def query_authorization_code(self, code: str, client: App) -> _Agreed | None:
        found = oauth_grants.of_code(ctx(), code, client.row)
        return _Agreed(found) if found is not None else None

    def delete_authorization_code(self, authorization_code: _Agreed) -> None:
        """It is marked as used together with the keys, so that a second time is noticed."""

    def authenticate_user(self, authorization_code: _Agreed) -> Any:
        return oauth_grants.user_of(ctx(), authorization_code.grant)

    def generate_token(self, scope: str = "", **_more: Any) -> dict[str, Any]:
        return _issued(self.request, self.request.authorization_code, scope)

    def save_token(self, token: Any) -> None:
        """It was stored when it was made."""


class _Refresh(RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> _Agreed | None:
        found, key = oauth_grants.of_refresh(ctx(), refresh_token, self.request.client.row)
        return _Agreed(found, key) if found is not None else None

    def authenticate_user(self, refresh_token: _Agreed) -> Any:
        return oauth_grants.user_of(ctx(), refresh_token.grant)

    def revoke_old_credential(self, refresh_token: _Agreed) -> None:
        assert refresh_token.key is not None
        refresh_token.key.used_at = ctx().now

    def generate_token(self, scope: str = "", **_more: Any) -> dict[str, Any]:
        wanted = self.request.client.get_allowed_scope(scope) or self.request.refresh_token.get_scope()
        return _issued(self.request, self.request.refresh_token, wanted)

    def save_token(self, token: Any) -> None:
        """It was stored when it was made."""


class _Revocation(RevocationEndpoint):
    CLIENT_AUTH_METHODS = METHODS

    def authenticate_token(self, request: Any, client: App) -> OauthGrant | None:
        self.check_params(request, client)
        return oauth_grants.of_token(ctx(), request.form["token"], client.row)

    def revoke_token(self, token: OauthGrant, request: Any) -> None:
        oauth_grants.end(ctx(), token)
        name = request.client.row.name
        audit.note(ctx(), "app.revoke", f"app:{token.client_row}", actor_id=token.user_id, name=name)


class Server(AuthorizationServer):
    """The library's server between requests of Flask and the services."""

    def query_client(self, client_id: str) -> App | None:
        """Return a registered app."""
        row = oauth_clients.by_client_id(ctx(), client_id)
        return App(row) if row is not None else None

    def create_oauth2_request(self, asked: Any) -> _Request:
        """Return what is asked now."""
        on_page = request.endpoint == "oauth.authorize"
        return _Request(request, request.args if on_page else request.form)

    def handle_response(self, status: int, body: Any, headers: Any) -> Response:
        """Return the response."""
        text = dump(body) if isinstance(body, dict) else body
        response = Response(text, status=status, headers=dict(headers))
        response.headers["Cache-Control"] = "no-store"
        return response

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Tell nobody: the audit log has it."""


@cache
def server() -> Server:
    """Return the server."""
    made = Server()
    made.register_grant(_Code, [_Pkce(required=True)])
    made.register_grant(_Refresh)
    made.register_endpoint(_Revocation)
    return made
