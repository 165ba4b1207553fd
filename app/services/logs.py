"""The log: a line per event, as text or JSON, with the number of the request, without line breaks from outside."""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime

from app.config import Config
from app.services import audit

CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
SECRET = re.compile(
    r"((?:password|passwd|secret|token|seed|authorization|cookie)[\"']?\s*[=:]\s*[\"']?)(?:Bearer\s+)?[^\s,;&\"']+"
    r"|(://[^/\s:@]+:)[^/\s@]+(?=@)",
    re.IGNORECASE,
)


def set_up(config: Config) -> None:
    """Send everything to standard error in the configured format and level; called again, it replaces itself."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Json() if config.log_format == "json" else Text())
    handler.set_name("kith")
    root = logging.getLogger()
    for former in [h for h in root.handlers if h.get_name() == "kith"]:
        root.removeHandler(former)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("kith").setLevel(config.log_level.upper())


def plain(text: str) -> str:
    """Return a text on one line: control characters are written out, so that nobody forges a line (CWE-117)."""
    return CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def clean(text: str) -> str:
    """Return a text without passwords and tokens that slipped into it."""
    return SECRET.sub(lambda found: f"{found[1] or found[2]}…", text)


class Text(logging.Formatter):
    """`2026-05-01T08:00:00Z INFO kith.web [4f2a…] GET /contacts 200`; traces follow, indented."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        number = audit.request_id()
        head = f"{_at(record)} {record.levelname} {record.name}" + (f" [{number}]" if number else "")
        return f"{head} {plain(clean(record.getMessage()))}" + "".join(
            f"\n  {line}" for line in _trace(record)
        )


class Json(logging.Formatter):
    """One JSON object a line: at, level, logger, request, message, trace."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        shown = {
            "at": _at(record),
            "level": record.levelname,
            "logger": record.name,
            "request": audit.request_id(),
            "message": clean(record.getMessage()),
            "trace": _trace(record),
        }
        return json.dumps({k: v for k, v in shown.items() if v}, ensure_ascii=True)


def _at(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _trace(record: logging.LogRecord) -> list[str]:
    if not record.exc_info:
        return []
    lines = "".join(traceback.format_exception(*record.exc_info)).splitlines()
    return [plain(clean(line)) for line in lines]
