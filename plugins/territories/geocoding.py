"""The geocoder of the house: the packaged gazetteer, or the server that the settings name; what a server says is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.sdk import Context
from app.sdk.protocols import Geocoder
from app.sdk.services import plugin_settings, throttle
from app.sdk.web import ctx as present

from . import gazetteer, online
from .gazetteer import Found
from .models import Answer

KEPT = timedelta(days=365)
"""For so long the answer of a server is good."""

PARTS = ("street_address", "postal_code", "locality", "region", "country_code", "country")


class Later(Exception):
    """The server has been asked enough for now, or does not answer: the address waits."""


def seen_as(address: Mapping[str, str]) -> str:
    """Return by what one address is told from another."""
    text = "\n".join(" ".join(address.get(name, "").split()).casefold() for name in PARTS)
    return hashlib.sha256(text.encode()).hexdigest()[:32] if text.strip() else ""


class HouseGeocoder:
    """The geocoder as the settings have it. `locate` is what others ask, `find` says more."""

    def locate(self, address: Mapping[str, str]) -> tuple[float, float, int] | None:
        """Return (latitude, longitude, accuracy in metres) of an address, or None."""
        try:
            found = self.find(present(), address)
        except Later:
            found = gazetteer.locate(address)
        return (found.latitude, found.longitude, found.metres) if found is not None else None

    def find(self, ctx: Context, address: Mapping[str, str]) -> Found | None:
        """Return where an address is. Raises Later when a server is to be asked and cannot be now."""
        told = plugin_settings.of(ctx, "territories")
        kind, url = told.get("geocoder_kind"), told.get("geocoder_url")
        if kind not in online.KINDS or not url:
            return gazetteer.locate(address)
        key = seen_as(address)
        query = select(Answer).where(Answer.seen == key, Answer.at > ctx.now - KEPT)
        known = ctx.session.execute(query.limit(1)).scalars().first()
        if known is not None:
            return _kept(known) or gazetteer.locate(address)
        return self._asked(ctx, told, key, address)

    def _asked(self, ctx: Context, told: Any, key: str, address: Mapping[str, str]) -> Found | None:
        pace = throttle.Limit("territories", int(told.get("geocoder_pace") or 60), timedelta(minutes=1))
        try:
            throttle.take(ctx, pace, str(told.get("geocoder_url")))
            found = online.ask(
                str(told.get("geocoder_kind")),
                str(told.get("geocoder_url")),
                str(told.get("geocoder_key") or ""),
                address,
            )
        except (throttle.TooMany, online.NoAnswer) as error:
            raise Later(str(error)) from error
        with ctx.unit():
            row = ctx.session.execute(select(Answer).where(Answer.seen == key).limit(1)).scalars().first()
            if row is None:
                row = Answer(seen=key)
                ctx.session.add(row)
            row.at = ctx.now
            row.latitude, row.longitude = (found.latitude, found.longitude) if found else (None, None)
            row.metres, row.exact = (found.metres, found.exact) if found else (0, "")
        return found or gazetteer.locate(address)


def _kept(row: Answer) -> Found | None:
    if row.latitude is None or row.longitude is None:
        return None
    return Found(row.latitude, row.longitude, row.metres, row.exact)


def find(ctx: Context, address: Mapping[str, str]) -> tuple[Found | None, str]:
    """Return where an address is and who said so, by the geocoder that the house has chosen. Raises Later."""
    service = ctx.services.get(Geocoder)
    if isinstance(service, HouseGeocoder):
        found = service.find(ctx, address)
        kind = plugin_settings.of(ctx, "territories").get("geocoder_kind")
        return found, "packaged" if kind not in online.KINDS else str(kind)
    told = service.locate(address)
    return (Found(told[0], told[1], told[2], "address") if told else None), type(service).__name__[:40]
