"""The pages of an import: choose a file, look at what would happen, watch it run, read the report, take it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, request, stream_with_context, url_for

from app.formats.files import content_disposition
from app.house import house
from app.i18n import _, _n
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.models import ImportRow, ImportRun
from app.services import (
    import_bundle,
    import_check,
    import_options,
    import_report,
    import_undo,
    people,
    upload_tickets,
)
from app.services import importing as service
from app.services.context import ctx
from app.services.import_options import DUPLICATES, Options
from app.web import htmx, import_bundles, list_address
from app.web.import_choices import DELIMITERS, chosen, formats, layout, matches, policed, policies, profiles
from app.web.import_columns import columns
from app.web.import_states import far, policies_of_duplicates, states
from app.web.render import done, render
from app.web.routes import signed_in

importing = Blueprint("importing", __name__)

ACTIVE = ("waiting", "running", "cancelling", "pausing", "undoing")
MEDIA = ".vcf,.vcard,.csv,.tsv,.txt,.xlsx,.xlsm,.xlsb,.xls,.ods,.ldif,.ldi,.json,.jsonl,.xml,.zip,text/vcard,text/csv"


@importing.url_value_preprocessor
def _take_large_files(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """A file to be imported may be larger than other uploads; it is never held in memory."""
    if endpoint == "importing.upload":
        request.max_content_length = (house().config.import_max_mb + 1) * 1024 * 1024


@importing.get("/import")
@signed_in
def start() -> Response:
    """Show where to choose a file, and the imports so far."""
    return _start(_asked())


def _asked() -> Context:
    """Return the context of somebody who may import something. Raises NotAllowed."""
    asked = ctx()
    service.require(asked)
    return asked


def _kind(asked: Context) -> str:
    """Return the kind of record that a file is said to hold, else the first that may be imported."""
    return request.values.get("entity") or service.offered(asked)[0].key


def _start(asked: Context, error: str = "") -> Response:
    title = _("Import")
    kinds = service.offered(asked)
    entity = next((kind for kind in kinds if kind.key == _kind(asked)), kinds[0])
    return render(
        "importing/start.html",
        status=422 if error else 200,
        title=_("Error: %(title)s", title=title) if error else title,
        error=error,
        accept=MEDIA,
        kinds=[(kind.key, str(kind.plural)) for kind in kinds],
        entity=entity.key,
        plural=str(entity.plural),
        back=list_address.of(entity.key),
        limit=house().config.import_max_mb,
        ticket=upload_tickets.made(current_app.secret_key, asked.user.id),
        runs=[(run, states(run.state)) for run in service.listed(asked)],
    )


@importing.post("/import")
@signed_in
def upload() -> Response:
    """Take a file and go on to its preview."""
    asked = _asked()
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _start(asked, _("Choose a file first."))
    try:
        made = import_bundle.start(asked, sent.filename, sent.stream, _kind(asked))
    except Invalid as error:
        return _start(asked, " ".join(error.problems.values()))
    if made.format != import_bundle.FORMAT:
        service.look(asked, made.id)
    return done(url_for("importing.show", run_id=made.id))


@importing.get("/import/<int:run_id>")
@signed_in
def show(run_id: int) -> Response:
    """Show an import as it stands: the preview, the progress, or the report."""
    asked = _asked()
    made = service.get(asked, run_id)
    if made.format == import_bundle.FORMAT:
        return import_bundles.page(asked, made)
    if made.state == "preview":
        return _preview(asked, made)
    if made.state in ACTIVE or (made.state == "paused" and not htmx.partial()):
        return _progress(asked, made)
    if htmx.partial() and "outcome" not in request.args and "after" not in request.args:
        response = Response(status=204)
        response.headers["HX-Redirect"] = url_for("importing.show", run_id=run_id)
        return htmx.vary(response)
    return _report(asked, made)


def _preview(asked: Context, made: ImportRun, problems: dict[str, str] | None = None) -> Response:
    options = Options.read(made.options)
    found = import_check.preview(asked, made)
    checked = found.checked
    shown = columns(asked, made.entity, found.table, options) if found.table is not None else []
    known = profiles(asked, found.table, options) if found.table is not None else {}
    return render(
        "importing/preview.html",
        block="counts",
        status=422 if problems else 200,
        title=_("Check the import"),
        run=made,
        options=options,
        found=found,
        checked=checked,
        formats=formats(found.format),
        delimiter=DELIMITERS.get(found.table.delimiter, "") if found.table is not None else "",
        columns=shown,
        matched=sum(1 for c in shown if c.target not in ("", "skip")),
        open=sum(1 for c in shown if not c.target and c.example and not known.get("title")),
        layout=layout(found.table, options, found.encoding) if found.table is not None else None,
        profiles=known,
        matches=matches(made.entity),
        policies=policies(),
        policed=policed(asked, made),
        icons={kind.key: kind.icon for kind in asked.schema.entities()},
        tagged=any(f.key == "tags" for f in asked.schema.fields(made.entity)),
        plural=str(asked.schema.entity(made.entity).plural) if asked.schema.has(made.entity) else "",
        duplicates=[(value, *policies_of_duplicates()[value]) for value in DUPLICATES],
        colleagues=[("", _("Me")), *people.colleagues(asked)] if asked.may(f"{made.entity}.assign") else [],
        problems=problems or {},
        go=_n("Import %(num)s entry", "Import %(num)s entries", checked.looked)
        if checked.whole
        else _("Import all"),
    )


@importing.post("/import/<int:run_id>")
@signed_in
def choose(run_id: int) -> Response:
    """Keep the choices; show the preview again, or begin."""
    asked = _asked()
    made = service.get(asked, run_id)
    if made.state != "preview":
        return done(url_for("importing.show", run_id=run_id))
    if made.format == import_bundle.FORMAT:
        return import_bundles.choose(asked, made)
    try:
        service.choose(asked, run_id, chosen(made, request.form))
        if request.form.get("do") == "go":
            service.begin(asked, run_id)
        else:
            service.look(asked, run_id)
    except Invalid as error:
        return _preview(asked, service.get(asked, run_id), error.problems)
    return done(url_for("importing.show", run_id=run_id))


def _progress(asked: Context, made: ImportRun) -> Response:
    value, total = import_report.progress(asked, made)
    return render(
        "importing/progress.html",
        block="progress",
        title=_("Import"),
        run=made,
        state=states(made.state)[0],
        value=value,
        total=total,
        far=far(made, value, total),
        stuck=service.interrupted(asked, made),
    )


def _report(asked: Context, made: ImportRun) -> Response:
    outcome = request.args.get("outcome", "")
    after = int(request.args.get("after", "0")) if request.args.get("after", "").isdecimal() else 0
    rows = import_report.rows(asked, made, outcome, after=after, limit=import_report.AT_ONCE + 1)
    shown = rows[: import_report.AT_ONCE]
    here = url_for("importing.show", run_id=made.id)
    more = (
        here + "?" + urlencode({"outcome": outcome, "after": shown[-1].number})
        if len(rows) > len(shown)
        else None
    )
    said = import_options.told(made.options)
    return render(
        "importing/report.html",
        block="more",
        title=_("Import of %(name)s", name=made.name),
        run=made,
        list_url=list_address.of(made.entity),
        plural=str(asked.schema.entity(made.entity).plural) if asked.schema.has(made.entity) else "",
        state=states(made.state),
        chips=_chips(made, outcome, here, import_report.noted(asked, made)),
        rows=_named(asked, shown),
        more=more,
        appended=bool(after),
        companies=said.get("companies", 0),
        left=said.get("undone", {}).get("left", 0),
        can_undo=made.state in ("done", "cancelled") and made.operation_id is not None,
    )


def _chips(made: ImportRun, outcome: str, here: str, noted: int) -> list[dict[str, Any]]:
    texts = {"created": _("New"), "updated": _("Updated"), "skipped": _("Skipped"), "failed": _("Failed")}
    counts = {name: int(getattr(made, name)) for name in texts}
    if noted:
        texts, counts = texts | {"noted": _("To look at")}, counts | {"noted": noted}
    found = [{"url": here, "text": _("All"), "n": None, "on": not outcome}]
    return found + [
        {"url": f"{here}?outcome={name}", "text": text, "n": counts[name], "on": name == outcome}
        for name, text in texts.items()
    ]


TONES = {"created": "ok", "updated": "info", "skipped": "sys", "failed": "bad", "noted": "warn"}


def _named(asked: Context, rows: Sequence[ImportRow]) -> list[dict[str, Any]]:
    """Return rows with the name and address of what came of them."""
    targets = {(row.entity, row.record_id) for row in rows if row.entity and row.record_id is not None}
    names = people.names(asked, targets)
    words = {
        "created": _("New"),
        "updated": _("Updated"),
        "skipped": _("Skipped"),
        "failed": _("Failed"),
        "noted": _("Look at it"),
    }
    shown = []
    for row in rows:
        found = names.get((row.entity, row.record_id or 0))
        shown.append(
            {
                "number": row.number,
                "outcome": words.get(row.outcome, row.outcome),
                "tone": TONES.get(row.outcome, "sys"),
                "words": row.words,
                "message": row.message,
                "name": found.name if found is not None else "",
                "url": url_for(found.url, record_id=found.id) if found is not None and found.url else None,
            }
        )
    return shown


ACTS = {
    "pause": service.pause,
    "cancel": service.cancel,
    "begin": service.begin,
    "undo": import_undo.ask,
    "discard": service.discard,
}


@importing.post("/import/<int:run_id>/<any(pause, cancel, begin, undo, discard):what>")
@signed_in
def act(run_id: int, what: str) -> Response:
    """Let an import rest, end it, go on with it, take it back, or forget one that has not begun."""
    asked = _asked()
    bundle = service.get(asked, run_id).format == import_bundle.FORMAT
    (import_bundles.ACTS if bundle else ACTS)[what](asked, run_id)
    if what == "discard":
        return done(url_for("importing.start"))
    return done(url_for("importing.show", run_id=run_id))


@importing.get("/import/<int:run_id>/failed")
@signed_in
def failed(run_id: int) -> Response:
    """Send the rows that failed as a file to correct and import again."""
    asked = _asked()
    name, media, text = import_report.failed_file(asked, service.get(asked, run_id))
    return _download(name, media.partition(";")[0], text)


@importing.get("/import/<int:run_id>/receipts")
@signed_in
def receipts(run_id: int) -> Response:
    """Send what became of each row of the file as a table."""
    asked = _asked()
    made = service.get(asked, run_id)
    outcome = request.args.get("outcome", "")
    name = f"{made.name.rpartition('.')[0] or made.name}-receipts.csv"
    return _download(name, "text/csv", import_report.receipts(asked, made, outcome))


def _download(name: str, media: str, text: Iterator[str]) -> Response:
    response = Response(stream_with_context(text), mimetype=media)
    response.headers["Content-Disposition"] = content_disposition(name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
