"""The web app manifest: Kith on the home screen, under the company's name (W3C Web Application Manifest)."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from app.web.routes import public
from app.web.shell import Shell

manifest = Blueprint("manifest", __name__)


@manifest.get("/manifest.webmanifest")
@public("browsers ask for it without cookies; it holds the company's name and icons")
def show() -> Response:
    """Return the manifest."""
    body = render_template("manifest.webmanifest.jinja", shell=Shell())
    response = Response(body, mimetype="application/manifest+json")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
