"""Values within which records are named: journal, settings, saved views, added fields, JSON and expressions of plugins.

The same function writes and reads: `find` (table, id or name) says what stands for it on the other side, None if nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Column

from app.kernel.contributions import Field, Kind
from app.services import whole_filters
from app.services.whole_filters import Find, Known

Change = Callable[[Mapping[str, Any], Any], Any]
"""What a value of a row becomes on the other side."""

READ = frozenset({"create", "edit", "delete", "restore"})
"""Verbs of journal entries that hold values of fields; others are notes for taking something back."""

UNREAD = frozenset({"known", "forgotten"})
"""Verbs of entries that nobody reads: they stay."""

OWN = frozenset(
    {"digest_sent", "recent_records", "recent_searches", "recent_records_cleared", "recent_searches_cleared"}
)
"""Settings of users that tell what somebody did a moment ago: they stay."""

STAYING = frozenset({"webhooks", "whole"})
"""Owners of settings that hold for one installation alone."""

JSON_TEXTS = frozenset(
    {
        ("custom_field", "options"),
        ("custom_field", "settings"),
        ("journal", "after"),
        ("journal", "before"),
        ("layout", "content"),
        ("saved_view", "state"),
        ("setting", "value"),
        ("work_calendar", "week"),
        ("work_exception", "periods"),
    }
)
"""Columns of text that hold JSON: they are exported as such."""

POINTERS = {"company_id": "company", "other_id": "contact"}
"""Parts of an entry that are the id of a record."""


class Lost(Exception):
    """A row cannot be exported: it is a secret, or speaks only of what is no more."""


def changes(table: str, column: Column[Any], known: Known, find: Find) -> Change | None:
    """Return what happens to the values of a column besides being written as JSON; None: nothing."""
    if (inside := column.info.get("points_in")) is not None:
        return lambda row, value: _inside(inside, value, find)
    if (of := column.info.get("filter")) is not None:
        return lambda row, value: whole_filters.text(known, of(row) if callable(of) else of, value, find)
    special: dict[tuple[str, str], Change] = {
        ("saved_view", "state"): lambda row, value: whole_filters.state(known, row["entity"], value, find),
        ("setting", "value"): partial(_setting, find),
        ("custom_field", "settings"): partial(_rules, known, find),
        ("layout", "content"): partial(_rules, known, find),
        ("journal", "before"): partial(_journal, known, find),
        ("journal", "after"): partial(_journal, known, find),
    }
    return special.get((table, column.name))


def _inside(inside: Mapping[str, str], value: Any, find: Find) -> Any:
    """Exchange ids within JSON: `inside` says which keys hold them, "*" stands for all keys of an object."""
    if isinstance(value, list):
        return [_inside(inside, one, find) for one in value]
    if not isinstance(value, dict):
        return value
    to = {name: inside.get(name, inside.get("*")) for name in value}
    found = {n: find(t, one) if (t := to[n]) is not None else one for n, one in value.items()}
    return {n: one for n, one in found.items() if one is not None}


def _rules(known: Known, find: Find, row: Mapping[str, Any], value: Any) -> Any:
    """Change the conditions within what an administrator defined, wherever they stand."""
    if isinstance(value, list):
        return [_rules(known, find, row, one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {n: _rules(known, find, row, one) for n, one in value.items()}
    told = found.get("only_if")
    return {**found, "only_if": whole_filters.text(known, row["entity"], told, find)} if told else found


# ---------------------------------------------------------------- settings


def _setting(find: Find, row: Mapping[str, Any], value: Any) -> Any:
    owner, key = row["owner"], row["key"]
    if owner in STAYING or key in OWN or _sealed(value):
        raise Lost
    if owner == "views" and isinstance(value, dict):
        return {n: _view(one, find) for n, one in value.items()}
    if (owner, key) == ("core", "keep_in_touch") and isinstance(value, dict):
        tags = {str(to): days for one, days in (value.get("tags") or {}).items() if (to := _tag(one, find))}
        return {**value, "tags": dict(sorted(tags.items()))}
    return value


def _view(key: Any, find: Find) -> Any:
    """A saved view is chosen by its number, a declared one by its name."""
    if not isinstance(key, str):
        return key
    found = find("saved_view", _id(key))
    return str(found) if found is not None else "" if key.isdecimal() else key


def _tag(text: str, find: Find) -> Any:
    """A tag may be called like a number."""
    return (find("tag", int(text)) if text.isdecimal() else None) or find("tag", text)


def _sealed(value: Any) -> bool:
    if isinstance(value, dict):
        return value.get("$type") == "sealed" or any(map(_sealed, value.values()))
    return isinstance(value, list) and any(map(_sealed, value))


def _id(text: Any) -> Any:
    return int(text) if isinstance(text, str) and text.isdecimal() else text


# ---------------------------------------------------------------- the journal


def _journal(known: Known, find: Find, row: Mapping[str, Any], value: Any) -> Any:
    if row["verb"] in UNREAD:
        raise Lost
    if row["verb"] not in READ:
        return _merged(known, row["entity"], value, find)
    there = known.fields.get(row["entity"], {})
    return {n: _value(known, there.get(n), one, find) for n, one in value.items()}


def _merged(known: Known, entity: str, value: Any, find: Find) -> Any:
    """Of a merge it is told which records it was, not what was moved: that cannot be taken back elsewhere."""
    table = known.tables.get(entity)
    told = {n: find(table, value[n]) for n in ("former", "kept") if table and n in value}
    return {**told, "notes": []} if told else {}


def _value(known: Known, field: Field | None, value: Any, find: Find) -> Any:
    if field is None or value is None:
        return value
    if isinstance(value, list):
        found = [_entry(known, field, one, find) for one in value]
        return [one for one in found if one is not None]
    if (table := known.target(field)) is not None and field.kind is not Kind.REFS:
        return find(table, value)
    return value


def _entry(known: Known, field: Field, entry: Any, find: Find) -> Any:
    if isinstance(entry, dict):
        found = {n: find(POINTERS[n], one) if n in POINTERS else one for n, one in entry.items()}
        return found
    if field.kind is not Kind.REFS:
        return entry
    if isinstance(entry, str) and ":" in entry:
        entity, _sep, name = entry.partition(":")
        table = known.tables.get(entity)
        other = find(table, _id(name)) if table else None
        return f"{entity}:{other}" if other is not None else None
    return find(table, entry) if (table := known.target(field)) is not None else entry


def loads(text: str) -> Any:
    """Return what a column of JSON texts holds."""
    return json.loads(text) if text else None


def dumps(table: str, value: Any) -> str:
    """Return JSON as its table keeps it: the journal is written closely, settings are not."""
    close = (",", ":") if table == "journal" else None
    return json.dumps(value, ensure_ascii=False, separators=close)
