"""A quote as PDF, drawn by WeasyPrint (BSD) from the page for printing; it fetches nothing but what it is handed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from PIL import ImageFile

from app.sdk import _
from app.sdk.formats import static_folder

STYLE = Path(__file__).resolve().parents[1] / "static" / "quote.css"
SCHEME = "kith:"
FACE = '@font-face { font-family: Inter; src: url("kith:inter.woff2") format("woff2"); font-weight: 100 900 }'


class Missing(Exception):
    """PDF cannot be drawn on this machine; the message says what to install."""


def render(html: str, files: Mapping[str, tuple[bytes, str]]) -> bytes:
    """Return a page as PDF. `files` holds what the page may use, by name after `kith:`, with its media type.

    Raises Missing where the library, or what it needs of the system, is not installed.
    """
    library = _library()
    font = (static_folder / "fonts" / "inter.woff2").read_bytes()
    given = {**files, "quote.css": (STYLE.read_bytes(), "text/css"), "inter.woff2": (font, "font/woff2")}
    fetcher = _fetcher(given)
    fonts = library.text.fonts.FontConfiguration()
    face = library.CSS(string=FACE, url_fetcher=fetcher, font_config=fonts)
    page = library.HTML(string=html, base_url=SCHEME, url_fetcher=fetcher)
    made: bytes = page.write_pdf(stylesheets=[face], font_config=fonts)
    return made


def available() -> bool:
    """Tell whether PDF can be drawn here, by loading what it needs."""
    return _loaded() is not None


def expected() -> bool:
    """Tell whether PDF can probably be drawn here, without loading anything: a page that links to it is not kept up."""
    return find_spec("weasyprint") is not None


def _library() -> Any:
    found = _loaded()
    if found is None:
        raise Missing(
            _(
                "PDF needs WeasyPrint and Pango on the server: pip install “kith[pdf]”, and on Debian and Ubuntu "
                "apt install libpango-1.0-0 libpangoft2-1.0-0. Until then print the page: "
                "every browser saves it as PDF."
            )
        )
    return found


@lru_cache(maxsize=1)
def _loaded() -> Any:
    try:
        import weasyprint
        import weasyprint.text.fonts
    except (ImportError, OSError):
        return None
    ImageFile.LOAD_TRUNCATED_IMAGES = (
        False  # which it sets for the whole process: damaged photos would be taken
    )
    return weasyprint


def _fetcher(files: Mapping[str, tuple[bytes, str]]) -> Any:
    """Return what hands out the given files and nothing else: no network, no disk (TRUST S10)."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Given(URLFetcher):
        """Knows only what it was given."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            """Return a file of ours. Raises ValueError for everything else."""
            name = url.removeprefix(SCHEME).lstrip("/")
            if not url.startswith(SCHEME) or name not in files:
                raise ValueError(f"A quote does not fetch {url[:80]}")
            body, media_type = files[name]
            return URLFetcherResponse(url, body=body, headers={"Content-Type": media_type})

    return Given()
