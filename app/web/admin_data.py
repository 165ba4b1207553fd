"""Everything as a file: asked for, made in the background, fetched."""

from __future__ import annotations

from flask import Blueprint, Response, send_file, url_for

from app.i18n import _
from app.services import whole_shelf
from app.services.context import ctx
from app.services.whole_shelf import RIGHT
from app.web.render import done, render
from app.web.routes import requires

admin_data = Blueprint("admin_data", __name__)


@admin_data.get("/admin/data")
@requires(RIGHT)
def index() -> Response:
    """Show the exports that are there, and whether one is being made."""
    state = whole_shelf.state(ctx())
    return render(
        "admin/data.html",
        block="exports",
        title=_("All data"),
        made=whole_shelf.every(ctx()),
        running=state in ("ready", "running"),
        failed=state == "dead",
    )


@admin_data.post("/admin/data")
@requires(RIGHT)
def start() -> Response:
    """Have everything exported."""
    whole_shelf.start(ctx())
    return done(url_for("admin_data.index"), toast=_("The export is being made"))


@admin_data.get("/admin/data/<name>")
@requires(RIGHT)
def fetch(name: str) -> Response:
    """Give an export to keep."""
    path = whole_shelf.fetch(ctx(), name)
    return send_file(path, mimetype="application/zip", as_attachment=True, conditional=False)


@admin_data.post("/admin/data/<name>/delete")
@requires(RIGHT)
def remove(name: str) -> Response:
    """Delete an export."""
    whole_shelf.remove(ctx(), name)
    return done(url_for("admin_data.index"), toast=_("Export deleted"))
