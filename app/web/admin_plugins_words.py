"""Plugins in words: their states, what they add by sort with links, how well they fare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import url_for
from werkzeug.routing import BuildError

from app.formats.names import hue
from app.host import report
from app.host.host import Host
from app.host.states import Status
from app.i18n import _, _l, _n
from app.kernel.contributions import Contribution, Entity, Field, Link, View

STATES: Mapping[str, tuple[str, Any]] = {
    "enabled": ("ok", _l("on")),
    "disabled": ("sys", _l("off")),
    "discovered": ("sys", _l("new")),
    "quarantined": ("warn", _l("off for some minutes")),
    "waiting": ("warn", _l("waits for another")),
    "needs-migration": ("warn", _l("needs an upgrade")),
    "incompatible": ("bad", _l("does not fit")),
    "broken": ("bad", _l("broken")),
    "missing": ("bad", _l("its code is missing")),
}
"""Tone and word of each state."""

SORTS: Mapping[str, Any] = {
    "Entity": _l("Kinds of record"),
    "Field": _l("Fields"),
    "Action": _l("Actions"),
    "Panel": _l("Panels"),
    "Link": _l("Ways to pages"),
    "View": _l("Views of lists"),
    "TimelineKind": _l("Kinds of timeline entry"),
    "Permission": _l("Permissions"),
    "RowRule": _l("Rules about who sees what"),
    "Topic": _l("What it tells others"),
    "On": _l("What it listens to"),
    "Notice": _l("What people are told"),
    "Job": _l("Background work"),
    "Service": _l("Services"),
    "Dataset": _l("Sources of reports"),
    "SearchProvider": _l("Sources of search hits"),
    "PrivacyParticipant": _l("Personal data elsewhere"),
    "HealthCheck": _l("Health checks"),
}
"""What declarations are called, in the order of the page."""

PLACES: Mapping[str, str] = {
    "Permission": "admin_roles.index",
    "Job": "admin_jobs.index",
    "HealthCheck": "health.details",
    "TimelineKind": "admin_kinds.index",
}
"""Where declarations of a sort are looked after."""

TONES = ("deal", "ticket", "call", "camp", "chat", "email", "meet", "note")


class Item(NamedTuple):
    """One declaration: its name for people, where it is, and its page or ""."""

    name: str
    where: str
    url: str


class Sort(NamedTuple):
    """The declarations of one sort: what they are called, how many, where they are looked after, and each of them."""

    key: str
    label: str
    url: str
    entries: Sequence[Item]


def word(state: str) -> str:
    """Return what a state is called."""
    return str(STATES[state][1])


def tone(state: str) -> str:
    """Return the colour of a state."""
    return STATES[state][0]


def health(status: Status, incidents: int, given_up: int) -> tuple[str, str]:
    """Return how a plugin fares, in a word or two, and the colour of that."""
    if status.state == "enabled" and given_up:
        return _n("%(num)s job failed", "%(num)s jobs failed", given_up), "bad"
    if status.state == "enabled" and incidents:
        return _n("%(num)s failure", "%(num)s failures", incidents), "warn"
    if status.state == "enabled":
        return _("Healthy"), "ok"
    found = word(status.state)
    return found[:1].upper() + found[1:], tone(status.state)


def icon(host: Host, name: str) -> tuple[str, str]:
    """Return the picture of a plugin and its colour: that of its first kind of record or page."""
    found = [i.icon for i in host.contributions(name) if isinstance(i, Entity | Link)]
    return (found[0] if found else "puzzle"), TONES[hue(f"plugin:{name}") % len(TONES)]


def sorts(host: Host, name: str) -> Sequence[Sort]:
    """Return what a plugin adds, by sort, with links where there is a page; of one that is off without links."""
    on = host.states.is_enabled(name)
    found = report.contributions(host, name)
    ordered = sorted(found, key=lambda sort: list(SORTS).index(sort) if sort in SORTS else len(SORTS))
    return [
        Sort(
            sort.lower(),
            str(SORTS.get(sort, sort)),
            _url(PLACES.get(sort, "")) if on else "",
            [Item(_name(item), _where(item), _page(item) if on else "") for item in found[sort]],
        )
        for sort in ordered
    ]


def _name(item: Contribution) -> str:
    label = item.plural if isinstance(item, Entity) else item.label
    return str(label or getattr(item, "topic", "") or item.key)


def _where(item: Contribution) -> str:
    """Return the place of a declaration: the kind of record, the slot, the surface."""
    for attribute in ("on", "slot", "place", "schedule"):
        if found := getattr(item, attribute, None):
            return str(found)
    return ""


def _page(item: Contribution) -> str:
    if isinstance(item, Entity):
        return _url("lists.index", entity=item.key)
    if isinstance(item, Link) and item.place in {"nav", "nav.admin", "create", "account"}:
        return _url(item.endpoint, **item.values)
    if isinstance(item, Field | View):
        return _url("lists.index", entity=item.on)
    return ""


def _url(endpoint: str, **values: Any) -> str:
    if not endpoint:
        return ""
    try:
        return url_for(endpoint, **values)
    except BuildError:
        return ""
