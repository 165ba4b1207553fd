"""All profiles, and which of them a file looks like."""

from __future__ import annotations

from collections.abc import Sequence

from app.formats.profiles import (
    espocrm,
    google,
    hubspot,
    odoo,
    outlook,
    pipedrive,
    salesforce,
    suitecrm,
    zoho,
)
from app.formats.profiles.profile import Profile, score

ALL: tuple[Profile, ...] = (
    *hubspot.ALL,
    *salesforce.ALL,
    *pipedrive.ALL,
    *zoho.ALL,
    *espocrm.ALL,
    *suitecrm.ALL,
    *odoo.ALL,
    *google.ALL,
    *outlook.ALL,
)
BY_KEY = {profile.key: profile for profile in ALL}


def find(key: str) -> Profile | None:
    """Return the profile with a key ("hubspot.contact"), or None."""
    return BY_KEY.get(key)


def fits(profile: Profile, headers: Sequence[str]) -> bool:
    """Tell whether a header has all that a profile needs."""
    return score(profile, headers) > (0, 0)


def recognise(headers: Sequence[str]) -> Profile | None:
    """Return the profile that knows most of a header, among those whose needs are all there."""
    scored = [(score(profile, headers), profile) for profile in ALL if profile.needs]
    best = max(scored, key=lambda one: one[0], default=((0, 0), None))
    return best[1] if best[0] > (0, 0) else None
