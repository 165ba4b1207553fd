"""How large a request body may be: what anonymous people send must not fill the disk (TRUST S13).

The server takes a body in before the application sees the request. Only one to the import, with a ticket from its page,
may be as large as a file to be imported.
"""

from __future__ import annotations

import copy
from typing import Any
from urllib.parse import parse_qs

from flask import Flask
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser

from app.config import Config
from app.services import upload_tickets

MB = 1024 * 1024


def channel(app: Flask, config: Config) -> type[HTTPChannel]:
    """Return the kind of connection that holds bodies to their limits."""
    usual, large = 2 * (config.upload_max_mb + 1) * MB, (config.import_max_mb + 1) * MB

    class Parser(HTTPRequestParser):
        """Reads a request; its limit is known as soon as its address is."""

        def parse_header(self, header_plus: bytes) -> None:
            super().parse_header(header_plus)
            self.adj: Any = copy.copy(self.adj)
            self.adj.max_request_body_size = large if _is_import(app, self) else usual

    class Channel(HTTPChannel):
        """A connection that reads requests so."""

        parser_class = Parser

    return Channel


def _is_import(app: Flask, request: Any) -> bool:
    if request.command != "POST" or not request.path.endswith("/import"):
        return False
    try:
        given = parse_qs(request.query or "", max_num_fields=10).get("ticket", [""])
    except ValueError:
        return False
    return upload_tickets.sound(app.secret_key, given[0])
