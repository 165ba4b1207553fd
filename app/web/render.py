"""Page or fragment from one view and one template; what was done as a redirect or as a fragment with a toast."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, current_app, flash, redirect, render_template
from jinja2_fragments.flask import render_block

from app.services.context import ctx
from app.web import htmx, shell


def render(template: str, *, block: str | None = None, status: int = 200, **values: Any) -> Response:
    """Return a template as a page, or the named block of it when htmx asked for a fragment.

    `block` may be "name" or "other/template.html#name". Every template gets `shell` (base.html's values).
    """
    values = {"shell": shell.Shell(), "ctx": ctx(), **values}
    if block and htmx.partial():
        body = _fragment(template, block, values) + _toasts(values["shell"])
    else:
        body = render_template(template, **values)
    return htmx.vary(_topics(Response(body, status=status, mimetype="text/html")))


def fragment(template: str, *, status: int = 200, **values: Any) -> Response:
    """Return a template that is a fragment by itself (its name starts with an underscore), with pending toasts."""
    values = {"shell": shell.Shell(), "ctx": ctx(), **values}
    body = render_template(template, **values) + _toasts(values["shell"])
    return htmx.vary(_topics(Response(body, status=status, mimetype="text/html")))


def done(
    url: str,
    *,
    block: str | None = None,
    toast: str = "",
    undo: str | None = None,
    kind: str = "ok",
    status: int = 200,
    **values: Any,
) -> Response:
    """Answer an unsafe request that succeeded: 303 and a flash, or with htmx the fragment, toast and topics.

    `block` is "template.html#block" or a fragment template's name; `undo` the URL that a POST to reverses it.
    """
    if toast:
        flash(toast, f"{kind}|{undo or ''}")
    if htmx.partial() and block:
        template, _, name = block.partition("#")
        return render(template, block=name, status=status, **values) if name else fragment(template, **values)
    if htmx.enhanced():
        response = Response(status=204)
        response.headers["HX-Redirect"] = url
        return htmx.vary(response)
    return htmx.vary(redirect(url, 303))  # type: ignore[arg-type]


def _fragment(template: str, block: str, values: Mapping[str, Any]) -> str:
    other, _, name = block.rpartition("#")
    return str(render_block(other or template, name, **values))


def _toasts(of: shell.Shell) -> str:
    if not of.toasts:
        return ""
    macros = current_app.jinja_env.get_template("_macros/toasts.html").make_module({"shell": of})
    return str(macros.toasts_oob(of.toasts, of.csrf))  # type: ignore[attr-defined]


def _topics(response: Response) -> Response:
    told = ctx().topics
    if told:
        response.headers["HX-Trigger"] = ", ".join(told)
    return response
