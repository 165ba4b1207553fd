"""How sure it is that two profiles are one: points for and against from everything known of both, and the reasons.

Points are like logarithms of odds to the base of two: independent reasons add up, and what is missing says nothing.
The weights are those of experience with labelled sets of people, companies and addresses (docs/duplicates.md).
"""

from __future__ import annotations

from math import log2
from typing import NamedTuple

from app.services import dedupe_alike as alike
from app.services.dedupe_profile import Profile, Words

BAR = 5.0
"""Points at which two records are shown to people as one."""

SHARED = frozenset(
    [
        "accounting",
        "accounts",
        "admin",
        "billing",
        "buchhaltung",
        "buero",
        "contact",
        "contacto",
        "contato",
        "einkauf",
        "empfang",
        "geral",
        "hello",
        "hi",
        "hola",
        "hr",
        "info",
        "jobs",
        "kontakt",
        "kundenservice",
        "mail",
        "marketing",
        "no-reply",
        "noreply",
        "office",
        "orders",
        "post",
        "press",
        "privacy",
        "purchasing",
        "reception",
        "sales",
        "secretaria",
        "service",
        "servicio",
        "sekretariat",
        "shop",
        "support",
        "team",
        "ventas",
        "verkauf",
        "vertrieb",
        "webmaster",
        "zentrale",
    ]
)
"""Local parts of addresses that several people of a house share."""

OTHERS = -4.0
"""Points of a name that is somebody else's: those who live or work together share the rest."""

ELSEWHERE = -2.5
"""Points for companies of unlike names in houses of other numbers: branches of one. Not where both have one number in
one town: a number of branches rings for several towns."""

FEW = 8
"""Namesakes up to which a name says all it can; with twice as many it says a point less."""

HALF = 4.0
"""Points below which half of a name is somebody else's: two other things, or an own e-mail address, must then be
the same."""


class Found(NamedTuple):
    """Points, and why: names of reasons (`dedupe_words`), the weightiest first."""

    points: float
    reasons: tuple[str, ...]

    @property
    def percent(self) -> int:
        """How sure it is, from 1 to 99: 85 at the bar, three more points are eight times the odds."""
        return max(1, min(99, round(100 / (1 + 2 ** -(self.points - BAR + 2.5)))))


NOTHING = Found(-99.0, ())

Told = tuple[float, str]
"""Points, and the name of the reason."""


def compare(left: Profile, right: Profile, *, namesakes: int = 0) -> Found:
    """Return how sure it is that two profiles of one kind are the same; `namesakes` is how many share their name."""
    firm = bool(left.name or right.name)
    name, apart = _firm_name(left, right) if firm else _name(left, right)
    if apart and not _proven(left, right):
        return NOTHING
    found = [
        name,
        *_reach(left, right, elsewhere=ELSEWHERE if firm and name[1] != "name" else 0.0),
        *(_firms(left, right) if firm else _people(left, right)),
    ]
    points = sum(p for p, _reason in found)
    if namesakes > FEW and name[0] > 0:
        points -= min(name[0], log2(namesakes / FEW))
    others = [reason for p, reason in found[1:] if p > 1]
    if not firm and name[0] < HALF and len(others) < 2 and "email" not in others:
        points = min(points, BAR - 1)
    told = sorted(((p, reason) for p, reason in found if p > 0.5 and reason), reverse=True)
    return Found(points, tuple(reason for _p, reason in told))


def _proven(left: Profile, right: Profile) -> bool:
    """Tell whether something holds even between two names that have nothing in common."""
    return bool(
        (left.born and left.born == right.born)
        or not set(left.emails).isdisjoint(right.emails)
        or not set(left.codes).isdisjoint(right.codes)
        or not set(left.domains).isdisjoint(right.domains)
    )


def _people(left: Profile, right: Profile) -> list[Told]:
    found: list[Told] = []
    if left.born and right.born:
        how = alike.day(left.born, right.born)
        found.append((9.0 if how == 1 else _turn(how, 0.5, 6.0, -5.0), "born" if how == 1 else "born_near"))
    if left.employers and right.employers:
        how = max(alike.firm(_split(a), _split(b)) for a in left.employers for b in right.employers)
        found.append((_turn(how, 0.8, 3.0, -0.5), "employer"))
    return found


def _name(left: Profile, right: Profile) -> tuple[Told, bool]:
    """Compare names of people, also swapped and by nickname; tell also whether they are clearly two people's."""
    points = _halves(left.given, left.family, right.given, right.family)
    if points < 6 and left.given and right.family:
        points = max(points, _halves(left.given, left.family, right.family, right.given) - 0.5)
    if left.others or right.others:
        given, other = (*left.given, *left.others), (*right.given, *right.others)
        points = max(points, _halves(given, left.family, other, right.family) - 0.5)
    told = "name" if points >= 8.4 else "name_near"
    return (points, told), points <= OTHERS + 0.5


def _halves(given: Words, family: Words, other_given: Words, other_family: Words) -> float:
    points = 0.0
    if family and other_family:
        points += _turn(alike.words(family, other_family), 0.75, 5.0, -6.0)
    if given and other_given:
        points += _turn(alike.words(given, other_given), 0.72, 3.5, -9.0)
    return points


def _firm_name(left: Profile, right: Profile) -> tuple[Told, bool]:
    if not (left.name and right.name):
        return (0.0, ""), False
    towns = {word for _n, _s, town, _c in (*left.places, *right.places) for word in town.split()}
    how = max(
        alike.firm(left.name, right.name), alike.firm(_without(left.name, towns), _without(right.name, towns))
    )
    return (_turn(how, 0.7, 6.0, -7.0), "name" if how == 1 else "name_near"), how < 0.45


def _without(name: Words, towns: set[str]) -> Words:
    """Return a company's name without the town it is in ("Spago Los Angeles"), unless it has no other words."""
    return tuple(word for word in name if word not in towns) or name


def _firms(left: Profile, right: Profile) -> list[Told]:
    found: list[Told] = []
    if left.domains and right.domains:
        found.append((5.0, "domain") if set(left.domains) & set(right.domains) else (-1.0, ""))
    if left.codes and right.codes:
        found.append((9.0, "code") if set(left.codes) & set(right.codes) else (-2.0, ""))
    return found


def _reach(left: Profile, right: Profile, *, elsewhere: float) -> list[Told]:
    found: list[Told] = []
    if left.emails and right.emails and (same := set(left.emails) & set(right.emails)):
        personal = any(m.partition("@")[0] not in SHARED for m in same)
        found.append((9.0, "email") if personal else (3.0, "office_email"))
    same_number = bool(set(left.phones) & set(right.phones))
    if left.phones and right.phones:
        found.append((5.0, "phone") if same_number else (-0.5, ""))
    if left.places and right.places:
        points, how = alike.places(left.places, right.places)
        if not (same_number and alike.same_town(left.places, right.places)):
            points += elsewhere if alike.apart(left.places, right.places) else 0.0
        found.append((points, "address" if how > 0.95 else "address_near"))
    return found


def _turn(how: float, level: float, most: float, least: float) -> float:
    """Return points for a likeness: the most for 1, none at the level, the least for 0."""
    if how >= level:
        return most * (how - level) / (1 - level)
    return least * (level - how) / level


def _split(key: str) -> Words:
    return tuple(key.split())
