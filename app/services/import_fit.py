"""Values that are longer than their field: the field gets what fits, the note gets the whole text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, cast

from app.i18n import _
from app.kernel.context import Context
from app.models import Affiliation, CompanyDomain, EmailAddress, PhoneNumber, PostalAddress, Tag, WebLink
from app.services import fields, import_doubts

ROWS: Mapping[str, Any] = {
    "emails": EmailAddress,
    "phones": PhoneNumber,
    "addresses": PostalAddress,
    "links": WebLink,
    "affiliations": Affiliation,
}
NOTES = ("note", "description", "body")
"""The field of a record that takes what does not fit elsewhere; without one a text that is too long is refused."""

WHOLE = frozenset(("emails", "phones", "links"))
"""Lists of which half an entry is worth nothing: one that is too long goes to the note altogether."""

COMPANY_NAME = 300


def fit(ctx: Context, entity: str, values: dict[str, Any]) -> Sequence[str]:
    """Make values fit their fields, put into the note what does not, and return a sentence for each.

    Too long a text is shortened; what is no address or number at all is taken out (see `import_doubts`).
    """
    note = _note(cast(Any, ctx.schema), entity)
    if not note:
        return ()
    long = [*_texts(ctx, entity, values), *_lists(ctx, entity, values), *_words(values)]
    wrong, said = import_doubts.doubts(ctx, entity, values)
    if kept := [*long, *wrong]:
        whole = [f"{label}: {text}" for label, text in kept]
        values[note] = "\n\n".join(filter(None, [values.get(note, ""), *whole]))
    sentence = _("“%(name)s” is too long for its field. The whole text is in the notes.")
    return [*(sentence % {"name": label} for label, _text in long), *said]


@lru_cache(maxsize=256)
def _note(schema: Any, entity: str) -> str:
    return next((f.key for f in schema.fields(entity) if f.key in NOTES), "")


def _texts(ctx: Context, entity: str, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    limits = fields.lengths(ctx, entity)
    for name, value in values.items():
        if isinstance(value, str) and name in limits and len(value) > limits[name]:
            values[name] = _short(value, limits[name])
            yield str(ctx.schema.field(entity, name).label), value


def _lists(ctx: Context, entity: str, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, model in ROWS.items():
        rows: list[dict[str, Any]] = values.get(name, [])
        for row in list(rows):
            for part, limit in _limits(model):
                text = str(row.get(part) or "")
                if len(text) <= limit:
                    continue
                yield str(ctx.schema.field(entity, name).label), text
                if name in WHOLE and part == "value":
                    rows.remove(row)
                    break
                row[part] = _short(text, limit)


@cache
def _limits(model: Any) -> Sequence[tuple[str, int]]:
    return tuple(_found_limits(model))


def _found_limits(model: Any) -> Iterator[tuple[str, int]]:
    for column in model.__table__.c:
        limit = getattr(column.type, "length", None)
        if limit and column.name not in {"key", "digits"}:
            yield column.name, limit
    if model is Affiliation:
        yield "company", COMPANY_NAME


def _words(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield tags and domains that are too long."""
    for name, column in (("tags", Tag.__table__.c.name), ("domains", CompanyDomain.__table__.c.domain)):
        limit = int(getattr(column.type, "length", 80))
        for word in [w for w in values.get(name, ()) if len(w) > limit]:
            values[name] = [w if w != word else _short(w, limit) for w in values[name]]
            yield name, word


def _short(text: str, limit: int) -> str:
    """Return the beginning, cut between words if one ends near."""
    head = text[:limit]
    return head[: head.rfind(" ")] if " " in head[limit // 2 :] else head
