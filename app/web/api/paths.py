"""The operations of the document: for each kind of record what can be asked, with all that may be answered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from app.i18n import _
from app.kernel.contributions import Action, Entity
from app.services import api_actions, api_reading, api_timeline, api_writing
from app.web.api.shapes import UID, Schema, ref
from app.web.api.signing import ROOT

ALWAYS = (401, 403, 429, 503)
"""Problems that any request may meet."""


def slug(key: str) -> str:
    """Return a key as a part of names in programs: `sales.deal` → `sales_deal`."""
    return re.sub(r"[^A-Za-z0-9]+", "_", key).strip("_").lower()


def pascal(key: str) -> str:
    """Return a key as the name of a schema: `sales.deal` → `SalesDeal`."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", key))


def parameter(name: str, text: str, schema: Schema | None = None, *, place: str = "query") -> Schema:
    """Return a parameter of the address or of the header."""
    found = {"name": name, "in": place, "description": text, "schema": schema or {"type": "string"}}
    return found | {"required": True} if place == "path" else found


def json(schema: Schema) -> Schema:
    """Return the content of an answer or body in JSON."""
    return {"application/json": {"schema": schema}}


def operation(
    name: str,
    tag: str,
    summary: str,
    answers: dict[str, Schema],
    problems: Iterable[int],
    **more: Any,
) -> Schema:
    """Return an operation with its answers and every problem that it may end in."""
    told = {str(code): {"$ref": "#/components/responses/Problem"} for code in sorted({*ALWAYS, *problems})}
    return {"operationId": name, "tags": [tag], "summary": summary, "responses": {**answers, **told}, **more}


def done(text: str, schema: Schema, *headers: str) -> Schema:
    """Return an answer with JSON."""
    found: Schema = {"description": text, "content": json(schema)}
    every = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", *headers)
    found["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in every}
    return found


def gone() -> Schema:
    """Return an answer without content."""
    return {"description": _("Done")}


def once() -> Schema:
    """Return the header by which a request is done once."""
    text = _("A word of your own for this request: sent again within a day, it is not done again.")
    return parameter(
        "Idempotency-Key",
        text,
        {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        place="header",
    )


def matching() -> Schema:
    """Return the header by which only the version that was seen is changed."""
    text = _("The ETag of the record as you read it: if somebody changed it since, nothing is done.")
    return parameter("If-Match", text, place="header")


def paged(most: int) -> list[Schema]:
    """Return the parameters of a list that is told page by page."""
    size = {"type": "integer", "minimum": 1, "maximum": most, "default": min(50, most)}
    return [
        parameter("after", _("The cursor `next` of the page before.")),
        parameter("limit", _("How many at once."), size),
    ]


def body(schema: Schema, media: str = "application/json") -> Schema:
    """Return what is sent."""
    return {"required": True, "content": {media: {"schema": schema}}}


class Paths:
    """The paths of one kind of record, as far as the reader may use them."""

    def __init__(self, kind: Entity, may: Sequence[str], actions: Sequence[Action]) -> None:
        self.kind, self.may, self.actions = kind, may, actions
        self.name, self.tag, self.slug = pascal(kind.key), str(kind.plural), slug(kind.key)
        self.root = f"{ROOT}/{kind.key}"
        self.uid = parameter("uid", _("The uid of the record."), UID, place="path")

    def all(self) -> dict[str, Schema]:
        """Return path → operations."""
        one = f"{self.root}/{{uid}}"
        found: dict[str, Schema] = {
            self.root: {"get": self._list()},
            one: {"parameters": [self.uid], "get": self._show()},
            f"{one}/timeline": {"parameters": [self.uid], "get": self._timeline()},
            f"{one}/files": {"parameters": [self.uid], "get": self._files()},
            f"{one}/actions": {"parameters": [self.uid], "get": self._actions()},
        }
        if "create" in self.may:
            found[self.root]["post"] = self._create()
        if "edit" in self.may:
            found[one]["patch"] = self._update()
            found[f"{one}/files"]["post"] = self._attach()
        if "delete" in self.may:
            found[one]["delete"] = self._delete()
            found[f"{one}/restore"] = {"parameters": [self.uid], "post": self._restore()}
            found[f"{self.root}/trash"] = {"get": self._trash()}
        if "bulk" in self.may:
            found[f"{self.root}/bulk"] = {"post": self._bulk()}
        for action in self.actions:
            found[f"{self.root}/actions/{action.key}"] = {"post": self._act(action)}
        return found

    def _told(self, text: str) -> Schema:
        return done(text, ref(self.name), "ETag")

    def _list(self) -> Schema:
        given = [
            parameter("filter", _("An expression of the filter language, as in lists: `owner_id = me`.")),
            parameter("q", _("Words to look for.")),
            parameter("sort", _("Names of fields, with a minus for the opposite order.")),
            parameter("before", _("The cursor `previous` of the page after.")),
            *paged(api_reading.MOST),
            parameter("fields", _("Names of fields, separated by commas: only these are told.")),
            parameter("include", _("Names of fields whose records come along.")),
            parameter("count", _("Whether to count, up to 10,000."), {"type": "boolean"}),
        ]
        answers = {"200": done(_("A page"), ref(f"{self.name}Page"), "Link")}
        return operation(f"list_{self.slug}", self.tag, _("List"), answers, (422,), parameters=given)

    def _show(self) -> Schema:
        given = [
            parameter("fields", _("Names of fields, separated by commas: only these are told.")),
            parameter("include", _("Names of fields whose records come along.")),
        ]
        answers = {"200": self._told(_("The record")), "304": {"description": _("It is as you know it.")}}
        return operation(f"get_{self.slug}", self.tag, _("Read one"), answers, (404, 422), parameters=given)

    def _create(self) -> Schema:
        made = done(_("The record"), ref(self.name), "ETag", "Location") | {"links": self._links()}
        return operation(
            f"create_{self.slug}",
            self.tag,
            _("Make one"),
            {"201": made},
            (400, 404, 409, 413, 415, 422, 500),
            parameters=[once()],
            requestBody=body(ref(f"{self.name}Create")),
        )

    def _links(self) -> Schema:
        """Return what can be asked about a record that was made."""
        names = ["get", "timeline", "files", "actions"]
        names += ["update", "attach"] if "edit" in self.may else []
        names += ["delete", "restore"] if "delete" in self.may else []
        uid = {"uid": "$response.body#/uid"}
        return {name: {"operationId": f"{name}_{self.slug}", "parameters": uid} for name in names}

    def _update(self) -> Schema:
        return operation(
            f"update_{self.slug}",
            self.tag,
            _("Change fields"),
            {"200": self._told(_("The record as it is now"))},
            (400, 404, 409, 412, 413, 415, 422, 500),
            parameters=[once(), matching()],
            requestBody=body(ref(f"{self.name}Change")),
        )

    def _delete(self) -> Schema:
        given = [once(), matching()]
        answers, problems = {"204": gone()}, (404, 409, 412, 422)
        return operation(
            f"delete_{self.slug}", self.tag, _("Move to the trash"), answers, problems, parameters=given
        )

    def _restore(self) -> Schema:
        answers = {"200": self._told(_("The record as it is now"))}
        return operation(
            f"restore_{self.slug}",
            self.tag,
            _("Take out of the trash"),
            answers,
            (404, 409, 422),
            parameters=[once()],
        )

    def _trash(self) -> Schema:
        answers = {"200": done(_("What was deleted last"), ref("Trash"))}
        return operation(
            f"trash_{self.slug}",
            self.tag,
            _("List the trash"),
            answers,
            (422,),
            parameters=paged(api_reading.MOST),
        )

    def _bulk(self) -> Schema:
        entry = {
            "type": "object",
            "properties": {
                "uid": {"type": "string"},
                "version": {"type": "integer"},
                "fields": ref(f"{self.name}Write"),
            },
            "additionalProperties": False,
        }
        sent = {
            "type": "object",
            "properties": {
                "operation": {"type": "string", "enum": list(api_writing.OPERATIONS)},
                "records": {"type": "array", "items": entry, "minItems": 1, "maxItems": api_writing.MOST},
            },
            "required": ["operation", "records"],
            "additionalProperties": False,
        }
        return operation(
            f"bulk_{self.slug}",
            self.tag,
            _("Do the same to many, each for itself"),
            {"200": done(_("What became of each"), ref("BulkResult"))},
            (400, 404, 409, 413, 415, 422),
            parameters=[once()],
            requestBody=body(sent),
        )

    def _timeline(self) -> Schema:
        given = [
            *paged(api_timeline.MOST),
            parameter("kind", _("Only entries of a kind.")),
            parameter("since", _("From this time on."), {"type": "string", "format": "date-time"}),
            parameter("until", _("Before this time."), {"type": "string", "format": "date-time"}),
            parameter("q", _("Words to look for.")),
        ]
        answers = {"200": done(_("What happened, newest first"), ref("Timeline"))}
        return operation(
            f"timeline_{self.slug}", self.tag, _("Timeline"), answers, (404, 422), parameters=given
        )

    def _files(self) -> Schema:
        answers = {"200": done(_("The files of the record"), ref("Files"))}
        return operation(f"files_{self.slug}", self.tag, _("List files"), answers, (404, 422))

    def _attach(self) -> Schema:
        part = {"type": "string", "contentMediaType": "application/octet-stream", "format": "binary"}
        sent = {
            "type": "object",
            "properties": {"file": part},
            "required": ["file"],
            "additionalProperties": False,
        }
        return operation(
            f"attach_{self.slug}",
            self.tag,
            _("Put a file on it"),
            {"201": done(_("The files"), ref("Files"))},
            (400, 404, 413, 415, 422),
            parameters=[once()],
            requestBody=body(sent, "multipart/form-data"),
        )

    def _actions(self) -> Schema:
        answers = {"200": done(_("The actions that make sense for it"), ref("Actions"))}
        return operation(f"actions_{self.slug}", self.tag, _("List actions"), answers, (404, 422))

    def _act(self, action: Action) -> Schema:
        asks = {
            f["name"]: {"type": ["string", "null"], "title": f["label"]} for f in api_actions.asks(action)
        }
        properties: Schema = {
            "uids": {"type": "array", "items": UID, "minItems": 1, "maxItems": api_actions.MOST}
        }
        if asks:
            properties["data"] = {"type": "object", "properties": asks, "additionalProperties": False}
        sent = {
            "type": "object",
            "properties": properties,
            "required": ["uids"],
            "additionalProperties": False,
        }
        return operation(
            f"act_{slug(action.key)}_{self.slug}",
            self.tag,
            str(action.label),
            {"200": done(_("What was done"), ref("Outcome"))},
            (400, 404, 409, 413, 415, 422, 500),
            parameters=[once()],
            requestBody=body(sent),
        )
