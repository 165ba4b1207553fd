"""Lighthouse on the demonstration, as a phone sees it: `python -m bench.lighthouse [PATH ...]`.

Needs node and a Chromium; Lighthouse itself comes from npm. Prints the median of the runs for each page.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from flask import Flask
from waitress.server import create_server

from app import create_app
from app.demo import build, words
from app.house import house
from app.services.context import as_system
from tests.face import chromium

VERSION = "13.5.0"
CATEGORIES = ("performance", "accessibility", "best-practices")
PAGES = ("/contacts", "/contacts/41", "/")


def main() -> None:
    """Measure the pages named, or the list, a contact and Today."""
    asked = argparse.ArgumentParser(prog="python -m bench.lighthouse", description=__doc__)
    asked.add_argument("pages", nargs="*", default=PAGES)
    asked.add_argument("--runs", type=int, default=5)
    asked.add_argument("--tools", type=Path, default=Path(tempfile.gettempdir()) / "kith-lighthouse")
    chosen = asked.parse_args()
    with demonstration() as site:
        for page in chosen.pages:
            print(json.dumps(scores(site, page, runs=chosen.runs, tools=chosen.tools)))


@contextmanager
def demonstration() -> Iterator[str]:
    """Serve the demonstration from a folder of its own; yields its address."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            env="demo",
            data_dir=folder,
            database_url=f"sqlite:///{folder}/kith.db",
            worker=False,
            backup_at="",
            log_level="error",
        )
        fill(app)
        server = create_server(app, host="127.0.0.1", port=0, threads=4)
        threading.Thread(target=server.run, daemon=True).start()
        yield f"http://127.0.0.1:{server.effective_port}"
        server.close()


def fill(app: Flask) -> None:
    """Make the demonstration's data."""
    with app.app_context():
        house(app).host.migrations.upgrade_all()
        build.build(as_system("bench", source="demo"))


def scores(site: str, page: str, *, runs: int, tools: Path) -> dict[str, Any]:
    """Return the median score (0 to 100) of each category, and what was found wanting."""
    cookie = signed_in(site)
    reports = [report(f"{site}{page}", cookie, tools) for _run in range(runs)]
    found: dict[str, Any] = {"page": page}
    for name in CATEGORIES:
        each = [round(100 * one["categories"][name]["score"]) for one in reports]
        found[name] = statistics.median(each)
    audits = reports[-1]["audits"].values()
    found["wanting"] = sorted(
        a["id"]
        for a in audits
        if a["score"] is not None
        and a["score"] < 0.9
        and a["scoreDisplayMode"] in {"binary", "metricSavings", "numeric"}
    )
    return found


def signed_in(site: str) -> str:
    """Sign the demonstration's administrator in and return the Cookie header."""
    jar = CookieJar()
    opener = build_opener(HTTPCookieProcessor(jar))
    opener.addheaders = [("Origin", site)]
    page = opener.open(f"{site}/login").read().decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    form = {
        "email": words.USERS[0][1],
        "password": words.PASSWORD,
        "csrf_token": token.group(1) if token else "",
    }
    opener.open(f"{site}/login", urlencode(form).encode()).read()
    return "; ".join(f"{one.name}={one.value}" for one in jar)


def report(url: str, cookie: str, tools: Path) -> dict[str, Any]:
    """Run Lighthouse once and return its report; now and then it misses the start of its own recording."""
    command = [
        *lighthouse(tools),
        url,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--extra-headers={json.dumps({'Cookie': cookie})}",
        f"--chrome-flags=--headless=new {' '.join(chromium.FLAGS)}",
    ]
    environment = {**os.environ, "CHROME_PATH": chromium.path() or ""}
    for _try in range(3):
        answer = subprocess.run(command, env=environment, capture_output=True, check=False, text=True)
        if not answer.returncode:
            made: dict[str, Any] = json.loads(answer.stdout)
            return made
    sys.exit(f"Lighthouse could not measure {url}: {answer.stderr[-2000:]}")


def lighthouse(tools: Path) -> Sequence[str]:
    """Return the command, installed from npm at its first use."""
    command = tools / "node_modules" / ".bin" / "lighthouse"
    if not command.exists():
        tools.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(tools), f"lighthouse@{VERSION}"],
            check=True,
            stdout=sys.stderr,
        )
    return [str(command)]


if __name__ == "__main__":
    main()
