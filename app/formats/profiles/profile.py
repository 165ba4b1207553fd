"""A profile: which file of which system it recognises, and what each of its columns means here. Pure data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

KEPT = "extra"
"""The target in a line for what people and companies keep under the name of the column; elsewhere it is written as ""."""

CARDS = ("contact", "company")
"""Kinds of record that are read as cards: a column of theirs that no line names is kept under its own name."""

_NO_WORD = re.compile(r"[\W_]+")


@lru_cache(maxsize=8192)
def plain(header: str) -> str:
    """Return a header as profiles know it: small words, nothing between but blanks ("E-mail 1 - Value")."""
    text = " ".join(_NO_WORD.sub(" ", header.strip().casefold()).split())
    return text.removeprefix("property ")


@dataclass(frozen=True, slots=True)
class Line:
    """What the column with one of the headers holds: a target, and how its cells become what the target expects.

    `how` are the names of transforms with their argument, applied in turn. A header may stand in several lines; the first
    is what the column is said to hold, each gives a value of its own.
    """

    target: str
    headers: tuple[str, ...]
    how: tuple[tuple[str, str], ...] = ()
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Otherwise:
    """Rows that another profile of the same headers reads: those with one of the words in a column."""

    header: str
    words: frozenset[str]
    key: str


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One kind of file of one system.

    `needs` are headers of which one of each group must be there; `lines` what the columns mean; `fixed` what every row says
    besides (target, text); `rest` the target that takes what no line names, with the header before it; `words` tables for
    the transform of that name; `zone` the time zone of times without one ("": the reader's); `dates` which number of a date
    comes first ("day" or "month") where no date of the file shows it, by a plain header that tells the language.
    """

    key: str
    name: str
    kind: str
    entity: str
    needs: tuple[frozenset[str], ...]
    lines: tuple[Line, ...]
    fixed: tuple[tuple[str, str], ...] = ()
    rest: str = ""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    zone: str = ""
    dates: Mapping[str, str] = field(default_factory=dict)
    otherwise: Otherwise | None = None

    @property
    def system(self) -> str:
        """The system whose ids the rows bring ("hubspot")."""
        return self.key.partition(".")[0]

    @property
    def cards(self) -> bool:
        """Whether its rows are read as people and companies."""
        return self.entity in CARDS

    @cached_property
    def by_header(self) -> Mapping[str, tuple[Line, ...]]:
        """Plain header → its lines."""
        found: dict[str, tuple[Line, ...]] = {}
        for line in self.lines:
            for header in line.headers:
                found[header] = (*found.get(header, ()), line)
        return found


_LINE = re.compile(r"(?P<target>[\w.#:-]+)(?: \((?P<how>[^)]*)\))? = (?P<headers>.+)")
_SKIP = re.compile(r"skip: (?P<why>.+?) = (?P<headers>.+)")


def lines(text: str) -> tuple[Line, ...]:
    """Return the lines of a block: `target (transform argument, transform) = header | header`, or `skip: why = header`.

    A line that begins with `|` or `=` goes on where the one before ends.
    """
    joined = re.sub(r"\n\s*(?=[|=] )", " ", text)
    return tuple(_line(one.strip()) for one in joined.split("\n") if one.strip())


def _line(text: str) -> Line:
    if found := _SKIP.fullmatch(text):
        return Line("skip", _headers(found["headers"]), why=found["why"])
    found = _LINE.fullmatch(text)
    if found is None:
        raise ValueError(f"no line of a profile: {text}")
    steps = [step.strip().partition(" ") for step in (found["how"] or "").split(" + ") if step.strip()]
    return Line(
        found["target"].removesuffix(KEPT),
        _headers(found["headers"]),
        tuple((name, argument.strip()) for name, _blank, argument in steps),
    )


def _headers(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(plain(header) for header in text.split(" | ")))


def needs(*groups: str) -> tuple[frozenset[str], ...]:
    """Return groups of headers, each written as "this | or that"."""
    return tuple(frozenset(_headers(group)) for group in groups)


def table(text: str) -> dict[str, str]:
    """Return words → what they stand for here, from lines `here: there | there`."""
    found: dict[str, str] = {}
    for line in filter(None, (line.strip() for line in text.split("\n"))):
        here, _colon, there = line.partition(":")
        found |= {word.strip().casefold(): here.strip() for word in there.split("|")}
    return found


YES: frozenset[str] = frozenset(
    ("1", "true", "yes", "y", "on", "x", "ja", "oui", "sí", "si", "sim", "wahr", "vrai")
)


def score(profile: Profile, headers: Sequence[str]) -> tuple[int, int]:
    """Return how many headers a profile knows and how many it insists on; (0, 0) where one it needs is missing."""
    there = {plain(header) for header in headers if header}
    if not all(group & there for group in profile.needs):
        return 0, 0
    return len(there & profile.by_header.keys()), len(profile.needs)
