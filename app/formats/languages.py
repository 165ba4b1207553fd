"""Languages people speak: BCP 47 codes from codes or names, and their names for a reader."""

from __future__ import annotations

import re
from functools import lru_cache

from babel.core import Locale, UnknownLocaleError

from app.formats.fold import fold
from app.i18n import _

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?")
_READERS = ("en", "de", "fr", "es", "pt")


def parse(text: str, locale: str = "en") -> str:
    """Return the codes, separated by commas, of languages typed as codes or names. Raises ValueError with a sentence."""
    written = [part.strip() for part in re.split(r"[,;/\n]", text) if part.strip()]
    return ",".join(dict.fromkeys(_code(part, locale) for part in written))


def name(code: str, locale: str = "en") -> str:
    """Return what a language is called for a reader of `locale`; an unknown code stays as it is."""
    reader = _locale(locale)
    found = reader.languages.get(code.replace("-", "_")) or reader.languages.get(
        code.partition("-")[0].lower()
    )
    if not found:
        return code
    territory = code.replace("_", "-").split("-")[-1].upper() if "-" in code or "_" in code else ""
    place = reader.territories.get(territory)
    known = reader.languages.get(code.replace("-", "_"))
    return str(known or (f"{found} ({place})" if place else found))


def names(codes: str, locale: str = "en") -> list[str]:
    """Return the names of languages given as codes separated by commas."""
    return [name(code.strip(), locale) for code in codes.split(",") if code.strip()]


def _code(text: str, locale: str) -> str:
    for reader in dict.fromkeys((locale, *_READERS)):
        if code := _by_name(reader).get(fold(text)):
            return code
    tag = text.replace("_", "-")
    if _TAG.fullmatch(tag) and tag.split("-")[0].lower() in _locale("en").languages:
        return tag
    raise ValueError(
        _(
            "“%(text)s” is no language Kith knows. Write its name, like Portuguese, or its code, like pt.",
            text=text,
        )
    )


@lru_cache(maxsize=32)
def _by_name(locale: str) -> dict[str, str]:
    """Return the names of languages, and their names for themselves, by folded text."""
    own = {}
    for code in ("en", "de", "fr", "es", "pt", "it", "nl", "hu", "pl", "sv", "da", "fi", "cs", "ru", "tr"):
        own[fold(Locale(code).get_display_name(code) or code)] = code
    return own | {fold(label): code.replace("_", "-") for code, label in _locale(locale).languages.items()}


@lru_cache(maxsize=32)
def _locale(code: str) -> Locale:
    try:
        return Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")
