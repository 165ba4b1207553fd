"""What the columns of a table are taken for: what somebody chose for the same header before, else what it names."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import select

from app.formats.csv_dates import DateOrder
from app.formats.csv_field_words import CARD_FIELDS, HEADERS
from app.formats.csv_headers import guess_target, is_id, unaccented, words_of
from app.formats.csv_table import Table
from app.formats.csv_targets import parse_target
from app.formats.csv_texts import FIELD, decimal_mark, order_of_columns
from app.formats.fold import fold
from app.i18n import _l
from app.kernel.context import Context
from app.kernel.contributions import Field, Kind, Show
from app.models import Setting
from app.services import access, export_columns, fields
from app.services.custom_fields_kinds import Defined
from app.services.export_columns import KEPT, UID, UID_LABEL
from app.services.import_options import Options

WRONG = _l("What was wrong")
"""The column that a file with failed rows has at its end; it is no part of what comes back."""

OWNER = "import"
MINE, TEAM = "layout:", "layout.team:"
NUMBERS = (Kind.NUMBER, Kind.MONEY)
DAYS = (Kind.DATE, Kind.PARTIAL_DATE, Kind.TIME)
CARD = "contact"
"""The entity whose tables are read as address books."""


def importable(ctx: Context, entity: str) -> list[Field]:
    """Return the fields that an import may write."""
    return [
        f
        for f in fields.visible(ctx, entity)
        if (f.column or f.save)
        and (Show.FORM in f.show or f.key in KEPT or (f.save is not None and f.kind is Kind.REFS))
        and access.writes(ctx, entity, f.key)
        and (f.permission is None or ctx.may(f.permission))
        and (f.key not in fields.ASSIGNING or ctx.may(f"{entity}.assign"))
    ]


MOST_OF_A_NAME = 80
"""Characters of a column's name; what is longer is none."""

BESIDE = ("lifecycle_stage", "owner_id", "team_id")
OWNERS = frozenset(
    [
        "owner",
        "contact_owner",
        "record_owner",
        "account_owner",
        "besitzer",
        "zustandig",
        "verantwortlich",
        "proprietaire",
        "responsable",
        "propietario",
        "proprietario",
        "dono",
        "responsavel",
    ]
)
STAGES = frozenset(["stage", "lifecycle_stage", "status", "phase", "etape", "etapa", "fase"])


def is_beside(field: Field) -> bool:
    """Tell whether a field of contacts has no place in an address book."""
    return fields.is_added(field) or field.key in BESIDE


def _beside(ctx: Context, table: Table) -> dict[int, str]:
    """Return the columns of a table of people that hold what no address book has."""
    known = {fold(str(f.label)): f.key for f in importable(ctx, CARD) if is_beside(f)}
    may = set(known.values())
    added = {fold(str(f.label)) for f in importable(ctx, CARD) if isinstance(f, Defined)}
    known |= dict.fromkeys(OWNERS, "owner_id") | dict.fromkeys(STAGES, "lifecycle_stage")
    found: dict[int, str] = {at: "skip" for at, name in enumerate(table.header) if name == str(WRONG)}
    for at, name in enumerate(table.header):
        key = known.get(fold(name)) or known.get(unaccented(words_of(name)).replace(" ", "_"))
        target = f"{FIELD}{key}"
        named = (
            fold(name) in added
        )  # somebody who calls a field so means it, whatever address books mean by it
        if key in may and (named or at not in table.mapping) and target not in found.values():
            found[at] = target
    return found


def guess(ctx: Context, entity: str, table: Table) -> dict[int, str]:
    """Return targets of the columns that name fields; of a table of people only those that no address book has."""
    own = UID_LABEL in table.header or ({"uid", "name"} <= set(table.header) and table.delimiter == "")
    if entity == CARD and not own:
        return _beside(ctx, table)
    known = export_columns.named(ctx, entity)
    may = {f.key for f in importable(ctx, entity)} | {UID}
    found: dict[int, str] = {}
    for at, name in enumerate(table.header):
        key = known.get(fold(name), "")
        if not key and not own:
            key = known.get(fold(words_of(name)), "") or _by_words(entity, name)
        field = key if key in may else key.rpartition(".")[0]
        new = f"{FIELD}{key}" not in found.values()
        found[at] = f"{FIELD}{key}" if key and (field in may) and new else "skip" if own else ""
    return found


def first_names(ctx: Context, entity: str, table: Table) -> int | None:
    """Return the row of the column names where a table was thought to have none, but its first row names fields."""
    first = table.rows[0] if table.rows and table.header_row == 0 else None
    if first is None or any(len(cell) > MOST_OF_A_NAME for cell in first.cells):
        return None
    known = export_columns.named(ctx, entity)
    filled = [cell for cell in first.cells if cell]
    named = [n for n in filled if fold(n) in known or is_id(n) or _by_words(entity, n) or guess_target(n)]
    return first.number if named and 2 * len(named) > len(filled) else None


def _by_words(entity: str, header: str) -> str:
    words = words_of(header)
    named = _words(entity)
    if found := named.get(words) or named.get(unaccented(words)):
        return found
    target = parse_target(guess_target(header))
    if target.field == "addresses" and target.part:
        return f"addresses.{target.part}"
    return CARD_FIELDS.get(entity, {}).get(target.field, "")


@cache
def _words(entity: str) -> Mapping[str, str]:
    entries: dict[str, str] = {}
    for block in re.split(r"\n(?=\S)", HEADERS.get(entity, "").strip()):
        target, _colon, words = block.partition(":")
        for word in words.split("|"):
            plain = words_of(" ".join(word.split()))
            entries.setdefault(plain, target)
            entries.setdefault(unaccented(plain), target)
    return entries


def written_as(ctx: Context, entity: str, table: Table, mapping: Mapping[int, str]) -> tuple[str, str]:
    """Return how dates ("day" or "month" first) and fractions ("," or ".") of the columns are written; "" if unclear."""
    known = {f"{FIELD}{f.key}": f.kind for f in importable(ctx, entity)}
    days = [at for at, target in mapping.items() if known.get(target) in DAYS]
    numbers = [at for at, target in mapping.items() if known.get(target) in NUMBERS]
    order = {DateOrder.DAY_FIRST: "day", DateOrder.MONTH_FIRST: "month"}
    return order.get(order_of_columns(table, days), ""), decimal_mark(table, numbers)


# ---------------------------------------------------------------- kept for the next file


KEPT_CHOICES = ("dates", "decimal", "duplicates", "match", "policies", "system", "profile")


def _key(entity: str, header: Sequence[str]) -> str:
    names = [fold(name).strip() for name in header if name != str(WRONG)]
    text = json.dumps([entity, names], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def remember(ctx: Context, entity: str, header: Sequence[str], options: Options, *, team: bool) -> None:
    """Keep what was chosen for a header, for the principal and if wanted for his team, within the open unit."""
    if not any(header):
        return
    value = json.dumps({"mapping": options.mapping, **{n: getattr(options, n) for n in KEPT_CHOICES}})
    _put(ctx, MINE + _key(entity, header), ctx.user.id or 0, value)
    if team and ctx.user.team_id:
        _put(ctx, f"{TEAM}{ctx.user.team_id}:{_key(entity, header)}", 0, value)


def _put(ctx: Context, key: str, user_id: int, value: str) -> None:
    mine = (Setting.owner == OWNER, Setting.key == key, Setting.user_id == user_id)
    row = ctx.session.execute(select(Setting).where(*mine)).scalar_one_or_none()
    if row is None:
        ctx.session.add(Setting(owner=OWNER, key=key, user_id=user_id, value=value))
    else:
        row.value = value


def remembered(ctx: Context, entity: str, header: Sequence[str]) -> dict[str, Any] | None:
    """Return what the principal, else his team, chose for a table with the same header; None when nobody did."""
    key = _key(entity, header)
    teams = [f"{TEAM}{team}:{key}" for team in sorted(ctx.user.teams)]
    query = select(Setting.key, Setting.value).where(
        Setting.owner == OWNER,
        ((Setting.key == MINE + key) & (Setting.user_id == (ctx.user.id or 0)))
        | (Setting.key.in_(teams) & (Setting.user_id == 0)),
    )
    rows = sorted(ctx.session.execute(query), key=lambda row: row.key.startswith(TEAM))
    if not rows:
        return None
    found: dict[str, Any] = json.loads(rows[0].value)
    mapping = {int(at): str(target) for at, target in found["mapping"].items()}
    mapping |= {at: "skip" for at, name in enumerate(header) if name == str(WRONG)}
    return found | {"mapping": mapping}
