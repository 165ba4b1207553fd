"""Texts in SQL as filters compare them: the same letters on both databases (app.formats.plain)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.database import PLAIN
from app.formats.plain import LONGER, SCRIPTS, translation


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
    text = compiler.process(element.clauses, **given)
    small = f'lower({text} COLLATE "C")'  # A to Z alone, whatever the locale
    cyrillic, others = (_translated(small, *translation(script)) for script in (True, False))
    return (
        f"(CASE WHEN octet_length({text}) = char_length({text}) THEN {small} "
        f"WHEN {text} ~ '[{SCRIPTS[0]}]' THEN {cyrillic} WHEN {text} ~ '[{SCRIPTS[1]}]' THEN {others} "
        f"ELSE {small} END)"
    )


def _translated(text: str, of: str, to: str) -> str:
    quoted = (side.replace("'", "''") for side in (of, to))
    made = "translate({}, '{}', '{}')".format(text, *quoted)
    for letter, letters in LONGER.items():
        made = f"replace({made}, '{letter}', '{letters}')"
    return made


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
