"""What of the plugin API goes with its next version: hooks by `warn_on_impl`, attributes by a table. Warned of, never surprising.

A hook or one of its arguments is marked where it is specified: `@hookspec(warn_on_impl=RemovedInKithApi2Warning("…"))`
or `warn_on_impl_args={"name": RemovedInKithApi2Warning("…")}`. The sentence says what to write instead.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from typing import Any


class RemovedInKithApi2Warning(DeprecationWarning):
    """Something works throughout API 1 and is gone in API 2; the message says what to write instead."""


ATTRIBUTES: dict[tuple[type[Any], str], RemovedInKithApi2Warning] = {}
"""(Declaration or Plugin, attribute) → the warning for a plugin that sets it."""


def old_attributes(item: Any) -> Iterator[str]:
    """Yield a sentence for each attribute of a declaration (or a plugin) that is set and will be gone."""
    for (kind, name), warning in ATTRIBUTES.items():
        if isinstance(item, kind) and getattr(item, name) != _default(kind, name):
            yield f"{kind.__name__}.{name} is gone in API 2. {warning}"


@contextmanager
def noted(into: list[str]) -> Iterator[None]:
    """Collect what is said of deprecated hooks while a plugin is registered, as sentences; other warnings pass."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    for warning in caught:
        if issubclass(warning.category, RemovedInKithApi2Warning):
            into.append(str(warning.message))
        else:
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)


def _default(kind: type[Any], name: str) -> Any:
    if is_dataclass(kind):
        return next((field.default for field in fields(kind) if field.name == name), None)
    return getattr(kind, name, None)
