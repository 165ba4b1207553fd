"""What a person chooses for an import, kept as JSON with the run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Duplicates = Literal["skip", "fill", "replace", "create"]

DUPLICATES: tuple[Duplicates, ...] = ("fill", "replace", "skip", "create")
"""What to do with somebody who is there already: fill what is empty, write over it, leave the row out, add anyway."""


MATCHES = ("", "uid", "email", "phone", "name")
"""By what records are known again: whatever convinces, or one thing alone."""

DATES, DECIMALS = ("", "day", "month"), ("", ",", ".")


@dataclass(frozen=True, kw_only=True)
class Options:
    """The choices: what columns hold (column → target), the row of the column names (None: guessed, 0: none), encoding,
    delimiter and sheet ("": guessed), what the file holds (an entity), by what its records are known again ("": by all
    that convinces, else one of MATCHES), how dates ("day" or "month" first) and fractions ("," or ".") are written, what
    to do with duplicates, whose the new records are, and whether the team gets the choices for the next such file."""

    mapping: dict[int, str] = field(default_factory=dict)
    header_row: int | None = None
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    entity: str = "contact"
    match: str = ""
    dates: str = ""
    decimal: str = ""
    team: bool = False
    duplicates: Duplicates = "skip"
    owner_id: int | None = None
    tags: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> Options:
        """Return the choices of a stored run."""
        return cls.of(json.loads(text or "{}").get("chosen", {}))

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Options:
        """Return the choices that JSON values stand for; names that are none are left out."""
        known = {name: value for name, value in values.items() if name in cls.__dataclass_fields__}
        known["mapping"] = {int(at): str(target) for at, target in known.get("mapping", {}).items()}
        known["tags"] = tuple(known.get("tags", ()))
        return cls(**known)

    def dump(self) -> dict[str, Any]:
        """Return the choices as JSON values."""
        return asdict(self)


def told(text: str) -> dict[str, Any]:
    """Return what the house itself keeps with a run beside the choices: counts of a check, steps that are done."""
    found: dict[str, Any] = json.loads(text or "{}").get("told", {})
    return found


def stored(options: Options, said: Mapping[str, Any]) -> str:
    """Return choices and the house's own notes as they are kept."""
    return json.dumps({"chosen": options.dump(), "told": dict(said)}, ensure_ascii=False)
