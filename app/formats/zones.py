"""Time zones people live in: the IANA name from a name, a city or an offset."""

from __future__ import annotations

import re
from functools import lru_cache
from zoneinfo import available_timezones

from app.formats.fold import fold
from app.i18n import _

_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d{1,2})(?::?(\d\d))?", re.IGNORECASE)


def parse(text: str) -> str:
    """Return the zone meant by “Europe/Lisbon”, “lisbon” or “UTC+1”; an offset as +01:00. Raises ValueError."""
    written = text.strip()
    if not written:
        return ""
    found = _known().get(fold(written).replace(" ", "_"))
    if found:
        return found
    offset = _OFFSET.fullmatch(written)
    if offset and int(offset[2]) <= 14 and int(offset[3] or 0) < 60:
        return f"{offset[1]}{int(offset[2]):02}:{offset[3] or '00'}"
    raise ValueError(
        _("“%(text)s” is no time zone Kith knows. Write a city, like Lisbon, or Europe/Lisbon.", text=written)
    )


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    """Return the zones by folded name and by city; of two cities of one name the first continent wins."""
    every = sorted(z for z in available_timezones() if not z.startswith(("Etc/", "posix/", "right/")))
    cities = {fold(z.rpartition("/")[2]): z for z in reversed(every)}
    return cities | {fold(z): z for z in every}
