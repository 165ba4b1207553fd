"""A table as a profile reads it: each row's cells transformed, each line of the profile a column of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.formats.card import N_, Card, Problem, left_out
from app.formats.csv_cards import Plan, cards_of_row
from app.formats.csv_dates import DateOrder
from app.formats.csv_rows import Row
from app.formats.csv_table import is_header
from app.formats.csv_texts import FIELD, Texts, field_of
from app.formats.profiles.cells import TRANSFORMS, Told
from app.formats.profiles.profile import Line, Profile, plain

_EMPTY = N_("None of the columns that are imported is filled in this row. It was left out.")
_AGAIN = N_("This row holds column names and no contact; it was left out.")

Found = tuple[Row | None, Card | Texts | Problem, Texts | None]
"""A row as it stands in the file, what it gives, and (for a card) the cells whose columns name fields."""


def mapping(
    profile: Profile, header: Sequence[str], guessed: Mapping[int, str], may: Callable[[str], bool]
) -> dict[int, str]:
    """Return what each column holds: as the profile says, for people and companies else as its header is guessed.

    `may` tells whether a field can be written; what cannot goes where the rest goes.
    """
    found: dict[int, str] = {}
    for at, name in enumerate(header):
        lines = profile.by_header.get(plain(name), ()) if name else ()
        target = lines[0].target if lines else _otherwise(profile, guessed.get(at, ""), name)
        found[at] = target if may(target) else _otherwise(profile, "", name)
    taken = {target for at, target in found.items() if plain(header[at]) in profile.by_header}
    single = {
        target for target in taken if not target.startswith(("emails", "phones", "urls", "addresses", "note"))
    }
    return {
        at: ""
        if target in single and plain(header[at]) not in profile.by_header and profile.cards
        else target
        for at, target in found.items()
    }


def _otherwise(profile: Profile, guessed: str, name: str) -> str:
    return guessed if profile.cards else profile.rest if name else ""


@dataclass(frozen=True, slots=True)
class _Column:
    at: int
    name: str
    target: str
    how: tuple[tuple[str, str], ...]
    rank: int


class Shape:
    """How a profile reads the rows of one table, with what somebody chose for its columns.

    Of several columns for one value the one whose line comes first is taken.
    """

    def __init__(
        self,
        profile: Profile,
        header: Sequence[str],
        chosen: Mapping[int, str],
        order: DateOrder = DateOrder.UNKNOWN,
    ) -> None:
        self.profile, self.order = profile, order
        self.plain = tuple(plain(name) for name in header)
        found = (c for at, name in enumerate(header) for c in _columns(profile, at, name, chosen.get(at, "")))
        self.columns = tuple(sorted(found, key=lambda column: column.rank))
        names = tuple(column.name for column in self.columns)
        self.plan = Plan.of(names, {n: c.target for n, c in enumerate(self.columns)}, order)

    def cells(self, row: Row) -> tuple[str, ...]:
        """Return the transformed cells of a row, in the order of `columns`."""
        by_name: dict[str, str] = {}
        for name, cell in zip(self.plain, row.cells, strict=False):
            if cell:
                by_name.setdefault(name, cell)
        return tuple(self._cell(column, row, by_name) for column in self.columns)

    def _cell(self, column: _Column, row: Row, by_name: Mapping[str, str]) -> str:
        cell = row.cells[column.at] if column.at < len(row.cells) else ""
        told = Told(by_name, column.name, self.profile, self.order)
        for name, argument in column.how:
            if not cell:
                break
            cell = TRANSFORMS[name](cell, argument, told)
        return cell

    def texts(self, row: Row) -> Texts:
        """Return the cells of a row whose columns name fields, and what the profile says of every row behind them."""
        named = [
            (field_of(c.target), cell) for c, cell in zip(self.columns, self.cells(row), strict=True) if cell
        ]
        own = tuple((name, cell) for name, cell in named if name)
        fixed = tuple((field_of(target), text) for target, text in self.profile.fixed)
        return Texts(own + fixed if own or self.profile.cards else (), self.profile.entity)


def _columns(profile: Profile, at: int, name: str, chosen: str) -> Iterator[_Column]:
    """Yield what comes of a column: all its lines if it is taken as the profile says, else what somebody chose."""
    lines: tuple[Line, ...] = profile.by_header.get(plain(name), ()) if name else ()
    if lines and chosen == lines[0].target:
        yield from (
            _Column(at, name, line.target, line.how, profile.lines.index(line))
            for line in lines
            if line.target != "skip"
        )
    elif chosen != "skip" and (chosen or profile.cards):
        named = not lines and chosen == profile.rest and bool(profile.rest)
        yield _Column(at, name, chosen, (("named", ""),) if named else (), len(profile.lines))


def read(
    shape: Shape, rows: Iterable[Row | Problem], others: Mapping[str, Shape], *, begun: bool = False
) -> Iterator[Found]:
    """Yield what each row gives; rows that another profile reads (`Otherwise`) are read by its shape.

    Rows of column names below the header are left out, unless reading has `begun` further down.
    """
    names = not begun
    for row in rows:
        if isinstance(row, Problem):
            yield None, row, None
            continue
        names = names and (is_header(row.cells) or tuple(map(plain, row.cells)) == shape.plain)
        if names:
            yield row, left_out(row.number, ", ".join(filter(None, row.cells)), _AGAIN), None
        elif shape.profile.cards:
            yield from _cards(shape, row)
        else:
            texts = _shape_of(shape, row, others).texts(row)
            words = ", ".join(filter(None, row.cells))
            yield row, texts if texts.cells else left_out(row.number, words, _EMPTY), None


def _shape_of(shape: Shape, row: Row, others: Mapping[str, Shape]) -> Shape:
    aside = shape.profile.otherwise
    if aside is None or aside.key not in others:
        return shape
    cells = dict(zip(shape.plain, row.cells, strict=False))
    return others[aside.key] if cells.get(aside.header, "").casefold() in aside.words else shape


def _cards(shape: Shape, row: Row) -> Iterator[Found]:
    bare = Row(
        row.number, tuple(c if not _is_field(shape, n) else "" for n, c in enumerate(shape.cells(row)))
    )
    texts = shape.texts(row)
    for found in cards_of_row(bare, shape.plan):
        yield row, found, texts


def _is_field(shape: Shape, at: int) -> bool:
    return shape.columns[at].target.startswith(FIELD)
