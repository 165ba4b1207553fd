"""What values point at, by UID both ways: programs never see the numbers of rows (DECISIONS 24)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Field, Kind
from app.models import Team, User
from app.services import access
from app.services.id_lists import among

PEOPLE: Mapping[str, Any] = {"user": User, "team": Team}
"""What is no Entity and can be pointed at all the same."""

ENTRIES: Mapping[str, str] = {"company_id": "company", "other_id": "contact"}
"""Keys of entries that hold the number of a record, and of which kind."""

UID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")

Target = tuple[str, int]


def target_of(of: Field) -> str:
    """Return what a field points at: the name of an entity, "user" or "team"; "" when it may be anything."""
    return {Kind.USER: "user", Kind.TEAM: "team"}.get(of.kind) or of.ref or ""


@dataclass
class Uids:
    """UIDs by (entity, id), looked up for a whole page: one statement for each kind of record."""

    ctx: Context
    known: dict[Target, str] = field(default_factory=dict)

    def prefetch(self, targets: Iterable[Target]) -> None:
        """Look up what is not known yet; records out of sight stay unknown."""
        by_entity: dict[str, set[int]] = {}
        for entity, number in targets:
            if (entity, number) not in self.known:
                by_entity.setdefault(entity, set()).add(number)
        for entity, ids in by_entity.items():
            self.known |= {(entity, number): uid for number, uid in self._found(entity, ids).items()}

    def of(self, entity: str, number: Any) -> str | None:
        """Return the UID of what was looked up, None for what is not there for the principal."""
        return self.known.get((entity, number))

    def _found(self, entity: str, ids: set[int]) -> Mapping[int, str]:
        if entity not in PEOPLE:
            if not self.ctx.schema.has(entity):
                return {}
            return self._asked(self.ctx.schema.entity(entity).model, ids)
        kept: dict[int, str] = self.ctx.user.memo.setdefault(("uids", entity), {})
        if unknown := ids - set(kept):
            kept.update(self._asked(PEOPLE[entity], unknown))
        return {i: kept[i] for i in ids if i in kept}

    def _asked(self, model: Any, ids: set[int]) -> Mapping[int, str]:
        rows = access.rows(self.ctx, _by_id(model), {"ids": sorted(ids)})
        return dict(rows.all())


_STATEMENTS: dict[Any, Any] = {}


def _by_id(model: Any) -> Any:
    if model not in _STATEMENTS:
        query = select(model.id, model.uid)
        _STATEMENTS[model] = query.where(among(model.id))
    return _STATEMENTS[model]


def targets(of: Field, values: Iterable[Any]) -> dict[Target, None]:
    """Return what the values of a field point at, each once, in their order."""
    if of.kind in (Kind.USER, Kind.TEAM, Kind.REF):
        entity = target_of(of)
        return {(entity, value): None for value in values if isinstance(value, int)}
    found: dict[Target, None] = {}
    if of.kind is Kind.REFS:
        for value in values:
            if value and isinstance(value, list | tuple):
                for one in value:
                    _add_entry(found, of, one)
    return found


def _add_entry(found: dict[Target, None], of: Field, one: Any) -> None:
    if isinstance(one, Mapping):
        for key, entity in ENTRIES.items():
            if number := one.get(key):
                found[entity, number] = None
    elif isinstance(one, int) and of.ref:
        found[of.ref, one] = None
    elif isinstance(one, str) and ":" in one:
        entity, _sep, digits = one.rpartition(":")
        if digits.isdecimal():
            found[entity, int(digits)] = None


def number(ctx: Context, entity: str, uid: Any) -> int:
    """Return the number of a record, colleague or team that exists for the principal. Raises ValueError."""
    if isinstance(uid, str) and UID.fullmatch(uid):
        model = PEOPLE.get(entity)
        if model is None and ctx.schema.has(entity):
            model = ctx.schema.entity(entity).model
        if model is not None:
            found = ctx.session.execute(select(model.id).where(model.uid == uid.lower())).scalar()
            if found is not None:
                return int(found)
    raise ValueError(_("There is no “%(entity)s” with the uid “%(uid)s”.", entity=entity, uid=str(uid)[:60]))
