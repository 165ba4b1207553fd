"""A record that is there already and a card about it: what changes, and what of the card is not taken."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.formats import emails, phones
from app.formats.fold import fold, words
from app.kernel.context import Context
from app.services import companies
from app.services.card_values import FURTHER_NAMES, PARTS, one_line

Rows = Sequence[Mapping[str, Any]]

LISTS = frozenset(("emails", "phones", "addresses", "links", "affiliations", "tags", "domains", "extra"))
TEXTS = frozenset(("note", "description"))
NAME = frozenset((*PARTS, *FURTHER_NAMES, "name"))


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How a record that is there takes what a file says: `policies` (field → one of `import_options.POLICIES`) first.

    `long` names its fields of long text, to which a paragraph can be added.
    """

    replace: bool = False
    policies: Mapping[str, str] = field(default_factory=dict)
    long: frozenset[str] = TEXTS


def merge(
    ctx: Context, present: Mapping[str, Any], values: Mapping[str, Any], rules: Rules | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the changes to a record, and the values of the card that its own, different ones keep out.

    Lists grow and notes get a paragraph; other fields are filled where they are empty, or with `replace` taken over.
    The name is taken as one: its parts are only filled where the ones that are there agree with the card.
    """
    rules = rules or Rules()
    replace, policies = rules.replace, rules.policies
    changes: dict[str, Any] = {}
    kept: dict[str, Any] = {}
    names = {n: v for n, v in values.items() if n in NAME and n not in policies}
    for name, value in values.items():
        if name in names:
            continue
        if name in policies:
            taken = _by_policy(ctx, name, present.get(name), value, rules)
            (kept if taken is None else changes)[name] = value if taken is None else taken
            continue
        now = present.get(name)
        if name == "affiliations":
            changes[name], others = _places(now or [], value, replace=replace)
            kept |= {name: others} if others else {}
        elif name in LISTS:
            changes[name] = _joined(ctx, name, now, value)
        elif name in TEXTS:
            changes[name] = _noted(str(now or ""), value)
        elif name == "languages":
            changes[name] = _codes(str(now or ""), value)
        elif replace or now in (None, "", []):
            changes[name] = value
        elif now != value:
            kept[name] = value
    _take_name(present, names, changes, kept, replace=replace)
    return {n: v for n, v in changes.items() if v != present.get(n)}, kept


def _by_policy(ctx: Context, name: str, now: Any, value: Any, rules: Rules) -> Any:
    """Return what a field gets as somebody chose for it, or None where it stays; to a single value nothing is added."""
    policy = rules.policies[name]
    if now == value:
        return now
    if policy == "keep":
        return None
    if policy == "overwrite" or now in (None, "", [], "[]"):
        return value
    return _appended(ctx, name, now, value, rules) if policy == "append" else None


def _appended(ctx: Context, name: str, now: Any, value: Any, rules: Rules) -> Any:
    """Return what is there with the new behind it, or None where nothing can be added."""
    if name == "affiliations":
        return _places(now, value, replace=False)[0]
    if name in LISTS:
        return _joined(ctx, name, now, value)
    if name == "languages":
        return _codes(str(now), value)
    if isinstance(now, list) and isinstance(value, list):
        return [*now, *(one for one in value if one not in now)]
    if name in rules.long and isinstance(now, str) and isinstance(value, str):
        return _noted(now, value)
    return None


def _take_name(
    present: Mapping[str, Any],
    names: Mapping[str, Any],
    changes: dict[str, Any],
    kept: dict[str, Any],
    *,
    replace: bool,
) -> None:
    if replace:
        changes |= names
        return
    said = set(words(" ".join(str(present.get(n) or "") for n in (*PARTS, "name", "nickname"))))
    told = set(words(" ".join(str(v) for v in names.values())))
    if told <= said:
        return
    agree = all(not present.get(n) or fold(str(present[n])) == fold(str(v)) for n, v in names.items())
    (changes if agree or not said else kept).update(names)


def _joined(ctx: Context, name: str, now: Any, new: Any) -> Any:
    if name == "extra":
        return _further(str(now or "[]"), new)
    if name in ("tags", "domains"):
        known = {fold(word) for word in now or ()}
        return [*(now or ()), *(word for word in new if fold(word) not in known)]
    key = _keys(ctx)[name]
    known = {key(row) for row in now or ()}
    added = [{**row, "preferred": False} for row in new if key(row) not in known]
    return [*(now or ()), *added] if added else (now or [])


def _keys(ctx: Context) -> Mapping[str, Callable[[Mapping[str, Any]], str]]:
    """How entries of a list are told apart."""
    region = ctx.settings.get("region") or None

    def number(row: Mapping[str, Any]) -> str:
        phone = phones.parse(row["value"], region)
        return phone.e164 or phones.search_keys(phone) or str(row["value"])

    return {
        "emails": lambda row: emails.normalise(row["value"]) or str(row["value"]).casefold(),
        "phones": number,
        "addresses": lambda row: " ".join(words(one_line(dict(row)))),
        "links": lambda row: str(row["value"]).casefold().rstrip("/"),
    }


def _places(now: Rows, new: Rows, *, replace: bool) -> tuple[list[dict[str, Any]], list[str]]:
    """Add places of work; one in the same company is the same place and gets what it lacks. Return also what it did not."""
    found = [dict(place) for place in now]
    others: list[str] = []
    for place in new:
        same = next((p for p in found if not p.get("ended_on") and _one_company(p, place)), None)
        if same is None:
            found.append({**place, "is_primary": not any(p.get("is_primary") for p in found)})
            continue
        for part in ("title", "role", "department"):
            if place.get(part) and (replace or not same.get(part)):
                same[part] = place[part]
            elif place.get(part) and place[part] != same[part]:
                others.append(place[part])
    return found, others


def _one_company(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    if left.get("company_id") and left["company_id"] == right.get("company_id"):
        return True
    return companies.key_of(str(left.get("company") or "")) == companies.key_of(
        str(right.get("company") or "")
    )


def _further(now: str, new: str) -> str:
    known = json.loads(now)
    added = [prop for prop in json.loads(new) if prop not in known]
    return json.dumps([*known, *added], ensure_ascii=False) if added else now


def _noted(now: str, new: str) -> str:
    return now if new.strip() in now else "\n\n".join(filter(None, (now, new)))


def _codes(now: str, new: str) -> str:
    found = [code.strip() for code in (*now.split(","), *new.split(",")) if code.strip()]
    return ",".join(dict.fromkeys(found))
