"""Statements about some ids that read the same however many they are: the list is one bound value.

`IN` with a value for each id makes another text for each length of the list, which SQLAlchemy writes anew for every page
and a database reads anew. These ids go as one array: `= ANY` on PostgreSQL, a JSON array that SQLite reads as a table.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ARRAY, Boolean, Dialect, Integer, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator


class _Ids(TypeDecorator[Any]):
    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """An array where there are arrays."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(Integer))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Return the ids as they are bound."""
        return str(list(value)) if dialect.name == "sqlite" else list(value)


class Among(FunctionElement[bool]):
    """The condition that a column of ids is one of a list; see `among`."""

    name = "among"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """Stand among other conditions as it is: SQLite looks no `(… IN …) = 1` up in an index."""
        return self


@compiles(Among, "sqlite")
def _lite(element: Among, compiler: Any, **words: Any) -> str:
    column, ids = (compiler.process(part, **words) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 – both parts are SQL of the compiler


@compiles(Among)
def _array(element: Among, compiler: Any, **words: Any) -> str:
    column, ids = (compiler.process(part, **words) for part in element.clauses)
    return f"{column} = ANY({ids})"


def among(column: Any, name: str = "ids") -> Any:
    """Return the condition that a column is one of the whole numbers that are given under a name with the statement."""
    return Among(column, bindparam(name, type_=_Ids()))
