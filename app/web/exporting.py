"""A list as a file: what may be chosen, and the file itself, sent as it is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any, cast

from flask import Blueprint, Response, request, stream_with_context

from app.formats.csv_write import DELIMITERS
from app.formats.files import content_disposition
from app.i18n import _, _n
from app.kernel.context import Context
from app.kernel.errors import Invalid, NotVisible
from app.services import access, listing
from app.services import exporting as service
from app.services.bulk_choice import Chosen
from app.services.context import ctx
from app.services.exporting import FORMATS, Format, Wanted
from app.services.listing_state import PARTS
from app.web import list_address
from app.web.amounts import number
from app.web.render import render
from app.web.routes import signed_in

exporting = Blueprint("exporting", __name__)

CAP = 10_000
CHUNK = 64 * 1024


@exporting.get("/export/<entity>")
@signed_in
def export(entity: str) -> Response:
    """Show what can be chosen for an export, or send the file."""
    asked = ctx()
    if not service.offered(asked, entity):
        _refuse(asked, entity)
    wanted = _wanted(asked, entity)
    if "format" not in request.args:
        return _choices(asked, wanted)
    try:
        service.require(asked, wanted)
        body = _body(asked, wanted)
    except Invalid as error:
        return _choices(asked, wanted, " ".join(error.problems.values()))
    response = Response(body, mimetype=FORMATS[wanted.format][1])
    response.headers["Content-Disposition"] = content_disposition(service.name(asked, wanted))
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _refuse(asked: Context, entity: str) -> None:
    """Raise what fits: a list that is not there, or a right that is missing."""
    if not asked.schema.has(entity) or not asked.schema.entity(entity).exportable:
        raise NotVisible(_("There is no such list."))
    access.require(asked, f"{entity}.export")


def _body(asked: Context, wanted: Wanted) -> Any:
    if wanted.format == "xlsx":
        made = service.workbook(asked, wanted)
        service.noted(asked, wanted)
        return _pieces(made)
    service.noted(asked, wanted)
    return stream_with_context(service.text(asked, wanted))


def _pieces(made: IO[bytes]) -> Iterator[bytes]:
    """Yield a file in pieces; it is closed, and so gone, when it was read or nobody reads on."""
    with made:
        while piece := made.read(CHUNK):
            yield piece


def _wanted(asked: Context, entity: str) -> Wanted:
    args = request.args
    pairs = [(name, text) for name in PARTS for text in args.getlist(name)]
    chosen = Chosen.of(args.getlist("id"), pairs, every="id" not in args)
    shown: tuple[str, ...] = ()
    if args.get("fields") == "shown":
        columns = chosen.state.names("cols") or list_address.standing(asked, entity)
        shown = tuple(field.key for field in listing.columns(asked, entity, columns))
    return Wanted(
        entity=entity,
        format=cast(Format, args.get("format", "csv")),
        chosen=chosen,
        columns=shown,
        delimiter=DELIMITERS.get(args.get("delimiter", ""), ","),
        bom=args.get("bom") == "1",
    )


def _choices(asked: Context, wanted: Wanted, error: str = "") -> Response:
    kind = asked.schema.entity(wanted.entity)
    total = service.count(asked, wanted, CAP)
    title = _("Export %(what)s", what=str(kind.plural))
    kept = [("id", str(i)) for i in wanted.chosen.ids] or list(wanted.chosen.state.pairs)
    return render(
        "exporting/choose.html",
        status=422 if error else 200,
        title=_("Error: %(title)s", title=title) if error else title,
        heading=title,
        error=error,
        entity=wanted.entity,
        back=list_address.of(wanted.entity),
        plural=str(kind.plural),
        many=_("More than %(num)s records", num=number(CAP))
        if total > CAP
        else _n("%(num)s record", "%(num)s records", total),
        narrowed=bool(wanted.chosen.ids) or wanted.chosen.state.narrowed,
        formats=[(name, *_formats()[name]) for name in service.offered(asked, wanted.entity)],
        delimiters=[("comma", _("Comma")), ("semicolon", _("Semicolon")), ("tab", _("Tab"))],
        kept=kept,
        chosen=request.args,
    )


def _formats() -> dict[str, tuple[str, str]]:
    return {
        "csv": ("CSV", _("for every program, and to import it again")),
        "xlsx": ("XLSX", _("for Excel and LibreOffice")),
        "vcard": ("vCard 4", _("for address books and phones")),
        "jsonl": ("JSON Lines", _("for programs; nothing is lost")),
    }
