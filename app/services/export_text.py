"""Values of fields as text for people, from which the same value is read again: one codec for export and import.

What a plain text would not bring back exactly is written as JSON behind a mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.formats.csv_rows import cell_text
from app.formats.partial_dates import from_iso
from app.kernel.context import Context
from app.kernel.contributions import Field, Kind
from app.services import cell_shapes, fields
from app.services.export_refs import Refs
from app.services.values import dump

MARK = "json:"
MARKS = (MARK, "[{", '["')
_TEXTS = (Kind.TEXT, Kind.LONG_TEXT)
_POINTERS = (Kind.USER, Kind.TEAM, Kind.REF, Kind.REFS)
_ENTRY = re.compile(r"(?:\[(?P<service>[^\]\n]*)\] )?(?P<value>.*?)(?: \((?P<kind>[^()\n]*)\))?")
_TYPED = re.compile(r"((?:[a-z_]+(?:\.[a-z_]+)?)(?:/[a-z_]+(?:\.[a-z_]+)?)*)#(\S.*)")
_LISTED = (Kind.EMAIL, Kind.PHONE, Kind.URL)
_POINTING = {"company_id": "company", "other_id": "contact"}
"""Keys of entries that point at records, and at which."""


def targets(field: Field, value: Any) -> Iterator[tuple[str, int]]:
    """Yield what a value points at: (entity, id)."""
    if value is None:
        return
    if field.kind is Kind.USER:
        yield "user", value
    elif field.kind is Kind.TEAM:
        yield "team", value
    elif field.kind is Kind.REF and field.ref:
        yield field.ref, value
    elif field.kind is Kind.REFS:
        yield from (target for one in value for target in _of_entry(field, one))


def _of_entry(field: Field, one: Any) -> Iterator[tuple[str, int]]:
    if isinstance(one, Mapping):
        yield from ((entity, one[key]) for key, entity in _POINTING.items() if one.get(key))
    elif isinstance(one, int) and field.ref:
        yield field.ref, one
    elif isinstance(one, str) and ":" in one:
        entity, _sep, number = one.rpartition(":")
        yield entity, int(number)


def written(refs: Refs, field: Field, value: Any) -> str:
    """Return a value as text; what it points at was looked up before (`Refs.prefetch`)."""
    if value in (None, "", []):
        return ""
    text = _written(refs, field, value)
    if (
        text is not None
        and text == cell_text(text)
        and not text.startswith(MARKS)
        and _back(refs, field, text, value)
    ):
        return text
    return MARK + dump(portable(refs, field, value))


def _back(refs: Refs, field: Field, text: str, value: Any) -> bool:
    """Tell whether a plain text is read as the value it was made of; only asked where reading is more than taking it."""
    if field.kind in _LISTED or field.kind in _POINTERS or (field.parse is None and field.kind in _TEXTS):
        return True
    try:
        return bool(read(refs, field, text) == value)
    except ValueError:
        return False


def _written(refs: Refs, field: Field, value: Any) -> str | None:
    """Return the plain text, or None where it would not bring the value back."""
    kind = field.kind
    if kind in (Kind.USER, Kind.TEAM, Kind.REF):
        return refs.text({Kind.USER: "user", Kind.TEAM: "team"}.get(kind) or field.ref or "", value)
    if kind in _LISTED and isinstance(value, list):
        text = "\n".join(map(_entry, value))
        return text if _entries(text) == _plain(value) else None
    if kind is Kind.REFS and isinstance(value, list) and not any(isinstance(one, Mapping) for one in value):
        return "\n".join(filter(None, (refs.text(*next(_of_entry(field, one))) for one in value)))
    if isinstance(value, list):
        return _words(value)
    if kind is Kind.CHOICE:
        return refs.label(field, str(value))
    if isinstance(value, datetime):
        return value.astimezone(refs.ctx.zone).isoformat(sep=" ")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return (
        value if isinstance(value, str) else str(value) if isinstance(value, int | float | Decimal) else None
    )


def _words(value: list[Any]) -> str | None:
    if not all(isinstance(word, str) for word in value):
        return None
    fits = all(word == word.strip() and word and "," not in word and "\n" not in word for word in value)
    return ", ".join(value) if fits and len(set(value)) == len(value) else None


def _entry(row: Mapping[str, Any]) -> str:
    value, kind, service = str(row["value"]), str(row.get("kind") or ""), str(row.get("service") or "")
    head = f"[{service}] " if service or value.startswith("[") else ""
    return f"{head}{value} ({kind})" if kind or value.endswith(")") else f"{head}{value}"


def _entries(text: str) -> list[dict[str, Any]]:
    found = [match for line in text.split("\n") if line and (match := _ENTRY.fullmatch(line))]
    return [
        {
            "value": match["value"],
            "service": match["service"] or "",
            "kind": match["kind"] or "",
            "preferred": n == 0,
        }
        for n, match in enumerate(found)
    ]


def _plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    keys = ("value", "service", "kind")
    return [
        {k: str(row.get(k) or "") for k in keys} | {"preferred": bool(row.get("preferred"))} for row in rows
    ]


def portable(refs: Refs, field: Field, value: Any) -> Any:
    """Return a value as JSON may hold it, with names and UIDs in place of ids."""
    if field.kind in (Kind.USER, Kind.TEAM, Kind.REF):
        return _written(refs, field, value)
    if field.kind is Kind.REFS and isinstance(value, list):
        return [
            _named(refs, one) if isinstance(one, Mapping) else refs.text(*next(_of_entry(field, one)))
            for one in value
        ]
    return value


def line_value(refs: Refs, field: Field, value: Any) -> Any:
    """Return a value for a line of JSON Lines; a text that would be read in another way is marked."""
    found = portable(refs, field, value)
    odd = isinstance(found, str) and (found.startswith(MARKS) or found != found.strip())
    return MARK + dump(found) if odd else found


def _named(refs: Refs, entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        (key.removesuffix("_id") + "_ref" if key in _POINTING else key): (
            refs.text(_POINTING[key], one) if key in _POINTING else one
        )
        for key, one in entry.items()
    }


# ---------------------------------------------------------------- the way back


def read(refs: Refs, field: Field, text: str) -> Any:
    """Return the value that a text stands for: what `written` wrote, else what a person would type into the field.

    Raises ValueError with a sentence.
    """
    ctx, kind = refs.ctx, field.kind
    if text.startswith(MARK) or (text.startswith(MARKS) and (field.many or field.save is not None)):
        return _from_json(refs, field, text.removeprefix(MARK))
    if kind in (Kind.USER, Kind.TEAM, Kind.REF):
        return refs.id({Kind.USER: "user", Kind.TEAM: "team"}.get(kind) or field.ref or "", text)
    if kind in _LISTED and field.many and (rows := _listed(ctx, field, text)) is not None:
        return rows
    if kind is Kind.REFS and text:
        return [_tied(refs, field, line) for line in text.split("\n") if line.strip()]
    if kind is Kind.CHOICES and field.parse is None:
        return [word.strip() for word in text.split(",") if word.strip()]
    if kind is Kind.ADDRESS and field.many and text:
        return [{"label": text, "preferred": True}]
    if kind in (Kind.PARTIAL_DATE, Kind.DATE) and text:
        return _date(ctx, field, text)
    if field.many and field.parse is None and text:
        return [word.strip() for word in text.split(",") if word.strip()]
    return fields.parse(ctx, field, text)


def _listed(ctx: Context, field: Field, text: str) -> list[dict[str, Any]] | None:
    rows = _entries(text)
    if not any(row["kind"] or row["service"] for row in rows) and field.parse is not None:
        return None
    if field.kind is not Kind.URL:
        rows = [{k: v for k, v in row.items() if k != "service"} for row in rows]
    return rows


def _date(ctx: Context, field: Field, text: str) -> Any:
    try:
        return str(from_iso(text))
    except ValueError:
        return fields.parse(ctx, field, text)


def _tied(refs: Refs, field: Field, line: str) -> Any:
    if field.ref:
        return cell_shapes.tie(field, refs.id(field.ref, line))
    kinds, name = typed(line)
    for entity in refs.ctx.schema.entities():
        if kinds and entity.key not in kinds:
            continue
        try:
            return f"{entity.key}:{refs.id(entity.key, name)}"
        except ValueError:
            continue
    return refs.id("", name)


def typed(line: str) -> tuple[Sequence[str], str]:
    """Return the kinds of record that a reference is about, none where it does not say, and the reference itself.

    "contact/company#12" is what 12 stands for among contacts, else among companies.
    """
    found = _TYPED.fullmatch(line)
    return (found[1].split("/"), found[2]) if found else ((), line)


def _from_json(refs: Refs, field: Field, text: str) -> Any:
    value = cell_shapes.checked(refs.ctx, field, cell_shapes.decoded(text))
    if field.kind in (Kind.USER, Kind.TEAM, Kind.REF):
        return refs.id({Kind.USER: "user", Kind.TEAM: "team"}.get(field.kind) or field.ref or "", value)
    if field.kind is Kind.REFS:
        return [_meant(refs, one) if isinstance(one, dict) else _tied(refs, field, one) for one in value]
    return value


def _meant(refs: Refs, entry: dict[str, Any]) -> dict[str, Any]:
    """Return an entry with the ids of what it names; a company that is not there is made from its name later."""
    found: dict[str, Any] = {}
    for key, one in entry.items():
        name = key.removesuffix("_ref") + "_id"
        if key.endswith("_ref") and name in _POINTING:
            try:
                found[name] = refs.id(_POINTING[name], str(one))
            except ValueError:
                if "company" not in entry:
                    raise
        else:
            found[key] = one
    return found
