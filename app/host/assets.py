"""Templates, static files and translations of plugins: found by the plugin's name, never in the way of the core's."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, abort, request, send_from_directory
from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, PrefixLoader

from app import paths
from app.host.loaded import Loaded

URL = "/static/plugins"
FOR_GOOD = "public, max-age=31536000, immutable"
BUNDLE_BYTES = 6 * 1024
"""What the enabled plugins' stylesheets together may weigh, compressed (DECISIONS 34)."""


class Assets:
    """The files of the loaded plugins. `running` tells which of them take part now, in boot order."""

    def __init__(self, plugins: Mapping[str, Loaded], running: Callable[[], Sequence[str]]) -> None:
        self._plugins, self._running = plugins, running
        self._sheets: dict[str, Path | None] = {}

    def install(self, app: Flask) -> None:
        """Install loader, routes and translation folders. Called once, when all plugins are loaded."""
        app.jinja_loader = self.loader()
        app.add_url_rule(f"{URL}/<name>/<path:filename>", "plugin_static", _open(self.serve))
        app.add_url_rule(f"{URL}.css", "plugin_stylesheet", _open(self.serve_bundle))
        app.jinja_env.globals["plugin_static"] = self.url
        self._translate(app)

    def loader(self) -> BaseLoader:
        """Return where templates come from: the site's overrides, the core's, then each plugin's under its name."""
        prefixed = {
            name: FileSystemLoader(folder)
            for name, loaded in self._plugins.items()
            if loaded.well and (folder := loaded.folder("templates"))
        }
        sources: list[BaseLoader] = [
            FileSystemLoader(paths.CONFIG / "templates"),
            FileSystemLoader(paths.TEMPLATES),
        ]
        return ChoiceLoader([*sources, PrefixLoader(prefixed)])

    def url(self, path: str) -> str:
        """Return the hashed address of `<plugin>/<file>` in that plugin's static folder, or "" when it is not there."""
        name, _, filename = path.partition("/")
        folder = self._folder(name)
        file = folder / filename if folder else None
        if file is None or not file.is_file():
            return ""
        return f"{URL}/{name}/{filename}?v={_hash(file.read_bytes())}"

    def stylesheet_url(self) -> str | None:
        """Return the address of the enabled plugins' stylesheets in one, or None when there are none."""
        css = self._bundle()
        return f"{URL}.css?v={_hash(css)}" if css else None

    def stylesheet_weight(self) -> int:
        """Return how many bytes the bundle weighs on the wire; BUNDLE_BYTES is the most it should."""
        return len(_compressed(self._bundle()))

    def serve(self, name: str, filename: str) -> Response:
        """Send a file of an enabled plugin's static folder."""
        folder = self._folder(name)
        if folder is None or name not in self._running():
            abort(404)
        response = send_from_directory(folder, filename)
        response.headers["Cache-Control"] = FOR_GOOD if "v" in request.args else "public, max-age=300"
        return response

    def serve_bundle(self) -> Response:
        """Send the enabled plugins' stylesheets in one."""
        css = self._bundle()
        zipped = request.accept_encodings.quality("gzip") > 0
        response = Response(_compressed(css) if zipped else css, mimetype="text/css")
        if zipped:
            response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
        current = request.args.get("v") == _hash(css)
        response.headers["Cache-Control"] = FOR_GOOD if current else "no-cache"
        return response

    def _folder(self, name: str) -> Path | None:
        loaded = self._plugins.get(name)
        return loaded.folder("static") if loaded is not None and loaded.well else None

    def _bundle(self) -> bytes:
        return _joined(tuple(file for name in self._running() if (file := self._stylesheet(name))))

    def _stylesheet(self, name: str) -> Path | None:
        """Return a plugin's stylesheet, if it has one: looked for once, every page asks."""
        if name not in self._sheets:
            folder = self._folder(name)
            file = folder / f"{name}.css" if folder else None
            self._sheets[name] = file if file is not None and file.is_file() else None
        return self._sheets[name]

    def _translate(self, app: Flask) -> None:
        """Let texts be looked up in each plugin's catalogue too (domain = its name); the core's words win."""
        babel = app.extensions.get("babel")
        if babel is None:
            return
        found = {name: p.folder("translations") for name, p in self._plugins.items() if p.well}
        folders = {name: folder for name, folder in found.items() if folder}
        core = list(babel.translation_directories)
        babel.translation_directories[:] = [*map(str, folders.values()), *core]
        if folders:
            babel.default_domain = ";".join([*folders, *(["messages"] * len(core))])


def _open(view: Callable[..., Response]) -> Callable[..., Response]:
    def public(**values: str) -> Response:
        return view(**values)

    public.kith_access = ("public", "styles and pictures of plugins, on public pages too")  # type: ignore[attr-defined]
    return public


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:10]


@lru_cache(maxsize=16)
def _joined(files: tuple[Path, ...]) -> bytes:
    return b"\n".join(file.read_bytes() for file in files)


@lru_cache(maxsize=16)
def _compressed(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)
