"""Apps of others: let in by people on a page, with a client library that was written elsewhere and a served Kith."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import make_server

from app.models import OauthClient, User
from app.services import context, oauth_clients
from app.services.oauth_clients import Wanted
from app.testing.clients import Person, soup
from app.testing.factories import Make

BACK = "https://app.example.org/back"
People = Callable[[Any], Person]


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Kith, served on this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)


@pytest.fixture
def register(make: Make) -> Callable[..., tuple[OauthClient, str]]:
    """`register(scopes=["read"])`: an app that an administrator registered, and its secret."""

    def made(**values: Any) -> tuple[OauthClient, str]:
        wanted = {"name": "Planner", "redirect_uris": BACK, "scopes": ["write"]} | values
        return oauth_clients.register(make.ctx(make.user("admin")), Wanted(**wanted))

    return made


class Flow:
    """An app at work: the library on its side, a person's browser on the other."""

    def __init__(
        self, address: str, person: Person, client: OauthClient, secret: str = "", **more: Any
    ) -> None:
        self.address, self.person = address, person
        self.verifier = generate_token(48)
        how = "client_secret_basic" if secret else "none"
        values: dict[str, Any] = {"scope": "contact:write", "redirect_uri": BACK} | more
        self.session = OAuth2Session(
            client.client_id,
            secret or None,
            token_endpoint_auth_method=how,
            revocation_endpoint_auth_method=how,
            code_challenge_method="S256",
            **values,
        )

    def page(self, **more: Any) -> str:
        """The address to which the app sends people."""
        url, self.state = self.session.create_authorization_url(
            "/oauth/authorize", code_verifier=self.verifier, **more
        )
        return str(url)

    def come_back(self, answer: str = "allow", **more: Any) -> str:
        """Answer on the page; return where it leads."""
        found = self.person.post(self.page(**more), {"answer": answer})
        assert found.status_code == 303, found.text
        return found.headers["Location"]

    def fetch(self, **more: Any) -> Any:
        """Go the whole way and return the keys."""
        return self.session.fetch_token(
            f"{self.address}/oauth/token",
            authorization_response=self.come_back(),
            **{"code_verifier": self.verifier, "state": self.state, **more},
        )

    def renew(self, refresh: str) -> Any:
        """Fetch fresh keys."""
        return self.session.refresh_token(f"{self.address}/oauth/token", refresh_token=refresh)


@pytest.fixture
def flow(address: str, make: Make, as_user: People, register: Any) -> Callable[..., Flow]:
    """`flow(public=True)`: an app and a representative who is about to let it in."""

    def made(*, public: bool = False, scope: str = "contact:write", **values: Any) -> Flow:
        client, secret = register(confidential=not public, **values)
        return Flow(address, as_user(make.user("rep")), client, secret, scope=scope)

    return made


def wrong(ask: Callable[[], Any]) -> str:
    """The word of OAuth for what was refused."""
    with pytest.raises(AuthlibBaseError) as caught:
        ask()
    return str(caught.value.error)


@pytest.mark.parametrize("public", [False, True])
def test_an_app_is_let_in_works_renews_and_gives_its_keys_back(
    flow: Callable[..., Flow], public: bool
) -> None:
    one = flow(public=public)
    keys = one.fetch()
    assert (keys["token_type"], keys["scope"], keys["expires_in"]) == ("Bearer", "contact:write", 3600)
    api = f"{one.address}/api/v1"
    made = one.session.post(f"{api}/contact", json={"fields": {"given_name": "Ana"}})
    assert made.status_code == 201, made.text
    assert one.session.get(f"{api}/company").status_code == 403
    assert one.session.get(f"{api}/me").json()["user"]["uid"] == one.person.user.uid  # type: ignore[union-attr]
    fresh = one.renew(keys["refresh_token"])
    assert fresh["access_token"] != keys["access_token"]
    assert one.session.get(f"{api}/contact").status_code == 200
    given_back = one.session.revoke_token(
        f"{one.address}/oauth/revoke", token=fresh["refresh_token"], token_type_hint="refresh_token"
    )
    assert given_back.status_code == 200
    assert one.session.get(f"{api}/contact").status_code == 401
    assert wrong(lambda: one.renew(fresh["refresh_token"])) == "invalid_grant"


def test_a_person_reads_who_asks_for_what_and_may_say_no(flow: Callable[..., Flow]) -> None:
    one = flow(scope="contact:read task:write contact:read", name="Planner <b>")
    page = one.person.get(one.page())
    text = soup(page).get_text(" ", strip=True)
    assert "Let “Planner <b>” in?" in text
    assert "The app “Planner <b>” asks to come in as you" in text
    assert "Contacts: read" in text
    assert "app.example.org" in text
    assert "form-action 'self' https://app.example.org;" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"
    told = parse_qs(urlsplit(one.come_back("deny")).query)
    assert (told["error"], told["state"], told["iss"]) == (
        ["access_denied"],
        [one.state],
        ["http://localhost"],
    )
    assert "code" not in told


def test_a_code_is_good_once_and_what_it_began_ends_when_it_comes_again(flow: Callable[..., Flow]) -> None:
    one = flow()
    where = one.come_back()
    more = {"code_verifier": one.verifier, "state": one.state, "authorization_response": where}
    url = f"{one.address}/oauth/token"
    one.session.fetch_token(url, **more)
    assert one.session.get(f"{one.address}/api/v1/contact").status_code == 200
    assert wrong(lambda: one.session.fetch_token(url, **more)) == "invalid_grant"
    assert one.session.get(f"{one.address}/api/v1/contact").status_code == 401


def test_a_refresh_token_that_comes_again_ends_everything(flow: Callable[..., Flow], make: Make) -> None:
    one = flow(public=True)
    stolen = one.fetch()["refresh_token"]
    fresh = one.renew(stolen)
    assert wrong(lambda: one.renew(stolen)) == "invalid_grant"
    assert one.session.get(f"{one.address}/api/v1/contact").status_code == 401
    assert wrong(lambda: one.renew(fresh["refresh_token"])) == "invalid_grant"


@pytest.mark.parametrize(
    "change",
    [
        {"code_verifier": generate_token(48)},
        {"code_verifier": None},
        {"redirect_uri": "https://app.example.org/back/"},
    ],
)
def test_a_code_without_its_verifier_or_address_is_worth_nothing(
    flow: Callable[..., Flow], change: dict[str, Any]
) -> None:
    one = flow()
    assert wrong(lambda: one.fetch(**change)) in ("invalid_grant", "invalid_request")


def test_a_code_is_over_after_a_minute(flow: Callable[..., Flow], monkeypatch: pytest.MonkeyPatch) -> None:
    one = flow()
    where, begun = one.come_back(), context.clock()
    monkeypatch.setattr(context, "clock", lambda: begun + timedelta(seconds=61))
    more = {"code_verifier": one.verifier, "state": one.state, "authorization_response": where}
    assert wrong(lambda: one.session.fetch_token(f"{one.address}/oauth/token", **more)) == "invalid_grant"


@pytest.mark.parametrize(
    "query",
    [
        {"redirect_uri": "https://app.example.org/back/"},
        {"redirect_uri": "https://app.example.org/back?x=1"},
        {"redirect_uri": "https://evil.example/back"},
        {"redirect_uri": "http://app.example.org/back"},
        {"redirect_uri": ""},
        {"client_id": "nobody"},
        {"client_id": "\x00"},
    ],
)
def test_nobody_is_sent_to_an_address_that_is_not_the_app_s(
    register: Any, as_role: Callable[..., Person], query: dict[str, str]
) -> None:
    client, _secret = register()
    usual = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": BACK,
        "code_challenge": "x" * 43,
        "code_challenge_method": "S256",
    }
    page = as_role("rep").get("/oauth/authorize", query_string=usual | query)
    assert page.status_code == 400
    assert "Location" not in page.headers
    assert "This app cannot be let in" in page.text


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "company:read"}, "invalid_scope"),
        ({"scope": "contact:write"}, "invalid_scope"),
        ({"scope": "admin"}, "invalid_scope"),
    ],
)
def test_what_is_asked_for_wrongly_is_told_to_the_app(
    register: Any, as_role: Callable[..., Person], query: dict[str, str], error: str
) -> None:
    client, _secret = register(scopes=["contact:read"])
    usual = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": BACK,
        "code_challenge": "x" * 43,
        "code_challenge_method": "S256",
        "state": "s",
    }
    found = as_role("rep").get("/oauth/authorize", query_string=usual | query)
    assert found.status_code == 303
    assert found.headers["Location"].startswith(f"{BACK}?")
    told = parse_qs(urlsplit(found.headers["Location"]).query)
    assert (told["error"], told["state"]) == ([error], ["s"])


def test_an_app_with_a_secret_has_to_show_it(flow: Callable[..., Flow], register: Any) -> None:
    one = flow()
    where = one.come_back()
    body = {
        "grant_type": "authorization_code",
        "code": parse_qs(urlsplit(where).query)["code"][0],
        "redirect_uri": BACK,
        "code_verifier": one.verifier,
        "client_id": one.session.client_id,
    }
    ask = one.person.app.test_client()
    assert ask.post("/oauth/token", data=body).status_code in (400, 401)
    assert ask.post("/oauth/token", data=body | {"client_secret": "x"}).status_code in (400, 401)
    other, secret = register(name="Other")
    found = ask.post("/oauth/token", data=body | {"client_id": other.client_id, "client_secret": secret})
    assert found.json is not None
    assert (found.status_code, found.json["error"]) == (400, "invalid_grant")
    assert ask.post(f"/oauth/token?client_secret={one.session.client_secret}", data=body).status_code == 400
    right = ask.post("/oauth/token", data=body | {"client_secret": one.session.client_secret})
    assert right.status_code == 200
    assert right.headers["Cache-Control"] == "no-store"


def test_people_and_administrators_shut_apps_out(
    flow: Callable[..., Flow], as_role: Callable[..., Person]
) -> None:
    one, two = flow(), flow(name="Second")
    one.fetch()
    two.fetch()
    form = soup(one.person.get("/account/apps")).select_one("form[action*=revoke]")
    assert form is not None
    assert two.person.post(str(form["action"])).status_code == 404
    assert one.person.post(str(form["action"])).status_code == 303
    assert one.session.get(f"{one.address}/api/v1/contact").status_code == 401
    admin = as_role("admin")
    forms = soup(admin.get("/admin/apps")).select("form[action$=remove]")
    for found in forms:
        assert admin.post(str(found["action"])).status_code == 303
    assert two.session.get(f"{two.address}/api/v1/contact").status_code == 401
    assert "No apps yet" in two.person.get("/account/apps").text


def test_an_app_that_may_ask_for_less_has_to_ask_again(flow: Callable[..., Flow], make: Make) -> None:
    one = flow()
    keys = one.fetch()
    ctx = make.ctx(make.user("admin"))
    row = oauth_clients.every(ctx)[0]
    same: dict[str, Any] = {"name": row.name, "redirect_uris": row.redirect_uris}
    oauth_clients.change(ctx, row.id, Wanted(**same, scopes=["contact:write"]))
    assert one.session.get(f"{one.address}/api/v1/contact").status_code == 200
    oauth_clients.change(ctx, row.id, Wanted(**same, scopes=["read"]))
    assert one.session.get(f"{one.address}/api/v1/contact").status_code == 401
    assert wrong(lambda: one.renew(keys["refresh_token"])) == "invalid_grant"


def test_keys_end_with_the_account_and_are_stored_as_hashes(flow: Callable[..., Flow], make: Make) -> None:
    one = flow()
    keys = one.fetch()
    ctx = make.ctx()
    stored = str(
        [
            list(row)
            for t in ("oauth_grant", "oauth_refresh", "api_token", "oauth_client")
            for row in ctx.session.connection().exec_driver_sql(f"select * from {t}")
        ]
    )
    for key in (keys["access_token"], keys["refresh_token"], one.session.client_secret):
        assert key not in stored
    with ctx.unit():
        ctx.session.get_one(User, one.person.user.id).active = False  # type: ignore[union-attr]
    assert one.session.get(f"{one.address}/api/v1/contact").status_code == 401
    assert wrong(lambda: one.renew(keys["refresh_token"])) == "invalid_request"


@pytest.mark.parametrize(
    "uri",
    [
        "http://app.example.org/back",
        "https://app.example.org/back#x",
        "https://a:b@app.example.org/",
        "javascript:alert(1)",
        "myapp:/back",
        "https://app.example.org;script-src/",
        "//app.example.org/back",
    ],
)
def test_an_administrator_registers_sound_addresses_alone(
    as_role: Callable[..., Person], make: Make, uri: str
) -> None:
    admin = as_role("admin")
    given = {"name": "Planner", "redirect_uris": uri, "access": "read", "keeps": "public"}
    refused = admin.post("/admin/apps/new", given)
    assert refused.status_code == 422
    good = "https://app.example.org/back\nhttp://localhost:8123/back\ncom.example.app:/back"
    made = admin.post("/admin/apps/new", given | {"redirect_uris": good})
    known = make.ctx().session.execute(select(OauthClient)).scalar_one()
    assert known.client_id in made.text
    assert "client_secret" not in made.text
    assert as_role("manager").get("/admin/apps").status_code == 403


def test_the_server_tells_what_it_can(app: Flask) -> None:
    told = app.test_client().get("/.well-known/oauth-authorization-server").json
    assert told is not None
    assert told["issuer"] == "http://localhost"
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["grant_types_supported"] == ["authorization_code", "refresh_token"]
    for name in ("authorization", "token", "revocation"):
        path = told[f"{name}_endpoint"].removeprefix("http://localhost")
        assert app.test_client().get(path).status_code in (303, 405)
