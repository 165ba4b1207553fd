"""The system libraries that draw PDF: there, else installed."""

from __future__ import annotations

import sys

from .system import debian_package, run

PACKAGES = ["libpango-1.0-0", "libpangoft2-1.0-0", "fonts-dejavu-core"]


def find() -> bool:
    """Whether PDF can be drawn here, with what is missing installed if need be."""
    return draws() or (all(debian_package(name) for name in PACKAGES) and draws())


def draws() -> bool:
    """Whether WeasyPrint finds Pango and what belongs to it."""
    return run(sys.executable, "-c", "import weasyprint", quiet=True)
