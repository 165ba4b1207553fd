"""What the built-in roles may, by rule: a new entity or permission needs no migration, a stored grant overrides.

The administrator has everything, always. The others have what DEFAULTS says for `<entity>.<verb>`, and the permissions
whose declaration names them (`Permission.roles`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.house import house
from app.kernel.contributions import Entity, Permission

ADMINISTRATOR = "administrator"
REACHES = ("none", "own", "team", "all")
VERBS = ("view", "create", "edit", "delete", "export", "import", "bulk", "merge", "assign")
"""`assign` is the right to give a record another owner or team."""

WITHOUT_REACH = {"create", "import"}
"""Verbs that concern no record that exists: they are granted or not."""

DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "manager": dict.fromkeys(VERBS, "all"),
    "representative": {"view": "team", "create": "all", "edit": "team", "delete": "own", "bulk": "team"},
    "read_only": {"view": "all"},
}
"""Built-in role → verb → reach, for the entities of the core and of plugins alike.

Work on many records needs `bulk` beside the verb of what is done, record by record: a representative changes many of
those that he may change one by one, looks first at what would happen, and takes it back with one press.
"""


@dataclass(frozen=True)
class Right:
    """A permission there is: its key, what it is called, the entity it belongs to (or ""), and its verb (or "")."""

    key: str
    label: Any
    entity: str = ""
    verb: str = ""
    roles: tuple[str, ...] = ()

    @property
    def reaches(self) -> Sequence[str]:
        """The reaches that make sense for it."""
        return REACHES if self.entity and self.verb not in WITHOUT_REACH else ("none", "all")


class Everything(Mapping[str, str]):
    """The administrator's grants: every permission at reach all, also one that is declared later."""

    def __getitem__(self, key: str) -> str:
        return "all"

    def __contains__(self, key: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(rights())

    def __len__(self) -> int:
        return len(rights())


def rights() -> Mapping[str, Right]:
    """Return every permission by key: those of entities first, in the order of boot, own kinds of record behind."""
    registry, cached = house().registry, house().schema_cache
    own: Sequence[Entity] = cached[1].own() if cached is not None else ()
    found = {
        f"{e.key}.{verb}": Right(f"{e.key}.{verb}", e.plural, e.key, verb)
        for e in (*registry.loaded(Entity), *own)
        for verb in VERBS
    }
    for declared in registry.loaded(Permission):
        found[declared.key] = Right(declared.key, declared.label, roles=declared.roles)
    return found


def default(role: str, right: Right) -> str:
    """Return how far a right goes for a built-in role when nothing else is stored; none for roles of one's own."""
    if role == ADMINISTRATOR:
        return "all"
    if right.entity:
        return DEFAULTS.get(role, {}).get(right.verb, "none")
    return "all" if role in right.roles else "none"


def of_role(role: str, builtin: bool, stored: Mapping[str, str]) -> Mapping[str, str]:
    """Return a role's grants: by rule for a built-in one, with what is stored over it."""
    if builtin and role == ADMINISTRATOR:
        return Everything()
    ruled = {key: default(role, right) for key, right in rights().items()} if builtin else {}
    return {key: reach for key, reach in {**ruled, **stored}.items() if reach != "none"}


def wider(first: str, second: str) -> str:
    """Return the wider of two reaches: roles add up."""
    return max(first, second, key=REACHES.index)


def added(found: Sequence[Mapping[str, str]]) -> Mapping[str, str]:
    """Return the grants of several roles together."""
    total: dict[str, str] = {}
    for one in found:
        if isinstance(one, Everything):
            return one
        for key, reach in one.items():
            total[key] = wider(total.get(key, "none"), reach)
    return total
