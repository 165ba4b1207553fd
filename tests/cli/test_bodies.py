"""A large body is taken in only where somebody who may import has asked for it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, request

from app.cli.server import Server
from app.config import Config
from app.services import upload_tickets as tickets

MB = 1024 * 1024


@pytest.fixture
def app() -> Flask:
    """An application that says how much it was sent."""
    made = Flask("bodies")
    made.secret_key = "s" * 40
    for path in ("/import", "/login"):
        made.add_url_rule(path, path, lambda: str(len(request.get_data())), methods=["POST"])
    return made


@pytest.fixture
def send(app: Flask) -> Iterator[Callable[[str, int], str]]:
    """`send("/login", 10)`: post so many megabytes and return the first line and the body of the answer."""
    server = Server(app, Config(port=0, threads=2, upload_max_mb=1, import_max_mb=7))
    thread = threading.Thread(target=server.run)
    thread.start()
    host, port = server.address.removeprefix("http://").rsplit(":", 1)

    def sent(path: str, size: int) -> str:
        with socket.create_connection((host, int(port)), timeout=30) as line:
            head = (
                f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {size * MB}\r\n\r\n"
            )
            line.sendall(head.encode())
            try:
                line.sendall(b"x" * (size * MB))
            except OSError:
                pass  # refused before all of it was sent
            answer = b""
            try:
                while part := line.recv(65536):
                    answer += part
            except OSError:
                pass
            return answer.decode()

    yield sent
    server.stop()
    thread.join(20)


def test_a_ticket_lets_a_large_file_in(app: Flask, send: Callable[[str, int], str]) -> None:
    assert send(f"/import?ticket={tickets.made(app.secret_key, 1)}", 6).endswith(str(6 * MB))


@pytest.mark.parametrize("path", ["/import", "/import?ticket=abc", "/login?ticket={ticket}"])
def test_without_one_nothing_larger_than_an_upload_comes_in(
    app: Flask, send: Callable[[str, int], str], path: str
) -> None:
    path = path.format(ticket=tickets.made(app.secret_key, 1))
    assert "413" in send(path, 6).splitlines()[0]
    assert send(path, 1).endswith(str(MB))


def test_tickets_of_others_and_old_ones_are_none(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    good = tickets.made(app.secret_key, 1)
    assert tickets.sound(app.secret_key, good)
    other = Flask("other")
    assert not tickets.sound(other.secret_key, good)
    other.secret_key = "o" * 40
    assert not tickets.sound(other.secret_key, good)
    monkeypatch.setattr(tickets, "SECONDS", -1)
    assert not tickets.sound(app.secret_key, good)
