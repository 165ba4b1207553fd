"""States of imports and what may become of duplicates, in people's words."""

from __future__ import annotations

from app.i18n import _
from app.models import ImportRun


def policies_of_duplicates() -> dict[str, tuple[str, str]]:
    """Return what may be done with what is there already, and a hint."""
    return {
        "fill": (_("Fill empty fields, keep the rest"), _("best for most lists")),
        "replace": (_("Replace with the new values"), ""),
        "skip": (_("Skip the row"), ""),
        "create": (_("Add it once more"), _("makes duplicates")),
    }


def states(name: str) -> tuple[str, str]:
    """Return what the state of a run is called, and its tone."""
    known = {
        "preview": (_("Not started"), "info"),
        "waiting": (_("Waiting"), "info"),
        "running": (_("Running"), "info"),
        "pausing": (_("Pausing"), "warn"),
        "paused": (_("Paused"), "warn"),
        "cancelling": (_("Stopping"), "warn"),
        "cancelled": (_("Stopped"), "warn"),
        "done": (_("Done"), "ok"),
        "undoing": (_("Being taken back"), "warn"),
        "undone": (_("Taken back"), "sys"),
        "failed": (_("Failed"), "bad"),
    }
    return known.get(name, (name, "sys"))


def far(made: ImportRun, value: int, total: int) -> str:
    """Return how far it is in words: rows of rows, or where these are not counted yet rows and a share of the file."""
    if made.state != "undoing" and total != made.total:
        share = 100 * value // max(1, total)
        return _("%(done)s rows, %(share)s %% of the file", done=_number(made.done), share=share)
    return _("%(done)s of %(total)s", done=_number(value), total=_number(total)) if total else _number(value)


def _number(value: int) -> str:
    return f"{value:,}"
