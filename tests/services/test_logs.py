"""Log lines: one per event whatever it says, without secrets, as text or JSON."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import pytest

from app.services import logs


def record(message: str, *args: object, exc_info: Any = None) -> logging.LogRecord:
    """A log record with a message."""
    return logging.LogRecord("kith.web", logging.INFO, "file", 1, message, args, exc_info)


@pytest.mark.parametrize("formatter", [logs.Text(), logs.Json()])
@pytest.mark.parametrize("text", ["a\nINFO forged", "a\rb", "a\u2028b", "a\x1b[31mb"])
def test_nobody_forges_a_line(formatter: logging.Formatter, text: str) -> None:
    line = formatter.format(record("asked for %s", text))
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line


@pytest.mark.parametrize(
    "text",
    [
        "password=hunter2hunter2",
        '{"token": "hunter2hunter2"}',
        "Authorization: Bearer hunter2hunter2",
        "postgresql://kith:hunter2hunter2@db/kith",
    ],
)
def test_secrets_are_left_out(text: str) -> None:
    assert "hunter2" not in logs.Text().format(record(text))


def test_json_says_the_same_with_its_trace() -> None:
    try:
        raise ValueError("broken\nin two")
    except ValueError:
        line = logs.Json().format(record("went wrong", exc_info=sys.exc_info()))
    found = json.loads(line)
    assert (found["logger"], found["level"], found["message"]) == ("kith.web", "INFO", "went wrong")
    assert any("ValueError" in part for part in found["trace"])
