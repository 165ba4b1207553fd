"""The document of the API (OpenAPI 3.1), made for its reader: kinds of record, fields and operations he may use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, url_for

from app.house import house
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Entity
from app.services import api_actions, api_parsing, api_reading, api_values, search
from app.services.api_scopes import READ, WRITE
from app.services.context import ctx
from app.services.values import dump
from app.version import current
from app.web.api import guarded, paths, shapes, signing
from app.web.api.paths import done, gone, once, operation, parameter, pascal
from app.web.api.shapes import BOOL, UID, Schema, ref
from app.web.api.signing import ROOT

VERBS = ("create", "edit", "delete", "bulk")


def openapi() -> Response:
    """Send the document, to a token or to who has signed in."""
    if ctx().user.id is None:
        return guarded.refused()
    guarded.pace()
    response = Response(dump(made(ctx())), mimetype="application/json")
    response.add_etag()
    return response


openapi.kith_access = ("token", "")  # type: ignore[attr-defined]


def made(asked: Context, *, only: str = "") -> dict[str, Any]:
    """Return the document as somebody may read it, or what it says of one kind of record."""
    kinds = [kind for kind in api_reading.entities(asked) if only in ("", kind.key)]
    schemas: dict[str, Schema] = {**shapes.ENTRIES, **SHARED}
    every: dict[str, Schema] = _common()
    for kind in kinds:
        schemas |= _schemas(asked, kind)
        may = [verb for verb in VERBS if asked.may(f"{kind.key}.{verb}")]
        every |= paths.Paths(kind, may, api_actions.offered(asked, kind.key)).all()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kith",
            "version": current(),
            "description": _(
                "Everything that can be done on pages, for programs. Send a token with each request."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": house().config.base_url or "/"}],
        "security": [{"token": []}, {"oauth": []}],
        "tags": [{"name": str(kind.plural)} for kind in kinds],
        "paths": every,
        "components": {
            "schemas": schemas,
            "responses": {
                "Problem": {
                    "description": _("What went wrong (RFC 9457)"),
                    "content": {"application/problem+json": {"schema": ref("Problem")}},
                }
            },
            "headers": HEADERS,
            "securitySchemes": _schemes(kinds),
        },
    }


def _schemes(kinds: Sequence[Entity]) -> dict[str, Schema]:
    """Return how programs come in: by a token, or as an app that somebody lets in (OAuth 2.1, code with PKCE)."""
    words = {READ: _("Read only"), WRITE: _("Read and change, as far as you may")}
    every = dict(words)
    every |= {
        f"{kind.key}:{verb}": f"{kind.plural}: {text}" for kind in kinds for verb, text in words.items()
    }
    flow = {
        "authorizationUrl": url_for("oauth.authorize"),
        "tokenUrl": url_for("oauth.token"),
        "refreshUrl": url_for("oauth.token"),
        "scopes": every,
    }
    return {
        "token": {"type": "http", "scheme": "bearer"},
        "oauth": {"type": "oauth2", "flows": {"authorizationCode": flow}},
    }


def _object(properties: Schema, *required: str, title: str = "") -> Schema:
    found = {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }
    return found | {"title": title} if title else found


def _schemas(asked: Context, kind: Entity) -> dict[str, Schema]:
    """Return what records of a kind look like: told, sent when they are made, sent when they are changed."""
    name = pascal(kind.key)
    told = {f.key: shapes.of(asked, f) for f in api_values.offered(asked, kind.key)}
    writable = api_parsing.writable(asked, kind.key)
    sent = {key: shapes.of(asked, f, write=True) for key, f in writable.items()}
    needed = [key for key, f in writable.items() if f.required]
    record = {
        "entity": {"type": "string", "const": kind.key},
        "uid": UID,
        "version": {"type": "integer"},
        "title": {"type": "string"},
        "fields": ref(f"{name}Fields"),
        "included": {"type": "array", "items": ref("Included")},
    }
    page = {
        "data": {"type": "array", "items": ref(name)},
        "next": {"type": ["string", "null"]},
        "previous": {"type": ["string", "null"]},
        "count": {"type": ["integer", "null"]},
        "included": {"type": "array", "items": ref("Included")},
    }
    return {
        name: _object(record, "entity", "uid", "version", "title", "fields"),
        f"{name}Fields": _object(told),
        f"{name}Write": _object(sent),
        f"{name}New": _object(sent, *needed),
        f"{name}Create": _object({"fields": ref(f"{name}New")}, "fields"),
        f"{name}Change": _object({"fields": ref(f"{name}Write")}, "fields"),
        f"{name}Page": _object(page, "data", "next", "previous"),
    }


TEXT: Schema = {"type": "string"}
MAYBE: Schema = {"type": ["string", "null"]}
TIME: Schema = {"type": "string", "format": "date-time"}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_PERSON = _object({"entity": TEXT, "uid": UID, "title": TEXT}, "entity", "uid", "title")
_ENTRY = {
    "type": {"type": "string", "enum": ["interaction", "entry"]},
    "uid": UID,
    "kind": TEXT,
    "at": TIME,
    "author": {"type": ["string", "null"], "format": "uuid"},
    "author_name": TEXT,
    "subject": MAYBE,
    "body": MAYBE,
    "direction": MAYBE,
    "outcome": MAYBE,
    "duration_s": {"type": ["integer", "null"]},
    "location": MAYBE,
    "visibility": MAYBE,
    "facts": _list(TEXT),
}
_FILE = {"uid": UID, "name": TEXT, "size": {"type": "integer"}, "media_type": TEXT, "url": TEXT}
_METRIC = dict.fromkeys(("key", "label", "definition", "unit", "url"), TEXT)
_HIT = {"entity": TEXT, "uid": {"type": ["string", "null"], "format": "uuid"}, "title": TEXT, "line": TEXT}
_GROUP = {"entity": TEXT, "label": TEXT, "more": {"type": "boolean"}, "hits": _list(ref("Hit"))}
_PROBLEM = {
    "type": TEXT,
    "title": TEXT,
    "status": {"type": "integer"},
    "detail": TEXT,
    "instance": TEXT,
    "permission": TEXT,
    "incident": TEXT,
    "errors": _list(_object({"field": TEXT, "detail": TEXT}, "field", "detail")),
}
_RESULT = {
    "uid": MAYBE,
    "version": {"type": ["integer", "null"]},
    "problem": {"oneOf": [ref("Problem"), {"type": "null"}]},
}
_ASKS = _object({"name": TEXT, "label": TEXT, "required": {"type": "boolean"}}, "name", "label", "required")
_ME = {
    "user": _object({"entity": TEXT, "uid": UID, "title": TEXT, "email": TEXT}, "entity", "uid", "title"),
    "token": _object(
        {
            "name": TEXT,
            "scopes": _list(TEXT),
            "expires_at": {"type": ["string", "null"], "format": "date-time"},
        },
        "name",
        "scopes",
    ),
}
SHARED: dict[str, Schema] = {
    "Problem": _object(_PROBLEM, "type", "title", "status"),
    "Included": {
        "type": "object",
        "properties": {
            "entity": TEXT,
            "uid": UID,
            "title": TEXT,
            "version": {"type": "integer"},
            "fields": {"type": "object"},
        },
        "required": ["entity", "uid", "title"],
    },
    "Person": _PERSON,
    "People": _object({"data": _list(ref("Person"))}, "data"),
    "Me": _object(_ME, "user", "token"),
    "Root": _object(
        {"version": TEXT, "document": TEXT, "records": {"type": "object", "additionalProperties": TEXT}},
        "version",
        "document",
        "records",
    ),
    "Trashed": _object(
        {"entity": TEXT, "uid": UID, "title": TEXT, "deleted_at": TIME}, "entity", "uid", "title"
    ),
    "Trash": _object({"data": _list(ref("Trashed")), "next": MAYBE}, "data", "next"),
    "TimelineItem": _object(_ENTRY, "type", "kind", "at"),
    "Timeline": _object({"data": _list(ref("TimelineItem")), "next": MAYBE}, "data", "next"),
    "File": _object(_FILE, *_FILE),
    "Files": _object({"data": _list(ref("File"))}, "data"),
    "Action": _object({"name": TEXT, "label": TEXT, "asks": _list(_ASKS)}, "name", "label", "asks"),
    "Actions": _object({"data": _list(ref("Action"))}, "data"),
    "Outcome": _object(
        {
            "message": TEXT,
            "changed": {"type": "integer"},
            "refused": _list(_object({"uid": MAYBE, "detail": TEXT}, "uid", "detail")),
            "waits_for_approval": {"type": "boolean"},
        },
        "message",
        "changed",
        "refused",
        "waits_for_approval",
    ),
    "BulkEntry": _object(_RESULT, *_RESULT),
    "BulkResult": _object(
        {"done": {"type": "integer"}, "refused": {"type": "integer"}, "results": _list(ref("BulkEntry"))},
        "done",
        "refused",
        "results",
    ),
    "Hit": _object(_HIT, *_HIT),
    "Group": _object(_GROUP, *_GROUP),
    "Metric": _object(_METRIC, *_METRIC),
    "Metrics": _object({"data": _list(ref("Metric"))}, "data"),
    "Measured": _object({**_METRIC, "value": MAYBE, "more": BOOL}, *_METRIC, "value", "more"),
    "Found": _object(
        {"query": TEXT, "corrected": MAYBE, "groups": _list(ref("Group"))}, "query", "corrected", "groups"
    ),
}
_NUMBER: Schema = {"schema": {"type": "integer"}, "required": True}
HEADERS: dict[str, Schema] = {
    "ETag": {"schema": TEXT, "required": True},
    "Location": {"schema": TEXT, "required": True},
    "Link": {"schema": TEXT, "required": True},
    "RateLimit-Limit": _NUMBER,
    "RateLimit-Remaining": _NUMBER,
    "RateLimit-Reset": _NUMBER,
}


def _metrics(tag: str) -> dict[str, Schema]:
    """Return the paths of the dictionary of metrics."""
    listed, said = _("What the figures mean"), _("What a figure means and what it is now")
    one = operation("metric", tag, said, {"200": done(_("The figure"), ref("Measured"))}, (404, 422))
    return {
        f"{ROOT}/metrics": {
            "get": operation("metrics", tag, listed, {"200": done(listed, ref("Metrics"))}, (422,))
        },
        f"{ROOT}/metrics/{{key}}": {
            "parameters": [parameter("key", _("The key of the figure."), TEXT, place="path")],
            "get": one,
        },
    }


def _common() -> dict[str, Schema]:
    """Return the paths that belong to no kind of record."""
    tag = "Kith"
    uid = parameter("uid", _("The uid of the file."), UID, place="path")
    words = {
        "name": "q",
        "in": "query",
        "required": True,
        "description": _("Words to look for."),
        "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"\S"},
    }
    size = {"type": "integer", "minimum": 1, "maximum": search.MOST, "default": 10}
    given = [
        words,
        parameter("entity", _("Only records of a kind.")),
        parameter("limit", _("How many of each kind."), size),
    ]
    content = {
        "description": _("The contents"),
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }

    def plain(name: str, summary: str, answer: str) -> dict[str, Schema]:
        return {"get": operation(name, tag, summary, {"200": done(summary, ref(answer))}, (422,))}

    return {
        ROOT: plain("root", _("Where everything is"), "Root"),
        f"{ROOT}/me": plain("me", _("Whose token this is"), "Me"),
        f"{ROOT}/users": plain("users", _("Colleagues"), "People"),
        f"{ROOT}/teams": plain("teams", _("Teams"), "People"),
        f"{ROOT}/search": {
            "get": operation(
                "search",
                tag,
                _("Search"),
                {"200": done(_("What was found"), ref("Found"))},
                (404, 422),
                parameters=given,
            )
        },
        **_metrics(tag),
        f"{ROOT}/files/{{uid}}": {
            "parameters": [uid],
            "get": operation("get_file", tag, _("Fetch a file"), {"200": content}, (404, 422)),
            "delete": operation(
                "delete_file", tag, _("Take a file off"), {"204": gone()}, (404, 422), parameters=[once()]
            ),
        },
        signing.DOCUMENT: {
            "get": operation(
                "document",
                tag,
                _("This document"),
                {"200": {"description": "OpenAPI", "content": {"application/json": {}}}},
                (),
            )
        },
    }
