"""Addresses that were not found: the records, one after the other, to be corrected or put on the map by hand."""

from __future__ import annotations

from flask import request, url_for

from app.sdk import _
from app.sdk.services import people
from app.sdk.web import Response, ctx, render, requires

from .. import online, placing
from ..permissions import PIN
from .blueprint import pages

SHOWN = 50


@pages.get("/lost")
@requires(PIN)
def lost() -> Response:
    """Show records whose address was not found."""
    asked = ctx()
    entity = "company" if request.args.get("what") == "company" else "contact"
    after = request.args.get("after", "")
    start = int(after) if after.isdecimal() and len(after) < 10 else 0
    found = placing.lost(asked, entity, SHOWN + 1, start)
    ids = [record for _place, record in found[:SHOWN]]
    names = people.names(asked, {(entity, record) for record in ids})
    addresses = placing.addresses(asked, entity, ids)
    return render(
        "territories/lost.html",
        title=_("Addresses not found"),
        entity=entity,
        rows=[
            {
                "name": names[entity, record].name,
                "url": url_for(".pin", entity=entity, record_id=record),
                "address": online.words(addresses.get(record, {})),
            }
            for record in ids
            if (entity, record) in names
        ],
        kinds=[
            (_("Contacts"), url_for(".lost"), entity == "contact"),
            (_("Companies"), url_for(".lost", what="company"), entity == "company"),
        ],
        more=url_for(".lost", what=entity, after=found[SHOWN - 1][0]) if len(found) > SHOWN else None,
    )
