"""Where other programs tell Kith something: signed messages as Standard Webhooks has them, answered for programs."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from app.i18n import _
from app.kernel.errors import NotVisible, Refuse
from app.services import throttle, webhooks_receiving
from app.services.context import as_house
from app.services.values import dump
from app.services.webhooks_receiving import FAILED, LARGEST, WRONG
from app.services.webhooks_signing import Unsigned
from app.web.api import problems
from app.web.routes import public
from app.web.security import csrf

hooks = Blueprint("hooks", __name__)


@hooks.post("/hooks/in/<uuid:uid>")
@public("every message is signed with a secret")
@csrf.exempt("it goes by a signature in its headers, which no other site can make")
def receive(uid: UUID) -> Response:
    """Take a message: 200 with what became of it, also when it came before; 422 when nothing could be made of it."""
    request.max_content_length = LARGEST
    try:
        body = request.get_data(cache=False)
        with as_house("a message of a webhook", source=webhooks_receiving.SOURCE) as ctx:
            return _received(ctx, str(uid), body)
    except RequestEntityTooLarge:
        return problems.answer(413, _("A message has at most %(most)s kB.", most=LARGEST // 1024))
    except NotVisible as error:
        return problems.answer(404, str(error))
    except Refuse as error:
        return problems.answer(409, str(error))
    except throttle.TooMany as error:
        return problems.answer(429, str(error), retry=error.retry_after)


def _received(ctx: Any, uid: str, body: bytes) -> Response:
    inbox = webhooks_receiving.inbox_of(ctx, uid)
    try:
        key = webhooks_receiving.verified(ctx, inbox, {k.lower(): v for k, v in request.headers}, body)
    except Unsigned as error:
        throttle.take(ctx, WRONG, throttle.network(request.remote_addr or ""))
        why = _("The header %(name)s is not there, too old or wrong.", name=str(error))
        return problems.answer(401, why)
    if request.mimetype != "application/json":
        return problems.answer(415)
    try:
        message = json.loads(body.decode())
        dump(message).encode()  # half a character is no text
    except (ValueError, RecursionError):
        return problems.answer(400)
    if not isinstance(message, dict):
        return problems.answer(422, _("Send an object."))
    taken = webhooks_receiving.take(ctx, inbox, key, message)
    if taken.state == FAILED:
        return problems.answer(422, taken.said)
    told = {
        "id": key,
        "state": taken.state,
        "entity": taken.entity or None,
        "uid": taken.uid,
        "again": taken.again,
    }
    response = Response(dump(told), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
