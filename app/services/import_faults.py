"""What an import has to say about its rows, by kind: the same sentence about other values is one fault, counted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.kernel.context import Context
from app.services.import_mapping import importable

KINDS, ROWS = 20, 10
"""So many kinds of fault are told apart, each with its first rows."""

WORDS = 160
"""Characters of a row that are shown of it."""

QUOTED = re.compile(r"“[^”]*”|„[^“]*“|«[^»]*»|\d+")

Fault = dict[str, Any]
"""A kind of fault as JSON keeps it: tone, text (an ellipsis in place of each value), count, rows (line, words, text)."""

TONES = {"failed": "bad", "noted": "warn", "skipped": "sys"}


@dataclass
class Faults:
    """Gathers faults while the rows of a file are looked at."""

    ctx: Context
    entity: str
    found: dict[tuple[str, str], Fault] = field(default_factory=dict)
    begins: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        known = self.ctx.schema.has(self.entity)
        labels = {str(f.label) for f in importable(self.ctx, self.entity)} if known else set()
        either = "|".join(re.escape(label) for label in sorted(labels, key=len, reverse=True) if label)
        self.begins = re.compile(rf" (?=(?:{either}): )" if either else r"(?!)")

    def add(self, outcome: str, said: Sequence[str], line: int, words: str) -> None:
        """Note what was said of a row."""
        tone = TONES.get(outcome, "info" if outcome == "updated" else "warn")
        for text in self._each(said):
            kind = QUOTED.sub("…", text)
            if (tone, kind) not in self.found and len(self.found) >= KINDS:
                continue
            fault = self.found.setdefault((tone, kind), {"tone": tone, "text": kind, "count": 0, "rows": []})
            fault["count"] += 1
            if len(fault["rows"]) < ROWS:
                short = words if len(words) <= WORDS else f"{words[: WORDS - 1]}…"
                fault["rows"].append((line, short, text))

    def _each(self, said: Sequence[str]) -> Iterator[str]:
        """Yield the sentences one by one: of a row that is refused those of all columns come as one text."""
        for text in said:
            yield from self.begins.split(text)

    def told(self) -> list[Fault]:
        """Return what was found, the worst first."""
        order = ("bad", "warn", "info", "sys")
        return sorted(self.found.values(), key=lambda one: (order.index(one["tone"]), -one["count"]))
