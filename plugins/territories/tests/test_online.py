from __future__ import annotations

import json
from typing import Any

import pytest

from app.sdk.services import acting, plugin_settings, safe_fetch
from app.testing.factories import Make

from .. import geocoding, online
from ..geocoding import HouseGeocoder

STREET = {
    "street_address": "Marienplatz 1",
    "postal_code": "80331",
    "locality": "München",
    "country_code": "DE",
}
TOLD = {
    "nominatim": [
        {"lat": "48.1371", "lon": "11.5754", "addresstype": "building", "display_name": "Marienplatz 1"}
    ],
    "photon": {
        "features": [{"geometry": {"coordinates": [11.5754, 48.1371]}, "properties": {"type": "house"}}]
    },
    "google": {
        "status": "OK",
        "results": [{"geometry": {"location": {"lat": 48.1371, "lng": 11.5754}, "location_type": "ROOFTOP"}}],
    },
}
EMPTY = {"nominatim": [], "photon": {"features": []}, "google": {"status": "ZERO_RESULTS", "results": []}}


class Server:
    """Stands in for the network: answers what it is given, and remembers what it was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, body: Any, status: int = 200) -> None:
        self.asked: list[str] = []
        self.body, self.status = body, status
        monkeypatch.setattr(safe_fetch, "fetch", self.fetch)

    def fetch(self, method: str, url: str, **_more: Any) -> safe_fetch.Answer:
        self.asked.append(url)
        return safe_fetch.Answer(status=self.status, headers={}, body=json.dumps(self.body).encode())


@pytest.mark.parametrize("kind", list(TOLD))
def test_each_kind_of_server_is_understood(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    server = Server(monkeypatch, TOLD[kind])
    found = online.ask(kind, "https://maps.example/search", "secret", STREET)
    assert found is not None
    assert (found.latitude, found.longitude, found.exact) == (48.1371, 11.5754, "street")
    assert "Marienplatz" in server.asked[0]
    assert online.ask(kind, "https://maps.example/search", "", STREET) is not None


@pytest.mark.parametrize("kind", list(EMPTY))
def test_no_result_is_none(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    Server(monkeypatch, EMPTY[kind])
    assert online.ask(kind, "https://maps.example/search", "", STREET) is None


@pytest.mark.parametrize(
    "body",
    [None, {}, [{}], {"features": [{}]}, {"status": "OVER_QUERY_LIMIT"}, "text", [{"lat": "x", "lon": 1}]],
)
@pytest.mark.parametrize("kind", list(TOLD))
def test_nonsense_is_no_answer(monkeypatch: pytest.MonkeyPatch, kind: str, body: Any) -> None:
    Server(monkeypatch, body)
    with pytest.raises(online.NoAnswer):
        online.ask(kind, "https://maps.example/search", "", STREET)


def test_an_address_is_asked_once_and_not_too_fast(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(monkeypatch, TOLD["nominatim"])
    settings = {
        "geocoder_kind": "nominatim",
        "geocoder_url": "https://maps.example/search",
        "geocoder_pace": 2,
    }
    plugin_settings.save(make.ctx(), "territories", settings)
    ctx = make.ctx()
    with acting(ctx):
        for _again in range(3):
            assert HouseGeocoder().find(ctx, STREET) is not None
        assert len(server.asked) == 1
        HouseGeocoder().find(ctx, {**STREET, "street_address": "Marienplatz 2"})
        with pytest.raises(geocoding.Later):
            HouseGeocoder().find(ctx, {**STREET, "street_address": "Marienplatz 3"})
    assert len(server.asked) == 2


def test_what_a_server_does_not_know_the_packaged_list_answers_each_time(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    Server(monkeypatch, [])
    settings = {"geocoder_kind": "nominatim", "geocoder_url": "https://maps.example/search"}
    plugin_settings.save(make.ctx(), "territories", settings)
    ctx = make.ctx()
    with acting(ctx):
        found = [HouseGeocoder().find(ctx, STREET) for _again in range(2)]
    assert [one.exact if one else "" for one in found] == ["postal_code", "postal_code"]


@pytest.mark.parametrize("kind", list(TOLD))
def test_an_address_without_end_keeps_no_others_waiting(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    server = Server(monkeypatch, TOLD[kind])
    online.ask(kind, "https://maps.example/search", "", {**STREET, "street_address": "ü東 " * 400})
    assert len(server.asked[0]) < 2000


def test_addresses_within_the_own_network_are_not_asked(make: Make, no_network: Any) -> None:
    with pytest.raises(online.NoAnswer):
        online.ask("nominatim", "http://127.0.0.1:1/search", "", STREET)


def test_without_a_server_the_packaged_list_answers(make: Make, no_network: Any) -> None:
    ctx = make.ctx()
    with acting(ctx):
        found, source = geocoding.find(ctx, STREET)
    assert found is not None
    assert (found.exact, source) == ("postal_code", "packaged")
