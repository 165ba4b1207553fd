"""The dictionary of metrics: what every figure means, where the "?" beside a number leads."""

from __future__ import annotations

from flask import Blueprint, Response

from app.i18n import _
from app.services import metrics as service
from app.services.context import ctx
from app.web.render import render
from app.web.routes import signed_in

metrics = Blueprint("metrics", __name__)


@metrics.get("/metrics-explained")
@signed_in
def index() -> Response:
    """Show all figures with their definitions, those of the core and of plugins."""
    groups: dict[str, list[object]] = {}
    for metric in service.every(ctx()):
        heading = ctx().schema.entity(metric.about).plural if metric.about else metric.owner.capitalize()
        groups.setdefault(str(heading), []).append(metric)
    return render("metrics/index.html", title=_("What the figures mean"), groups=groups)
