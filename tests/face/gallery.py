"""A look at every component without the application: `python tests/face/gallery.py [PORT]`, then open /."""

from __future__ import annotations

import hashlib
import http.server
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment, FileSystemLoader, select_autoescape

ROOT = Path(__file__).resolve().parents[2]
PAGES = Path(__file__).parent / "gallery"
CSP = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"


def static_url(name: str) -> str:
    """Return the address of a file in static/ with a hash of its content."""
    data = (ROOT / "static" / name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(data).hexdigest()[:8]}"


def environment() -> Environment:
    """Return a Jinja environment with the functions the templates expect, in English."""
    env = Environment(
        loader=FileSystemLoader([PAGES, ROOT / "templates"]),
        autoescape=select_autoescape(["html", "jinja", "svg"]),
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(static_url=static_url, url_for=lambda name, **values: f"/{name}")
    env.filters["number"] = "{:,}".format
    return env


def _link(url: str, label: str, icon: str, key: str = "", **more: Any) -> dict[str, Any]:
    return {"url": url, "label": label, "icon": icon, "key": key or url.strip("/"), "badge": None, **more}


NAV: list[dict[str, Any]] = [
    {
        "label": "",
        "links": [_link("/today", "Today", "house", badge="7"), _link("/search", "Find", "search")],
    },
    {
        "label": "Records",
        "links": [
            _link("/contacts", "Contacts", "users"),
            _link("/companies", "Companies", "building-2"),
            _link("/interactions", "Interactions", "history"),
        ],
    },
    {
        "label": "Set up",
        "links": [
            _link("/components", "Components", "layout-grid"),
            _link("/settings", "Settings", "settings"),
        ],
    },
]
CREATE = [_link("/form", "Contact", "user-plus"), _link("/form?of=company", "Company", "building-2")]
LOG = [
    _link("/contact#log", "Call", "phone"),
    _link("/contact?kind=note#log", "Note", "sticky-note"),
    _link("/contact?kind=meet#log", "Meeting", "calendar"),
]
ACCOUNT = [
    _link("/account", "Your account", "user"),
    _link("/login", "Sign out", "log-out", post=True, clears=True),
]
TOAST = {"kind": "ok", "text": "Call logged. Follow-up set for Sunday.", "undo_url": "/undo", "link": None}
NOTICE = {"kind": "warn", "text": "This is a copy for looking at.", "url": "/form", "label": "Why?"}
SECTIONS = {"contact": "contacts", "form": "contacts", "import": "contacts"}


def shell(page: str, query: dict[str, str]) -> dict[str, Any]:
    """Return what the application gives every page, for an imagined company."""
    return {
        "brand": "Northlight",
        "user": {"id": int(query.get("user", 1)), "name": "Amina Farouk", "initials": "AF", "hue": 1},
        "nav": NAV,
        "active": SECTIONS.get(page, page),
        "create": CREATE,
        "log_kinds": LOG,
        "tabbar": [NAV[0]["links"][0], *NAV[1]["links"][:2]],
        "account": ACCOUNT,
        "theme": query.get("theme", ""),
        "lang": "ar" if query.get("dir") == "rtl" else "en",
        "dir": query.get("dir", "ltr"),
        "csrf": "token-1",
        "toasts": [TOAST] if "toast" in query else [],
        "notice": NOTICE if "notice" in query else None,
        "search_url": "/search",
        "plugin_css": None,
        "keys": query.get("keys") != "off",
    }


class Handler(http.server.SimpleHTTPRequestHandler):
    """Static files from the checkout, pages from gallery/, answers of forms from gallery/_answers.html."""

    env = environment()

    def do_GET(self) -> None:
        """Answer with a file below /static or with the page of that name."""
        parts = urlsplit(self.path)
        if parts.path.startswith("/static/"):
            return super().do_GET()
        return self._page(parts.path.strip("/") or "components", parts.query)

    def do_POST(self) -> None:
        """Answer a form: a fragment to htmx, else 303 to the page it names."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        parts = urlsplit(self.path)
        name = parts.path.strip("/")
        name = name.removeprefix("_")
        if (PAGES / f"_{name}.html").exists() and self.headers.get("HX-Request-Type") == "partial":
            return self._page(f"_{name}", f"{parts.query}&{body}")
        if name.startswith("bad"):
            return self._page("form", "", 422)
        self.send_response(303)
        self.send_header("Location", "/login?out=1" if name == "login" else "/contacts?toast=1")
        self.end_headers()

    def _page(self, name: str, query: str, status: int = 200) -> None:
        values = {key: found[0] for key, found in parse_qs(query).items()}
        if name.startswith("errors/"):
            status = int(name.removeprefix("errors/"))
        if not any((folder / f"{name}.html").exists() for folder in (PAGES, ROOT / "templates")):
            name, status = "errors/404", 404
        html = self.env.get_template(f"{name}.html").render(
            shell=shell(name, values), args=values, headers=self.headers, status=status
        )
        self._send(status, "text/html; charset=utf-8", html.encode())

    def _send(self, status: int, kind: str, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def end_headers(self) -> None:
        """Add the policy of the application to every answer."""
        self.send_header("Content-Security-Policy", CSP)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def serve(port: int = 0) -> http.server.ThreadingHTTPServer:
    """Return a server on the loopback address; the caller runs and stops it."""
    from functools import partial

    return http.server.ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, directory=str(ROOT)))


if __name__ == "__main__":
    serve(int(sys.argv[1]) if len(sys.argv) > 1 else 8055).serve_forever()
