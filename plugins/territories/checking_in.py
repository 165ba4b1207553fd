"""Checking in on a visit: an interaction with place and time, and the place of the record if it was not known."""

from __future__ import annotations

from typing import Any

from app.sdk import Context, Invalid, _
from app.sdk.services import interactions, unit

from . import placing
from .grid import km_between

At = tuple[float, float]


def point(latitude: str, longitude: str) -> At | None:
    """Return a place that a browser or a person gave; None when there is none. Raises Invalid for what is no place."""
    if not latitude.strip() and not longitude.strip():
        return None
    try:
        found = float(latitude.replace(",", ".")), float(longitude.replace(",", "."))
    except ValueError:
        raise Invalid(
            {"latitude": _("Write latitude and longitude as numbers, like 48.137 and 11.575.")}
        ) from None
    if not (abs(found[0]) <= 90 and abs(found[1]) <= 180):
        raise Invalid(
            {
                "latitude": _(
                    "This is no place on earth: latitude is from -90 to 90, longitude from -180 to 180."
                )
            }
        )
    return found


@unit
def check_in(ctx: Context, entity: str, record_id: int, at: At | None, note: str, nonce: str = "") -> Any:
    """Log a visit to a contact or company now, with the place it was made from; returns the interaction."""
    values: dict[str, Any] = {"kind": "visit", "subject": _("Checked in"), "body": note}
    if at is not None:
        values["location"] = f"{at[0]:.5f}, {at[1]:.5f}"
        place = placing.of(ctx, entity, [record_id]).get(record_id)
        if place is not None and place.latitude is not None and place.longitude is not None:
            away = km_between(at, (place.latitude, place.longitude))
            values["location"] += f" ({_('%(km)s km from the address', km=round(away, 1))})"
    whom = {"contacts": [record_id]} if entity == "contact" else {"about": [(entity, record_id)]}
    return interactions.log(ctx, interactions.Entry(values=values, nonce=nonce, **whom))
