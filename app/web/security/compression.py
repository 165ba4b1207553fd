"""gzip for the texts we make. Static files are compressed where they are served."""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

LEAST = 500
LEVEL = 4
TEXT = {
    "text/html",
    "text/plain",
    "text/csv",
    "text/vcard",
    "application/json",
    "application/problem+json",
    "application/manifest+json",
    "image/svg+xml",
}


def init_app(app: Flask) -> None:
    """Install it first, so that it runs after everything else has touched the answer."""
    app.after_request(compress)


def compress(response: Response) -> Response:
    """Compress a complete text answer of more than 500 bytes if the browser takes it."""
    if response.mimetype not in TEXT or response.is_streamed or response.direct_passthrough:
        return response
    if "Content-Encoding" in response.headers or response.status_code in (204, 206, 304):
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") <= 0 or request.method == "HEAD":
        return response
    body = response.get_data()
    if len(body) > LEAST:
        response.set_data(gzip.compress(body, LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        if tag := response.get_etag()[0]:
            response.set_etag(f"{tag}-gzip")
    return response
