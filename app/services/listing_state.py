"""What is shown of a list, as it stands in an address: filters, words, order, columns, groups.

Addresses, saved views and declared views all say it with the same pairs; paging is no part of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from app.i18n import _
from app.kernel.contributions import View
from app.kernel.errors import Invalid

PARTS = ("f", "where", "q", "sort", "cols", "group")
"""The parameters of an address that say what is shown, in the order in which they are written."""

FILTERS = ("f", "where", "q")
"""Those of them that narrow the list."""

MANY = {"f": 20}
"""Parameters that may stand several times, and how often at most."""

LONGEST = 4000


@dataclass(frozen=True)
class State:
    """Pairs of a parameter and its text, none of them empty, in the order of PARTS."""

    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]], *, judged: Sequence[str] = FILTERS) -> State:
        """Return the state that some pairs describe; everything that is no part of it is left out.

        Raises Invalid for more or longer filters than can be kept: a list that left one out would show too much. Those
        not `judged` here are judged by whoever asks.
        """
        found: dict[str, list[str]] = {name: [] for name in PARTS}
        for name, text in pairs:
            kept = len(text) <= LONGEST or name in judged
            if name in found and text and kept and text not in found[name]:
                found[name].append(text)
        for name in judged:
            if len(found[name]) > MANY.get(name, 1) or any(len(text) > LONGEST for text in found[name]):
                raise Invalid({name: _("These are too many filters, or too long ones. Take some away.")})
        return cls(tuple((n, text) for n in PARTS for text in found[n][: MANY.get(n, 1)]))

    @classmethod
    def declared(cls, view: View) -> State:
        """Return the state of a declared view."""
        parts = {"where": view.where, "sort": view.sort, "cols": ",".join(view.columns), "group": view.group}
        return cls.of([*(("f", text) for text in view.filters), *parts.items()])

    @classmethod
    def stored(cls, text: str) -> State:
        """Return the state that was stored as JSON."""
        return cls.of((str(name), str(value)) for name, value in json.loads(text))

    def json(self) -> str:
        """Return the state as it is stored."""
        return json.dumps(self.pairs, ensure_ascii=False)

    def every(self, name: str) -> tuple[str, ...]:
        """Return all texts of a parameter."""
        return tuple(text for found, text in self.pairs if found == name)

    def get(self, name: str) -> str:
        """Return the text of a parameter, empty when it has none."""
        return next(iter(self.every(name)), "")

    def names(self, name: str) -> tuple[str, ...]:
        """Return the words of a parameter that lists some, separated by commas."""
        return tuple(word for word in self.get(name).split(",") if word)

    def but(self, **change: str | Sequence[str]) -> State:
        """Return the state with some parameters changed; an empty text takes one away."""
        kept = [(n, text) for n, text in self.pairs if n not in change]
        new = [
            (n, text)
            for n, given in change.items()
            for text in ([given] if isinstance(given, str) else given)
        ]
        return State.of([*kept, *new])

    @property
    def narrowed(self) -> bool:
        """Whether the state shows less than everything."""
        return any(name in FILTERS for name, _text in self.pairs)

    def query(self, **more: str) -> str:
        """Return the state as the query of an address, with further parameters; without the question mark."""
        return urlencode([*self.pairs, *((n, text) for n, text in more.items() if text)])


def given(names: Mapping[str, object]) -> bool:
    """Tell whether an address says itself what is shown, be it nothing: then no saved view speaks for it."""
    return any(name in names for name in PARTS)
