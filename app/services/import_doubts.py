"""Values of an address book that are not what they should be: the very checks of forms, and their sentences.

What is no e-mail address or phone number goes to the notes: as an address it would reach nobody, and people who share a
"n/a" would be taken for one. A date that is none stays with the card's further properties, for it comes back by export.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from app.i18n import _
from app.kernel.context import Context
from app.services import reach_values

Parse = Callable[[Context, str], Any]

CHECKS: Mapping[str, Parse] = {"emails": reach_values.parse_email, "phones": reach_values.parse_phone}
DATES = {"bday": "birthday", "anniversary": "anniversary"}
NAMED = ("name", "given_name", "additional_name", "family_name", "nickname")


def doubts(ctx: Context, entity: str, values: dict[str, Any]) -> tuple[list[tuple[str, str]], list[str]]:
    """Take out what is no address or number; return (label, text) for the notes, and what is to be said.

    Of somebody who is called nothing else an address stays as it is.
    """
    if entity not in ("contact", "company"):
        return [], []
    kept: list[tuple[str, str]] = []
    said: list[str] = []
    moves = any(values.get(name) for name in NAMED)
    for name, parse in CHECKS.items():
        for entry, why in _wrong(ctx, values.get(name, ()), parse):
            label = str(ctx.schema.field(entity, name).label)
            said.append(_("%(field)s: %(sentence)s", field=label, sentence=why))
            if moves:
                values[name] = [one for one in values[name] if one is not entry]
                kept.append((label, str(entry["value"])))
                said[-1] += " " + _("The text is in the notes.")
    return kept, [*said, *_dates(ctx, entity, values)]


def _wrong(
    ctx: Context, entries: Sequence[Mapping[str, Any]], parse: Parse
) -> Iterator[tuple[Mapping[str, Any], str]]:
    for entry in list(entries):
        try:
            parse(ctx, str(entry.get("value") or ""))
        except ValueError as error:
            yield entry, str(error)


def _dates(ctx: Context, entity: str, values: Mapping[str, Any]) -> Iterator[str]:
    extra = str(values.get("extra") or "")
    if not any(f'"{name}"' in extra for name in DATES):
        return
    for name, _params, kind, value, *_rest in json.loads(extra):
        if name in DATES and kind == "text" and value:
            label = str(ctx.schema.field(entity, DATES[name]).label)
            why = _("“%(text)s” is no date. The text is kept with the further properties.", text=value)
            yield _("%(field)s: %(sentence)s", field=label, sentence=why)
