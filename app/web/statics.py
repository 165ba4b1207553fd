"""Static files: hashed addresses are kept by browsers for good; the text ones are sent compressed."""

from __future__ import annotations

import gzip
from functools import lru_cache
from mimetypes import guess_type

import brotli
from flask import Flask, Response, abort, request, send_from_directory

from app import paths
from app.web.routes import public
from app.web.security.compression import accepted

TEXT = {".css", ".js", ".svg", ".webmanifest", ".json", ".txt"}


def init_app(app: Flask) -> None:
    """Install the route."""
    app.add_url_rule("/static/<path:filename>", "static", serve)


@public("styles, icons, script and font of the login page too")
def serve(filename: str) -> Response:
    """Send a file of `static/`, compressed when it is text and the browser takes it."""
    path = paths.STATIC / filename
    hashed = "v" in request.args
    if path.suffix in TEXT and (encoding := accepted()) is not None:
        body = _compressed(filename, encoding)
        if body is None:
            abort(404)
        response = Response(body, mimetype=_type(filename))
        response.headers["Content-Encoding"] = encoding
    else:
        response = send_from_directory(paths.STATIC, filename, mimetype=_type(filename))
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if hashed else "public, max-age=300"
    )
    return response


def _type(name: str) -> str:
    if name.endswith(".webmanifest"):
        return "application/manifest+json"
    return guess_type(name)[0] or "application/octet-stream"


@lru_cache(maxsize=64)
def _compressed(name: str, encoding: str) -> bytes | None:
    """Return a file packed as small as it gets: once for each encoding, as long as the program runs."""
    root = paths.STATIC.resolve()
    path = (root / name).resolve()
    if root not in path.parents or not path.is_file():
        return None
    body = path.read_bytes()
    return brotli.compress(body) if encoding == "br" else gzip.compress(body, 9, mtime=0)
