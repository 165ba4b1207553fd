"""Geocoding servers: how Nominatim, Photon and servers like Google's are asked, and what their answers mean."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote_plus, urlencode

from app.sdk.services import safe_fetch

from .gazetteer import Found
from .grid import km_between

SECONDS = 8.0
LONGEST = 1000
"""Signs of a question, as they are sent."""

PARTS = ("street_address", "postal_code", "locality", "region", "country_code")

NOMINATIM = {
    "house": "street",
    "building": "street",
    "road": "street",
    "postcode": "postal_code",
    "state": "region",
}
PHOTON = {"house": "street", "street": "street", "district": "city", "locality": "city", "state": "region"}
GOOGLE = {"ROOFTOP": ("street", 20), "RANGE_INTERPOLATED": ("street", 50), "GEOMETRIC_CENTER": ("city", 3000)}
METRES = {"street": 50, "postal_code": 3000, "city": 10_000, "region": 80_000, "country": 300_000}


class NoAnswer(Exception):
    """The server could not be asked now: later, perhaps."""


def words(address: Mapping[str, str]) -> str:
    """Return an address in one line, as servers are asked; one that no address of the web could hold is cut."""
    text = ", ".join(address[name] for name in PARTS if address.get(name))
    while len(quote_plus(text)) > LONGEST:
        text = text[: len(text) * 9 // 10]
    return text


def ask(kind: str, url: str, key: str, address: Mapping[str, str]) -> Found | None:
    """Ask a server about an address; None when it knows no such place. Raises NoAnswer when it cannot be asked."""
    asked, understood = KINDS[kind]
    query = urlencode(asked(words(address), key))
    try:
        answer = safe_fetch.fetch(
            "GET",
            f"{url}{'&' if '?' in url else '?'}{query}",
            headers={"Accept": "application/json", "User-Agent": "Kith"},
            seconds=SECONDS,
        )
        if answer.status != 200:
            raise NoAnswer(f"{answer.status}")
        found = understood(json.loads(answer.body))
    except safe_fetch.Unreachable as error:
        raise NoAnswer(str(error)) from error
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise NoAnswer("The answer is none of this kind of server.") from error
    on_earth = found is not None and abs(found.latitude) <= 90 and abs(found.longitude) <= 180
    return found if on_earth else None


def _nominatim(text: str, key: str) -> dict[str, str]:
    return {"q": text, "format": "jsonv2", "limit": "1", **({"key": key} if key else {})}


def _of_nominatim(told: Any) -> Found | None:
    if not isinstance(told, list):
        raise ValueError(told)
    if not told:
        return None
    first = told[0]
    sort = str(first.get("addresstype") or first.get("type") or "")
    exact = NOMINATIM.get(sort, sort if sort in METRES else "city")
    at = float(first["lat"]), float(first["lon"])
    metres = METRES[exact]
    if box := first.get("boundingbox"):
        south, north, west, east = map(float, box)
        metres = max(10, int(km_between((south, west), (north, east)) * 500))
    return Found(*at, metres, exact, str(first.get("display_name", ""))[:200])


def _photon(text: str, key: str) -> dict[str, str]:
    return {"q": text, "limit": "1", **({"api_key": key} if key else {})}


def _of_photon(told: Any) -> Found | None:
    if not told["features"]:
        return None
    first = told["features"][0]
    longitude, latitude = first["geometry"]["coordinates"][:2]
    sort = str(first["properties"].get("type", ""))
    exact = PHOTON.get(sort, sort if sort in METRES else "city")
    return Found(
        float(latitude),
        float(longitude),
        METRES[exact],
        exact,
        str(first["properties"].get("name", ""))[:200],
    )


def _google(text: str, key: str) -> dict[str, str]:
    return {"address": text, "key": key}


def _of_google(told: Any) -> Found | None:
    if told["status"] == "ZERO_RESULTS":
        return None
    if told["status"] != "OK":
        raise NoAnswer(str(told["status"])[:60])
    first = told["results"][0]
    exact, metres = GOOGLE.get(first["geometry"]["location_type"], ("city", 10_000))
    at = first["geometry"]["location"]
    return Found(
        float(at["lat"]), float(at["lng"]), metres, exact, str(first.get("formatted_address", ""))[:200]
    )


Asked = Callable[[str, str], dict[str, str]]
Understood = Callable[[Any], Found | None]
KINDS: Mapping[str, tuple[Asked, Understood]] = {
    "nominatim": (_nominatim, _of_nominatim),
    "photon": (_photon, _of_photon),
    "google": (_google, _of_google),
}
