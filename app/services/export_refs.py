"""What values point at, told so that another file or house understands it: UIDs, e-mail addresses, names; and the way back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Field
from app.models import ExternalId, Team, User
from app.services import fields, people
from app.services.cards import SYSTEM
from app.services.import_matching import systems

_UID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_TOLD = re.compile(rf"(?:(?P<name>.*) )?\[(?P<uid>{_UID})\]|(?P<bare>{_UID})", re.DOTALL)
MOST_OF_A_NAME = 2
"""A name that two records have names neither."""


@dataclass
class Refs:
    """Looks up what records, colleagues and teams are called and who is called so; remembers what it found.

    With a `system` a text may also be an id there (see `import_ids`), which comes before a title.
    """

    ctx: Context
    system: str = ""
    told: dict[tuple[str, int], str] = field(default_factory=dict)
    found: dict[tuple[str, str], int | None] = field(default_factory=dict)
    labels: dict[str, dict[str, str]] = field(default_factory=dict)

    def label(self, of: Field, value: str) -> str:
        """Return what a choice of a field is called, or the value where two are called the same."""
        if of.key not in self.labels:
            named = {choice.value: str(choice.label) for choice in fields.choices(self.ctx, of)}
            twice = {text for text in named.values() if list(named.values()).count(text) > 1}
            self.labels[of.key] = {v: text for v, text in named.items() if text not in twice}
        return self.labels[of.key].get(value, value)

    def prefetch(self, targets: Iterable[tuple[str, int]]) -> None:
        """Look up what records, users and teams are called, with two queries for each kind; hidden ones have no name."""
        missing = {target for target in targets if target not in self.told}
        by_entity: dict[str, list[int]] = {}
        for entity, record_id in missing:
            by_entity.setdefault(entity, []).append(record_id)
        for entity, ids in by_entity.items():
            self.told |= {(entity, i): text for i, text in self._told(entity, ids).items()}

    def _told(self, entity: str, ids: list[int]) -> dict[int, str]:
        if entity == "user":
            rows = self.ctx.session.execute(select(User.id, User.email).where(User.id.in_(ids)))
            return {row.id: row.email for row in rows}
        if entity == "team":
            return people.team_names(self.ctx, ids)
        if not self.ctx.schema.has(entity):
            return {}
        names = people.names(self.ctx, [(entity, i) for i in ids])
        model: Any = self.ctx.schema.entity(entity).model
        rows = self.ctx.session.execute(select(model.id, model.uid).where(model.id.in_(ids)))
        return {
            row.id: f"{names[entity, row.id].name} [{row.uid}]" for row in rows if (entity, row.id) in names
        }

    def text(self, entity: str, record_id: Any) -> str:
        """Return what a record is called ("Ana Lima [uid]"), a user's e-mail address or a team's name; "" if hidden."""
        return self.told.get((entity, record_id), "") if isinstance(record_id, int) else ""

    def id(self, entity: str, text: str) -> int | None:
        """Return whom a text names: a UID, an id of the system, else the one visible record with that title.

        Raises ValueError with a sentence when there is none, or several.
        """
        text = text.strip()
        if not text:
            return None
        if (entity, text) not in self.found:
            self.found[entity, text] = self._id(entity, text)
        found = self.found[entity, text]
        if found is None:
            raise ValueError(_("“%(text)s” is not there, or several are called so.", text=text[:80]))
        return found

    def learn(self, entity: str, texts: Iterable[str]) -> None:
        """Look up which records the ids of the system stand for, with one query; what is none of them stays open."""
        if not self.system:
            return
        wanted = {text.strip() for text in texts} - {text for of, text in self.found if of == entity}
        for text, record_id in self._abroad(entity, wanted).items():
            self.found[entity, text] = record_id

    def _abroad(self, entity: str, texts: set[str]) -> dict[str, int]:
        """Return the visible records that ids of the system stand for."""
        model: Any = User if entity == "user" else None
        if model is None and self.ctx.schema.has(entity):
            model = self.ctx.schema.entity(entity).model
        if model is None or not texts:
            return {}
        query = select(ExternalId.value, model.id).join(model, ExternalId.record_id == model.id)
        mine = (ExternalId.entity == entity, ExternalId.system.in_(systems(self.ctx, self.system)))
        rows = self.ctx.session.execute(query.where(*mine, ExternalId.value.in_(texts)))
        return {row.value: row.id for row in rows}

    def _id(self, entity: str, text: str) -> int | None:
        if self.system and (abroad := self._abroad(entity, {text})):
            return abroad[text]
        if entity == "user":
            named = self._only(select(User.id).where(User.email == text.lower()))
            return named or self._only(select(User.id).where(User.name == text))
        if entity == "team":
            return self._only(select(Team.id).where(Team.name == text))
        if not self.ctx.schema.has(entity):
            return None
        kind = self.ctx.schema.entity(entity)
        model: Any = kind.model
        match = _TOLD.fullmatch(text)
        if match is not None:
            uid = match["uid"] or match["bare"]
            by_uid = self._only(select(model.id).where(model.uid == uid)) or self._only(
                select(model.id)
                .join(ExternalId, ExternalId.record_id == model.id)
                .where(ExternalId.entity == entity, ExternalId.system == SYSTEM, ExternalId.value == uid)
            )
            if by_uid is not None or not match["name"]:
                return by_uid
            text = match["name"]
        if callable(kind.title):
            return None
        return self._only(select(model.id).where(getattr(model, kind.title) == text))

    def _only(self, query: Any) -> int | None:
        ids = list(self.ctx.session.execute(query.limit(MOST_OF_A_NAME)).scalars())
        return int(ids[0]) if len(ids) == 1 else None
