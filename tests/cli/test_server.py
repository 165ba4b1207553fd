"""The server stops without dropping anybody."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.cli.server import Server, listening
from app.config import Config, ConfigError

ROOT = Path(__file__).resolve().parents[2]


class Slow:
    """A server whose one page answers when it is told to."""

    def __init__(self) -> None:
        self.asked, self.answer = threading.Event(), threading.Event()
        app = Flask("slow")
        app.add_url_rule("/", view_func=self.view)
        self.server = Server(app, Config(port=0, threads=2))
        self.thread = threading.Thread(target=self.server.run)
        self.thread.start()

    def view(self) -> str:
        self.asked.set()
        self.answer.wait(20)
        return "done"


@pytest.fixture
def slow() -> Iterator[Slow]:
    made = Slow()
    yield made
    made.answer.set()
    made.server.stop()
    made.thread.join(20)


def test_a_request_that_is_being_answered_is_finished(slow: Slow) -> None:
    got: list[bytes] = []

    def ask() -> None:
        with urllib.request.urlopen(slow.server.address) as answer:
            got.append(answer.read())

    client = threading.Thread(target=ask)
    client.start()
    assert slow.asked.wait(20)
    slow.server.stop()
    while is_open(slow.server.address):
        pass
    slow.answer.set()
    client.join(20)
    slow.thread.join(20)
    assert got == [b"done"]
    assert not slow.thread.is_alive()


def is_open(address: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(address.rpartition(":")[2]))) == 0


def test_an_idle_connection_does_not_hold_it_up(slow: Slow) -> None:
    slow.answer.set()
    with socket.create_connection(("127.0.0.1", int(slow.server.address.rpartition(":")[2]))) as idle:
        idle.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200 OK" in idle.recv(1000)
        slow.server.stop()
        slow.thread.join(20)
        assert not slow.thread.is_alive()


def test_a_taken_port_is_said_in_a_sentence() -> None:
    with listening("127.0.0.1", 0) as first, pytest.raises(ConfigError, match="Set PORT to another number"):
        listening("127.0.0.1", first.getsockname()[1])


def test_serve_announces_the_set_up_and_leaves_one_file(installation: Path) -> None:
    command = [sys.executable, "-m", "app.cli", "serve", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=installation, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
            assert found
            assert re.search(r"enter this token: \w{20}", process.stdout.readline())
            with urllib.request.urlopen(f"{found[0]}/readyz") as answer:
                assert answer.status == 200
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
            assert "Kith has stopped." in process.stdout.read()
        finally:
            process.kill()
    assert list(installation.glob("*-wal")) == []
