"""Definitions of added fields made into Fields: what cannot be understood any more is left out, never an error."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.context import Context
from app.kernel.contributions import EVERYWHERE, Choice, Kind, Show
from app.models import CustomField
from app.services import custom_fields_values as values
from app.services.custom_fields_kinds import FORMULA, TYPES, Defined

log = logging.getLogger("kith.fields")

BEHIND = 1000
"""Where added fields stand: behind all that are declared."""


def read(session: Session) -> list[Defined]:
    """Return the fields that are in use, by order."""
    query = select(CustomField).where(CustomField.retired.is_(False), CustomField.deleted_at.is_(None))
    rows = session.execute(query.order_by(CustomField.position, CustomField.id)).scalars()
    return [found for row in rows if (found := field_of(row)) is not None]


def field_of(row: CustomField) -> Defined | None:
    """Return a definition as a Field; None when its type is none that this version knows."""
    given = settings_of(row)
    computed = row.type == FORMULA
    kind = TYPES.get(str(given.get("result")) if computed else row.type)
    if kind is None:
        log.warning("the field %s of %s is of the unknown type %s", row.name, row.entity, row.type)
        return None
    base = Defined(
        name=row.name,
        label=row.label,
        on=row.entity,
        kind=kind.kind,
        choices=choices_of(row),
        ref=str(given.get("ref") or "") or None if kind.kind is Kind.REF else None,
        many=kind.kind is Kind.CHOICES,
        show=(EVERYWHERE | Show.MERGE_TAG) & (~Show.FORM if computed else ~Show(0)),
        search=1 if row.searched else 0,
        required=row.required and not computed and not given.get("only_if"),
        needed=row.required,
        hint=row.hint,
        order=BEHIND + row.position,
        personal=row.personal,
        number=row.id,
        type=kind,
        decimals=decimals_of(kind.kind, given),
        default=str(given.get("default") or ""),
        only_if=str(given.get("only_if") or ""),
        formula=str(given.get("formula") or "") if computed else "",
    )
    return _working(base)


def _working(base: Defined) -> Defined:
    """Return a field with what reads and writes it."""
    kind = base.type

    def load(ctx: Context, ids: Sequence[int]) -> Mapping[int, Any]:
        return values.load(ctx, [base], ids)[base.key]

    def save(ctx: Context, given: Mapping[int, Any]) -> None:
        values.save(ctx, base, given)

    def parse(ctx: Context, text: str) -> Any:
        assert kind.parse is not None
        return kind.parse(ctx, base, text)

    return replace(
        base,
        load=load,
        save=None if base.formula else save,
        sql=None if base.many else lambda model: values.scalar(base, model),
        parse=parse if kind.parse is not None else None,
    )


def decimals_of(kind: Kind, given: Mapping[str, Any]) -> int:
    """Return how many decimals the figures of a field have: money has two, others as many as their settings say."""
    if kind is Kind.MONEY:
        return 2
    decimals = given.get("decimals")
    return decimals if kind is Kind.NUMBER and isinstance(decimals, int) and 0 <= decimals <= 6 else 0


def readable(row: CustomField) -> bool:
    """Tell whether choices and settings of a definition can be read."""
    return isinstance(_json(row.options), list) and isinstance(_json(row.settings), dict)


def settings_of(row: CustomField) -> Mapping[str, Any]:
    """Return the settings of a definition; none when they cannot be read."""
    found = _json(row.settings)
    return found if isinstance(found, dict) else {}


def choices_of(row: CustomField) -> tuple[Choice, ...]:
    """Return the choices of a definition, those that are not offered any more last."""
    return tuple(sorted(_choices(_json(row.options)), key=lambda c: c.retired))


def _choices(found: Any) -> Iterator[Choice]:
    for one in found if isinstance(found, list) else ():
        if isinstance(one, dict) and one.get("value") and one.get("label"):
            yield Choice(
                value=str(one["value"]),
                label=str(one["label"]),
                tone=str(one.get("tone") or ""),
                retired=bool(one.get("retired")),
            )


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
