"""Why two records may be one, in words, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterable

from app.i18n import _

SURE, LIKELY = 97, 90
"""Percent from which it is said to be very likely, and likely."""


def reasons(names: Iterable[str]) -> list[str]:
    """Return the sentences for reasons (dedupe_score); those of a later edition are left out."""
    known = {
        "email": _("Same e-mail"),
        "office_email": _("Same shared e-mail"),
        "phone": _("Same phone number"),
        "name": _("Same name"),
        "name_near": _("Similar name"),
        "born": _("Same birthday"),
        "born_near": _("Similar birthday"),
        "employer": _("Same company"),
        "address": _("Same address"),
        "address_near": _("Similar address"),
        "domain": _("Same domain"),
        "code": _("Same registration number"),
    }
    return [known[name] for name in names if name in known]


def certainty(score: int) -> str:
    """Return how sure it is, in a word or two."""
    if score >= SURE:
        return _("Very likely the same")
    return _("Probably the same") if score >= LIKELY else _("Perhaps the same")
