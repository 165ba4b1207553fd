"""What programs can ask for, to read and search: pages made from the document of the API, without a script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from app.house import house
from app.i18n import _
from app.services import api_reading
from app.services.context import ctx
from app.web.api import document
from app.web.api.paths import pascal
from app.web.api.signing import DOCUMENT, ROOT
from app.web.render import render
from app.web.routes import signed_in

api_pages = Blueprint("api_pages", __name__)

METHODS = ("get", "post", "patch", "delete")
TONES = {"get": "info", "post": "ok", "patch": "warn", "delete": "bad"}


@api_pages.get("/api")
@signed_in
def index() -> Response:
    """Show how a program comes in, and the kinds of record there are."""
    made = document.made(ctx())
    return render(
        "api/index.html",
        title=_("API"),
        kinds=api_reading.entities(ctx()),
        common=operations(made, tag="Kith"),
        document=DOCUMENT,
        root=ROOT,
        server=(house().config.base_url or request.host_url).rstrip("/"),
    )


@api_pages.get("/api/<entity>")
@signed_in
def kind(entity: str) -> Response:
    """Show what can be asked about a kind of record, and its fields."""
    found = api_reading.entity_of(ctx(), entity)
    made = document.made(ctx(), only=entity)
    name = pascal(entity)
    schemas = made["components"]["schemas"]
    sent = schemas.get(f"{name}Write", {}).get("properties", {})
    needed = schemas.get(f"{name}New", {}).get("required", [])
    told = schemas.get(f"{name}Fields", {}).get("properties", {})
    return render(
        "api/kind.html",
        title=str(found.plural),
        entity=entity,
        operations=operations(made, tag=str(found.plural)),
        fields=[
            {
                "name": key,
                "label": shape.get("title", ""),
                "shape": words(shape),
                "note": shape.get("description", ""),
                "sent": key in sent,
                "needed": key in needed,
                "choices": [c for c in sent.get(key, {}).get("enum", ()) if c is not None],
            }
            for key, shape in told.items()
        ],
    )


def operations(made: Mapping[str, Any], *, tag: str) -> list[dict[str, Any]]:
    """Return the operations of a document under a tag, as rows."""
    return [
        {
            "method": method.upper(),
            "tone": TONES[method],
            "path": path,
            "summary": item[method]["summary"],
            "parameters": [p for p in item[method].get("parameters", ()) if p["in"] != "path"],
        }
        for path, item in made["paths"].items()
        for method in METHODS
        if method in item and item[method]["tags"] == [tag]
    ]


def words(shape: Mapping[str, Any]) -> str:
    """Return a schema in a few words: `text`, `uid`, `list of Reach`."""
    if "$ref" in shape:
        return str(shape["$ref"]).rpartition("/")[2]
    kinds = shape.get("type", "")
    kind = next((k for k in kinds if k != "null"), "") if isinstance(kinds, list) else str(kinds)
    if kind == "array":
        return _("list of %(what)s", what=words(shape.get("items", {})) or "JSON")
    if shape.get("format") == "uuid":
        return "uid"
    return str(shape.get("format") or {"string": _("text"), "boolean": "true / false"}.get(kind, kind))
