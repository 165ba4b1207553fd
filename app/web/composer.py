"""What the composer shows: kinds, outcomes, follow-ups, and who can be added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import select

from app.formats.fold import fold
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import TimelineKind
from app.models import Affiliation, Contact
from app.services import nonces, people, search, tasks
from app.services.context import ctx
from app.services.interactions import Target
from app.web.forms.interaction import Typed, target

MAIN = 4
"""Kinds that stand in the first line; the others are behind "More"."""

GROUPS = 4
"""Sets of outcomes that the stylesheet can tell apart; further ones share the last."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Somebody or something that can be added: `value` is "entity:id"."""

    value: str
    name: str
    line: str = ""
    chosen: bool = False


def composer(
    record: Any = None,
    *,
    entity: str = "contact",
    kind: str | None = None,
    typed: Typed | None = None,
    problems: dict[str, str] | None = None,
    swap: bool = True,
) -> dict[str, Any]:
    """Return what interactions/_composer.html needs, on a record's page or for nobody yet.

    `kind` is chosen from the start (else the address may say `?log=call`); with `swap` the page has the record's
    timeline, which follows.
    """
    asked = ctx()
    kinds = [
        k for k in asked.schema.kinds() if k.loggable and (k.permission is None or asked.may(k.permission))
    ]
    if typed is None:
        wanted = request.args.get("log", "") if kind is None else kind
        typed = Typed(kind=wanted if any(k.key == wanted for k in kinds) else "", nonce=nonces.fresh())
    groups = outcomes(kinds)
    return {
        "composer": {
            "kinds": [_kind(k, groups) for k in kinds[:MAIN]],
            "others": [_kind(k, groups) for k in kinds[MAIN:]],
            "outcomes": groups,
            "typed": typed,
            "entity": entity if record is not None else "",
            "record": record,
            "on": f"{entity}:{record.id}" if record is not None else "",
            "swap": swap and record is not None,
            "problems": problems or {},
            "offers": offers(asked, typed) if typed.ties or problems is not None else [],
            "follow": follow_ups(),
            "open": typed.who
            or any((typed.when, typed.subject, typed.location, typed.private, typed.ties))
            or any((typed.follow_on, typed.follow_text)),
        }
    }


def outcomes(kinds: Sequence[TimelineKind]) -> list[tuple[Any, ...]]:
    """Return the different sets of outcomes of some kinds, at most GROUPS."""
    every = list(dict.fromkeys(k.outcomes for k in kinds if k.outcomes))
    if len(every) <= GROUPS:
        return every
    rest = {o.value: o for group in every[GROUPS - 1 :] for o in group}
    return [*every[: GROUPS - 1], tuple(rest.values())]


def follow_ups() -> list[tuple[str, str]]:
    """Return what "follow up in …" offers."""
    labels = {
        "tomorrow": _("Tomorrow"),
        "3d": _("In 3 days"),
        "1w": _("In a week"),
        "2w": _("In 2 weeks"),
        "1m": _("In a month"),
    }
    return [("", _("None")), *((choice, labels[choice]) for choice in tasks.SOON)]


def offers(asked: Context, typed: Typed, *, on: str = "") -> list[Offer]:
    """Return who and what is chosen already, and then what a search or the company of `on` suggests."""
    chosen = [t for t in dict.fromkeys(map(target, typed.ties)) if t is not None]
    names = people.names(asked, chosen)
    found = [
        Offer(value=_value(t), name=names[t].name, line=_sort(asked, t), chosen=True)
        for t in chosen
        if t in names
    ]
    here = target(on)
    known = {*chosen, here}
    new = _found(asked, typed.who.strip()) if typed.who.strip() else _beside(asked, here)
    return [*found, *(o for o in new if target(o.value) not in known)]


def _found(asked: Context, text: str) -> list[Offer]:
    word = fold(text)
    mates = [(i, name) for i, name in people.colleagues(asked) if word in fold(name) and i != asked.user.id]
    found = [Offer(value=f"user:{i}", name=name, line=_("Colleague")) for i, name in mates[:5]]
    for group in search.find(asked, text, limit=6).groups:
        if asked.schema.has(group.entity) and group.entity not in {"interaction", "task"}:
            found += [
                Offer(value=f"{group.entity}:{hit.id}", name=hit.title or "–", line=hit.line or group.label)
                for hit in group.hits
            ]
    return found


def _beside(asked: Context, here: Target | None) -> list[Offer]:
    """Return people of the same company, and colleagues, for a start."""
    if here is None or here[0] not in {"contact", "company"}:
        return _colleagues(asked)
    firms = select(Affiliation.company_id).where(
        Affiliation.contact_id == here[1], Affiliation.ended_on == ""
    )
    of = Affiliation.company_id == here[1] if here[0] == "company" else Affiliation.company_id.in_(firms)
    query = (
        select(Contact.id, Contact.formatted_name, Affiliation.title)
        .join(Affiliation, Affiliation.contact_id == Contact.id)
        .where(of, Affiliation.ended_on == "")
        .order_by(Contact.last_interaction_at.desc(), Contact.id)
        .limit(8)
    )
    rows = asked.session.execute(query).all()
    mates = [Offer(value=f"contact:{r.id}", name=r.formatted_name or "–", line=r.title) for r in rows]
    return [*mates, *_colleagues(asked)]


def _colleagues(asked: Context) -> list[Offer]:
    some = [(i, name) for i, name in people.colleagues(asked) if i != asked.user.id]
    return [Offer(value=f"user:{i}", name=name, line=_("Colleague")) for i, name in some[:5]]


def _value(of: Target) -> str:
    return f"{of[0]}:{of[1]}"


def _sort(asked: Context, of: Target) -> str:
    return _("Colleague") if of[0] == "user" else str(asked.schema.entity(of[0]).label)


def _kind(kind: TimelineKind, groups: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    place = (
        groups.index(kind.outcomes) + 1 if kind.outcomes in groups else len(groups) if kind.outcomes else 0
    )
    return {
        "key": kind.key,
        "label": kind.label,
        "icon": kind.icon,
        "timed": kind.timed,
        "directed": kind.directed,
        "outcomes": place,
    }
