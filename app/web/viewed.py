"""Notes whose pages people open, for the palette, and writes such notes when the answer has been sent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, cast

from flask import Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from app.database import Busy
from app.extensions import db
from app.services import recent_records
from app.services.context import ctx
from app.services.own_types_schema import is_own
from app.web import htmx

log = logging.getLogger("kith.web")


def note(response: Response) -> Response:
    """Remember the record whose page was opened, if it was one."""
    record_id = (request.view_args or {}).get("record_id")
    if record_id is None or request.method != "GET" or response.status_code != 200 or htmx.partial():
        return response
    seen = ctx()
    entity = _pages(cast(Any, seen.schema)).get(str(request.endpoint))
    if entity and is_own(entity):  # these share a page
        entity = str((request.view_args or {}).get("entity") or "")
    if entity and seen.user.id is not None and recent_records.note(seen, entity, int(record_id)):
        write_later(response, recent_records.write, seen.user.id)
    return response


def write_later(response: Response, write: Callable[[int], None], user_id: int) -> None:
    """Write a user's list when the answer has been sent; it is no more than a comfort, so that failing is no error."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def run() -> None:
        with app.app_context():
            try:
                write(user_id)
            except (SQLAlchemyError, Busy, LookupError) as error:
                log.warning("what a user did lately was not written: %s", error.__class__.__name__)
            finally:
                db.session.remove()

    response.call_on_close(run)


@lru_cache(maxsize=8)
def _pages(schema: Any) -> Mapping[str, str]:
    """Return the endpoints of records' pages with their entities."""
    return {entity.url: entity.key for entity in schema.entities() if entity.url}
