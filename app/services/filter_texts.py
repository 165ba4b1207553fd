"""Texts in SQL as filters compare them: the same letters on both databases (app.formats.plain)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.database import PLAIN
from app.formats.plain import LONGER, translation


class plain_text(FunctionElement[str]):
    """What of a text counts when texts are compared."""

    type = String()
    inherit_cache = True


class position(FunctionElement[int]):
    """Where a text holds another, from 1; 0 when it does not. Unlike LIKE, the same everywhere and without signs."""

    inherit_cache = True


class binary(FunctionElement[str]):
    """A text that is compared byte by byte, whatever the collation of its column."""

    type = String()
    inherit_cache = True


@compiles(plain_text, "sqlite")
def _plain_on_sqlite(element: Any, compiler: Any, **given: Any) -> str:
    return f"{PLAIN}({compiler.process(element.clauses, **given)})"


@compiles(plain_text, "postgresql")
def _plain_on_postgresql(element: Any, compiler: Any, **given: Any) -> str:
    of, to = (side.replace("'", "''") for side in translation())
    text = compiler.process(element.clauses, **given)
    longer = f"translate({text}, '{of}', '{to}')"
    for letter, letters in LONGER.items():
        longer = f"replace({longer}, '{letter}', '{letters}')"
    ascii_only = f"octet_length({text}) = char_length({text})"
    return f'(CASE WHEN {ascii_only} THEN lower({text} COLLATE "C") ELSE {longer} END)'


@compiles(position, "sqlite")
def _position_on_sqlite(element: Any, compiler: Any, **given: Any) -> str:
    return f"instr({compiler.process(element.clauses, **given)})"


@compiles(position, "postgresql")
def _position_on_postgresql(element: Any, compiler: Any, **given: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **given)})"


@compiles(binary, "sqlite")
def _binary_on_sqlite(element: Any, compiler: Any, **given: Any) -> str:
    return str(compiler.process(element.clauses, **given))


@compiles(binary, "postgresql")
def _binary_on_postgresql(element: Any, compiler: Any, **given: Any) -> str:
    return f'({compiler.process(element.clauses, **given)} COLLATE "C")'


def bytewise(expression: Any) -> ColumnElement[str]:
    """Return a text to be compared byte by byte; a column that already is one stays as it is, with its index."""
    kind = getattr(expression, "type", None)
    variants = getattr(kind, "_variant_mapping", {})
    own = getattr(variants.get("postgresql"), "collation", None)
    return expression if own == "C" else binary(expression)
