"""The trash: what was deleted, restored or removed for good."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, request, url_for

from app.i18n import _, _n
from app.kernel.context import Context
from app.kernel.errors import Invalid, NotVisible
from app.services import records
from app.services import trash as service
from app.services.context import ctx
from app.web import record_page
from app.web.render import done, render
from app.web.routes import signed_in

trash = Blueprint("trash", __name__)

PAGE = 50


@trash.get("/trash")
@signed_in
def index() -> Response:
    """Show what is in the trash, latest first."""
    asked = ctx()
    entity = request.args.get("entity", "")
    found = service.page(asked, entity=entity, after=_cursor(request.args.get("after", "")), limit=PAGE + 1)
    rows = found[:PAGE]
    kinds = service.entities(asked)
    chips = [{"label": _("All"), "url": url_for("trash.index"), "on": not entity}]
    chips += [
        {"label": k.plural, "url": url_for("trash.index", entity=k.key), "on": entity == k.key} for k in kinds
    ]
    return record_page.page_or_part(
        "trash/index.html",
        "trash/_more.html",
        title=_("Trash"),
        rows=rows,
        chips=chips,
        filtered=bool(entity),
        older=_older(entity, rows[-1]) if len(found) > PAGE else None,
    )


@trash.post("/trash/<entity>/<int:record_id>/restore")
@signed_in
def restore(entity: str, record_id: int) -> Response:
    """Take a record out of the trash."""
    asked = ctx()
    kind = _kind(asked, entity)
    records.restore(asked, entity, [record_id])
    name = record_page.title_of(asked, entity, records.get(asked, entity, record_id))
    back = url_for("trash.index", entity=request.form.get("entity") or None)
    home = url_for(kind.url, record_id=record_id) if kind.url and not request.form.get("stay") else back
    return done(home, toast=_("%(name)s is back", name=name))


@trash.route("/trash/<entity>/<int:record_id>/purge", methods=["GET", "POST"])
@signed_in
def purge(entity: str, record_id: int) -> Response:
    """Ask whether a record shall be removed for good (GET), and remove it."""
    asked = ctx()
    kind = _kind(asked, entity)
    record = records.get(asked, entity, record_id, "delete", trash=True)
    if record.deleted_at is None:
        raise NotVisible(_("There is no such record in the trash."))
    name = record_page.title_of(asked, entity, record)
    if request.method == "GET":
        return render("trash/purge.html", title=_("Delete for good"), name=name, kind=kind, record=record)
    records.purge(asked, entity, [record_id])
    return done(url_for("trash.index"), toast=_("%(name)s is gone for good", name=name))


@trash.post("/trash")
@signed_in
def several() -> Response:
    """Restore or remove the chosen records; removing is asked about."""
    asked = ctx()
    chosen = _chosen(asked)
    if request.form.get("do") == "restore":
        for entity, ids in chosen.items():
            records.restore(asked, entity, ids)
        count = sum(map(len, chosen.values()))
        return done(
            url_for("trash.index"), toast=_n("%(num)s record is back", "%(num)s records are back", count)
        )
    if request.form.get("sure") != "1":
        pairs = [f"{entity}:{i}" for entity, ids in chosen.items() for i in ids]
        return render("trash/purge_several.html", title=_("Delete for good"), pairs=pairs)
    count = 0
    with asked.unit():
        for entity, ids in chosen.items():
            count += records.purge(asked, entity, ids)
    toast = _n("%(num)s record is gone for good", "%(num)s records are gone for good", count)
    return done(url_for("trash.index"), toast=toast)


def _chosen(asked: Context) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for text in request.form.getlist("id"):
        entity, _sep, number = text.partition(":")
        if not number.isdecimal():
            raise Invalid({"id": _("Choose at least one record.")})
        _kind(asked, entity)
        record = records.get(asked, entity, int(number), "delete", trash=True)
        if record.deleted_at is not None:
            found.setdefault(entity, []).append(record.id)
    if not found:
        raise Invalid({"id": _("Choose at least one record.")})
    return found


def _kind(asked: Context, entity: str) -> Any:
    found = next((e for e in service.entities(asked) if e.key == entity), None)
    if found is None:
        raise NotVisible(_("There is no such record."))
    return found


def _older(entity: str, last: service.Trashed) -> str:
    micros = int(last.deleted_at.timestamp() * 1_000_000)
    return url_for("trash.index", entity=entity or None, after=f"{micros}_{last.entity}_{last.id}")


def _cursor(text: str) -> service.Cursor | None:
    parts = text.split("_")
    micros, entity, number = parts[0], "_".join(parts[1:-1]), parts[-1]
    if (
        len(parts) < 3
        or not micros.isdecimal()
        or not number.isdecimal()
        or len(micros) > 16
        or len(number) > 9
    ):
        return None
    return datetime.fromtimestamp(int(micros) / 1_000_000, UTC), entity, int(number)
