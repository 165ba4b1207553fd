"""What a person chooses for an import, kept as JSON with the run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from app.i18n import _

Duplicates = Literal["skip", "fill", "replace", "create"]

DUPLICATES: tuple[Duplicates, ...] = ("fill", "replace", "skip", "create")
"""What to do with somebody who is there already: fill what is empty, write over it, leave the row out, add anyway."""


MATCHES = ("uid", "email", "phone", "name")
"""By what records may be known again: their id (here or elsewhere), e-mail address, phone number, name and company."""

POLICIES = ("keep", "overwrite", "fill", "append")
"""What becomes of one field of a record that is there already: it stays, is written over, is filled where it is empty,
or gets the file's value added behind its own."""

NO_PROFILE = "none"
"""What stands for no profile, where the file looked like one or might."""

DATES, DECIMALS = ("", "day", "month"), ("", ",", ".")


@dataclass(frozen=True, kw_only=True)
class Options:
    """The choices: what columns hold (column → target), the row of the column names (None: guessed, 0: none), encoding,
    delimiter and sheet ("": guessed), what the file holds (an entity), by what its records are known again ("": by all
    that convinces, else some of MATCHES with commas between), how dates ("day" or "month" first) and fractions ("," or
    ".") are written, what to do with duplicates and, of a field (key → one of POLICIES), what else; whose the new records
    are, whether the team gets the choices for the next such file, and the system whose ids the file's identifiers are
    ("": they are UIDs; else "hubspot", say: see `import_ids`), by which profile it is read ("": none was looked for yet,
    NO_PROFILE: none), and texts of fields that the file does not fill."""

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
    policies: dict[str, str] = field(default_factory=dict)
    system: str = ""
    profile: str = ""
    defaults: dict[str, str] = field(default_factory=dict)
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
        known["policies"] = {str(name): str(what) for name, what in known.get("policies", {}).items()}
        known["defaults"] = {str(name): str(text) for name, text in known.get("defaults", {}).items()}
        known["tags"] = tuple(known.get("tags", ()))
        return cls(**known)

    def dump(self) -> dict[str, Any]:
        """Return the choices as JSON values."""
        return asdict(self)


def problems_of(options: Options) -> dict[str, str]:
    """Return a sentence for each choice that there is not."""
    found: dict[str, str] = {}
    if options.dates not in DATES or options.decimal not in DECIMALS:
        found["dates"] = _("Choose one of the entries of the list.")
    if not set(filter(None, options.match.split(","))) <= set(MATCHES):
        found["match"] = _("Choose one of the entries of the list.")
    if options.duplicates not in DUPLICATES or not set(options.policies.values()) <= set(POLICIES):
        found["duplicates"] = _("Choose what to do with somebody who is there already.")
    return found


def told(text: str) -> dict[str, Any]:
    """Return what the house itself keeps with a run beside the choices: counts of a check, steps that are done."""
    found: dict[str, Any] = json.loads(text or "{}").get("told", {})
    return found


def stored(options: Options, said: Mapping[str, Any]) -> str:
    """Return choices and the house's own notes as they are kept."""
    return json.dumps({"chosen": options.dump(), "told": dict(said)}, ensure_ascii=False)
