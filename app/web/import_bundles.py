"""The page of a zip with several files: what each is taken for, how far each is, and what to do with all of them."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.models import ImportRun
from app.services import import_bundle as service
from app.services import import_report, importing
from app.services.import_ids import system_name
from app.services.import_options import DUPLICATES, Options
from app.web import htmx
from app.web.import_states import far, policies_of_duplicates, states
from app.web.render import done, render

BUSY = ("running", "waiting", "pausing", "cancelling", "undoing")


def page(asked: Context, made: ImportRun, problems: dict[str, str] | None = None) -> Response:
    """Show the files of a zip: to choose what they hold, or how far they are."""
    options = Options.read(made.options)
    state = service.state(asked, made)
    if htmx.partial() and state not in BUSY:
        response = Response(status=204)
        response.headers["HX-Redirect"] = url_for("importing.show", run_id=made.id)
        return htmx.vary(response)
    named = policies_of_duplicates()
    return render(
        "importing/bundle.html",
        block="files",
        status=422 if problems else 200,
        title=_("Import of %(name)s", name=made.name),
        run=made,
        options=options,
        state=states(state),
        preview=made.state == "preview",
        busy=state in BUSY,
        can_pause=state in ("running", "waiting"),
        can_go_on=made.state != "preview" and state in ("paused", "cancelled"),
        can_undo=state in ("done", "cancelled"),
        files=[_file(asked, one) for one in service.parts(asked, made)],
        left=service.left(made),
        kinds=[("", _("Do not import")), *((k.key, str(k.plural)) for k in importing.offered(asked))],
        duplicates=[(value, *named[value]) for value in DUPLICATES],
        problems=problems or {},
    )


def _file(asked: Context, one: ImportRun) -> dict[str, Any]:
    """Return one file as the page shows it."""
    value, total = import_report.progress(asked, one)
    kind = asked.schema.entity(one.entity) if one.entity and asked.schema.has(one.entity) else None
    return {
        "id": one.id,
        "name": one.name,
        "entity": one.entity,
        "kind": str(kind.plural) if kind is not None else "",
        "icon": kind.icon if kind is not None else "file-text",
        "state": states(one.state),
        "begun": one.state not in ("preview", "waiting"),
        "counts": (one.created, one.updated, one.skipped, one.failed),
        "far": far(one, value, total) if one.state in BUSY else "",
        "url": url_for("importing.show", run_id=one.id),
    }


def choose(asked: Context, made: ImportRun) -> Response:
    """Keep what the files hold; show them again, or begin."""
    form = request.form
    kinds = {int(n[1:]): v for n, v in form.items() if n[:1] == "k" and n[1:].isdecimal()}
    duplicates: Any = form.get("duplicates", "fill")
    try:
        chosen = Options(duplicates=duplicates, system=system_name(form.get("system", "")))
        service.choose(asked, made.id, kinds, chosen)
        if form.get("do") == "go":
            service.begin(asked, made.id)
    except Invalid as error:
        return page(asked, importing.get(asked, made.id), error.problems)
    return done(url_for("importing.show", run_id=made.id))


ACTS = {
    "pause": service.pause,
    "cancel": service.cancel,
    "begin": service.begin,
    "undo": service.undo,
    "discard": service.discard,
}
