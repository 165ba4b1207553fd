"""Which criteria of the access layer a statement needs: those on the tables it reads, also within criteria themselves.

SQLAlchemy carries every criterion and all its values along with every statement, whatever it reads: with twenty entities
that costs more than asking the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql import visitors

from app.models import Record


@dataclass(frozen=True)
class Criterion:
    """A loader criterion, the tables it is about, and those that its rule reads."""

    option: Any
    about: frozenset[Any]
    reads: frozenset[Any]


class Alone(LoaderCriteriaOption):
    """A criterion on a class that says nothing about those that are made from it: they have their own."""

    __slots__ = ()
    _traverse_internals = LoaderCriteriaOption._traverse_internals

    def _all_mappers(self) -> Iterator[Mapper[Any]]:
        assert self.entity is not None
        yield self.entity.mapper


@dataclass(frozen=True)
class Scope:
    """What a principal may see: all criteria, and the tables of classes that read others which no statement names."""

    criteria: tuple[Criterion, ...]
    tied: frozenset[Any]


def scope(options: Iterable[Any]) -> Scope:
    """Return what loader criteria are about; it is worked out once and asked with each statement."""
    made = tuple(
        Criterion(one, frozenset(one.entity.tables), frozenset(_tables(one.where_criteria)))
        for one in options
    )
    related = (mapper for mapper in Record.registry.mappers if mapper.relationships)
    return Scope(made, frozenset(table for mapper in related for table in mapper.tables))


def concerned(statement: Any, of: Scope) -> list[Any]:
    """Return those loader criteria that a statement needs; all where it could read what it does not name."""
    reads = _tables(statement)
    if not reads or not of.tied.isdisjoint(reads):
        return [one.option for one in of.criteria]
    found: list[Criterion] = []
    left: list[Criterion] = list(of.criteria)
    while now := [one for one in left if not reads.isdisjoint(one.about)]:
        found += now
        left = [one for one in left if one not in now]
        reads.update(*(one.reads for one in now))
    return [one.option for one in found]


def _tables(element: Any) -> set[Any]:
    return {part for part in visitors.iterate(element) if isinstance(part, Table)}
