"""Slots of a page and the panels in them: each panel is a lazy request of its own and a page without JavaScript."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for
from markupsafe import Markup

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Panel
from app.kernel.errors import NotVisible
from app.kernel.guard import Failure, Surface, run
from app.services import records
from app.services.context import ctx
from app.web import approvals, htmx
from app.web.render import fragment, render
from app.web.routes import signed_in

panels = Blueprint("panels", __name__)


def in_slot(slot: str, record: Any = None) -> list[dict[str, Any]]:
    """Return what macro `slots.panels` shows in a slot: lazy ones by address, the others ready."""
    asked = ctx()
    shown = _waiting(asked, slot, record)
    for panel in asked.schema.panels(slot):
        if _offered(asked, panel, record):
            shown.append(_entry(asked, panel, record))
    return shown


def _waiting(asked: Context, slot: str, record: Any) -> list[dict[str, Any]]:
    """Return what waits for an approval, first in the header of every record, to those whom it concerns."""
    if record is None or not slot.endswith(".header"):
        return []
    html = approvals.banner(asked, slot.removesuffix(".header"), record)
    return [{"id": "approvals", "label": _("Approvals"), "url": "", "html": html, "span": 2}] if html else []


def tabs(entity: str, record: Any) -> list[dict[str, Any]]:
    """Return the tabs that plugins add to a record's page, with their counts."""
    asked = ctx()
    found = []
    for panel in asked.schema.panels(f"{entity}.tab"):
        if _offered(asked, panel, record):
            count = None
            if panel.badge is not None:
                count = run(
                    panel.badge,
                    asked,
                    record,
                    owner=panel.owner,
                    surface=Surface.BADGE,
                    item=panel.key,
                    session=asked.session,
                )
            n = None if isinstance(count, Failure) else count
            found.append({"label": panel.label, "url": _address(panel, entity, record), "n": n, "on": False})
    return found


@panels.get("/panel/<owner>/<name>")
@signed_in
def show(owner: str, name: str) -> Response:
    """Show one panel: a fragment with htmx, else a page of its own."""
    asked = ctx()
    panel = next((p for p in asked.schema.all(Panel) if p.owner == owner and p.name == name), None)
    entity, _sep, number = request.args.get("on", "").partition(":")
    if panel is None or (number and not number.isdigit()):
        raise NotVisible(_("There is no such panel."))
    record = records.get(asked, entity, int(number)) if number else None
    if not panel.slot.startswith((f"{entity}.", "dashboard", "account", "admin")) or not _offered(
        asked, panel, record
    ):
        raise NotVisible(_("There is no such panel."))
    body = _body(asked, panel, record)
    if htmx.partial():
        return fragment("panels/_one.html", body=body)
    kind = asked.schema.entity(entity) if record is not None else None
    back = url_for(kind.url, record_id=int(number)) if kind is not None and kind.url else "/"
    return render(
        "panels/page.html", title=str(panel.label), body=body, back=back, back_label=_title(kind, record)
    )


def _title(kind: Any, record: Any) -> str:
    if kind is None:
        return _("Today")
    return str(kind.title(record) if callable(kind.title) else getattr(record, kind.title)) or str(kind.label)


def _offered(asked: Context, panel: Panel, record: Any) -> bool:
    needed = panel.permission or ("admin.settings" if panel.slot == "admin" else None)
    if needed is not None and not asked.may(needed):
        return False
    if panel.when is None:
        return True
    result = run(
        panel.when,
        asked,
        record,
        owner=panel.owner,
        surface=Surface.WHEN,
        item=panel.key,
        session=asked.session,
    )
    return not isinstance(result, Failure) and bool(result)


def _entry(asked: Context, panel: Panel, record: Any) -> dict[str, Any]:
    entity = panel.slot.rpartition(".")[0]
    return {
        "id": f"panel-{panel.owner}-{panel.name}",
        "label": panel.label,
        "url": _address(panel, entity, record),
        "html": None if panel.lazy else _body(asked, panel, record),
        "refresh": ", ".join(f"{topic} from:body" for topic in panel.refresh_on),
        "span": panel.span,
    }


def _address(panel: Panel, entity: str, record: Any) -> str:
    where = _where(request.script_root, panel.owner, panel.name)
    return f"{where}?{urlencode({'on': f'{entity}:{record.id}'}, safe=':')}" if record is not None else where


@lru_cache(maxsize=512)
def _where(root: str, owner: str, name: str) -> str:
    return url_for("panels.show", owner=owner, name=name)


def _body(asked: Context, panel: Panel, record: Any) -> Any:
    result = run(
        panel.view,
        asked,
        record,
        owner=panel.owner,
        surface=Surface.PANEL,
        item=panel.key,
        session=asked.session,
    )
    if isinstance(result, Failure):
        return broken(str(panel.label), result)
    if result is None:
        return Markup("")
    text = result.get_data(as_text=True) if isinstance(result, Response) else result
    return Markup(text)  # noqa: S704 - a panel's view returns rendered markup; autoescape is on in every template


def broken(label: str, failure: Failure) -> Any:
    """Return the small card in the place of what a plugin could not show."""
    from flask import render_template

    return Markup(  # noqa: S704 - rendered by our own template
        render_template("panels/_broken.html", label=label, owner=failure.label, incident=failure.incident)
    )
