"""Pages of records that became part of another one lead there, so that old addresses go on working."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from flask import redirect, url_for

from app.kernel.errors import NotVisible
from app.services import dedupe_unmerging
from app.services.context import ctx

View = TypeVar("View", bound=Callable[..., Any])


def leads_on(entity: str) -> Callable[[View], View]:
    """Let the page of a record that was merged lead to the one that was kept, if that is visible."""

    def mark(view: View) -> View:
        @functools.wraps(view)
        def wrapped(record_id: int) -> Any:
            try:
                return view(record_id)
            except NotVisible:
                asked = ctx()
                kept = dedupe_unmerging.kept_of(asked, entity, record_id)
                if kept is None:
                    raise
                return redirect(url_for(asked.schema.entity(entity).url, record_id=kept))

        return wrapped  # type: ignore[return-value]

    return mark
