"""Brotli or gzip for those who take it, for texts that are worth it."""

from __future__ import annotations

import gzip
from typing import Any

import brotli
import pytest
from flask import Flask, Response

from app.web.security.compression import compress


def answer(app: Flask, response: Response, accepts: str) -> Response:
    """A response as it would leave, for a browser that accepts some encodings."""
    with app.test_request_context("/", headers={"Accept-Encoding": accepts}):
        return compress(response)


@pytest.mark.parametrize(
    ("accepts", "encoding", "unpack"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("gzip, br;q=0", "gzip", gzip.decompress),
    ],
)
def test_a_page_is_compressed_and_the_same(app: Flask, accepts: str, encoding: str, unpack: Any) -> None:
    page = "<p>Ana Lima</p>" * 100
    found = answer(app, Response(page, mimetype="text/html"), accepts)
    assert found.headers["Content-Encoding"] == encoding
    assert unpack(found.get_data()).decode() == page
    assert int(found.headers["Content-Length"]) == len(found.get_data())
    assert "Accept-Encoding" in found.headers["Vary"]


@pytest.mark.parametrize(
    ("response", "accepts"),
    [
        (Response("x" * 1000, mimetype="text/html"), ""),
        (Response("x" * 1000, mimetype="text/html"), "gzip;q=0"),
        (Response("x" * 100, mimetype="text/html"), "gzip"),
        (Response("x" * 1000, mimetype="image/png"), "gzip"),
        (Response(iter(["x" * 1000]), mimetype="text/csv"), "gzip"),
        (Response("x" * 1000, mimetype="text/html", headers={"Content-Encoding": "br"}), "gzip"),
    ],
)
def test_the_rest_stays_as_it_is(app: Flask, response: Response, accepts: str) -> None:
    assert answer(app, response, accepts).headers.get("Content-Encoding") in (None, "br")
