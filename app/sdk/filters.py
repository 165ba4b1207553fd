"""The filter language for plugins: expressions as conditions of selects, asked of records, read and written."""

from __future__ import annotations

from app.kernel.expr.tree import ExprError
from app.services.filters import check, criterion, dumps, loads, matches, parse, text_of

__all__ = ["ExprError", "check", "criterion", "dumps", "loads", "matches", "parse", "text_of"]
