"""Background work: what runs, waits, failed; retry and discard, pause and resume."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request, url_for

from app.i18n import _, _n
from app.services import health, job_board
from app.services.context import ctx
from app.web.render import done, render
from app.web.routes import requires

admin_jobs = Blueprint("admin_jobs", __name__)

STATES = {"ready": "info", "running": "ok", "dead": "bad", "parked": "sys"}


@admin_jobs.get("/admin/jobs")
@requires("admin.jobs")
def index() -> Response:
    """Show the queue, what was given up, and the schedules."""
    board = job_board.board(ctx(), before=request.args.get("before", 0, type=int))
    labels = {
        "ready": _("waits"),
        "running": _("runs"),
        "dead": _("given up"),
        "parked": _("from a removed plugin"),
    }
    return render(
        "admin/jobs.html",
        title=_("Background work"),
        board=board,
        queue=health.queue(ctx()),
        labels=labels,
        tones=STATES,
        more=board.dead[-1].id if len(board.dead) == job_board.SHOWN else None,
    )


@admin_jobs.post("/admin/jobs/retry")
@requires("admin.jobs")
def retry() -> Response:
    """Run given-up jobs anew: the one named, or all of them."""
    count = job_board.retry(ctx(), _ids())
    toast = _n("%(num)s job is tried again", "%(num)s jobs are tried again", count)
    return done(url_for("admin_jobs.index"), toast=toast)


@admin_jobs.post("/admin/jobs/discard")
@requires("admin.jobs")
def discard() -> Response:
    """Remove given-up jobs: the one named, or all of them."""
    count = job_board.discard(ctx(), _ids())
    toast = _n("%(num)s job discarded", "%(num)s jobs discarded", count)
    return done(url_for("admin_jobs.index"), toast=toast)


@admin_jobs.post("/admin/jobs/schedule")
@requires("admin.jobs")
def schedule() -> Response:
    """Pause a schedule, let it go on, or run it now."""
    name, what = request.form.get("name", ""), request.form.get("do", "")
    if what not in {"pause", "resume", "run"}:
        abort(400)
    try:
        if what == "run":
            job_board.run_now(ctx(), name)
        else:
            job_board.pause(ctx(), name, what == "pause")
    except LookupError:
        abort(404)
    toasts = {"pause": _("Paused"), "resume": _("It goes on"), "run": _("It runs now")}
    return done(url_for("admin_jobs.index"), toast=toasts[what])


def _ids() -> list[int]:
    if request.form.get("all") == "1":
        return list(job_board.dead_ids(ctx()))
    return request.form.getlist("id", type=int)
