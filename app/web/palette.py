"""What the palette offers: hits, what can be done, places to go; lately used things while nothing is typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import url_for

from app.formats.fold import words
from app.i18n import _, _n
from app.kernel.context import Context
from app.services import recent_records, recent_searches
from app.services.search import Group, Results
from app.web import search_view as view
from app.web.shell import Shell

EACH = 4
"""Hits of each kind; the search page has more."""

RECENT = 5
PLACES = 5

Section = dict[str, Any]


def values(seen: Context, found: Results) -> dict[str, Any]:
    """Return what the template needs for what was found."""
    q = found.query
    if not q:
        return {"q": q, "sections": _numbered(_lately(seen)), "said": "", "corrected": None, "empty": False}
    places, exact = _places(seen, q)
    hits = [_group(seen, group, found) for group in found.groups]
    go = [_section(_("Go to"), places)] if places else []
    first = go if exact or not hits else []
    sections = [*first, *hits[:1], _do(seen, found, q), *hits[1:], *([] if first else go)]
    return {
        "q": q,
        "sections": _numbered(sections),
        "said": _n("%(num)s result", "%(num)s results", found.total),
        "corrected": found.corrected,
        "beside": found.beside,
        "empty": not found.groups,
    }


def _lately(seen: Context) -> list[Section]:
    searches = [
        {"text": [(t, False)], "url": url_for("search.page", q=t), "fill": t, "icon": "history"}
        for t in recent_searches.mine(seen)[:RECENT]
    ]
    opened = [view.hit(seen, hit) for hit in recent_records.mine(seen)]
    viewed = [{**hit, "text": hit["title"] if hit["name"] else hit["line"]} for hit in opened if hit["url"]]
    go = [_place(link) for section in Shell().nav for link in section["links"]]
    found = [
        _section(_("Opened lately"), viewed),
        _section(_("Searched lately"), searches, forget=True),
        _section(_("Go to"), go[: 2 * PLACES]),
    ]
    return [section for section in found if section["entries"]]


def _group(seen: Context, group: Group, found: Results) -> Section:
    shown = [view.hit(seen, hit, found.words) for hit in group.hits]
    entries = [{**hit, "text": hit["title"]} for hit in shown if hit["url"]]
    return _section(group.label, entries)


def _do(seen: Context, found: Results, q: str) -> Section:
    """Return what can be done with the first person found or with the text itself."""
    entries = [{**one, "text": [(one["text"], False)], "tone": one["kind"]} for one in view.todo(seen, found)]
    if make := view.create(seen, q):
        text = _("New contact “%(what)s”", what=q)
        entries.append({"text": [(text, False)], "url": make, "icon": "user-plus"})
    if found.groups or not entries:
        text = _("All results for “%(what)s”", what=q)
        entries.append({"text": [(text, False)], "url": url_for("search.page", q=q), "icon": "search"})
    return _section(_("Do"), entries)


def _places(seen: Context, q: str) -> tuple[list[dict[str, Any]], bool]:
    """Return the pages whose names begin with what was typed, and whether one is named exactly so."""
    wanted = words(q)
    shell = Shell()
    links = [*shell.places, *shell.create]
    named = [(link, words(link["label"])) for link in links]
    fitting = [link for link, said in named if wanted and all(_begins(w, said) for w in wanted)]
    exact = any(said == wanted for _link, said in named)
    once = {link["url"]: link for link in reversed(fitting)}
    ordered = [link for link in fitting if once.pop(link["url"], None) is not None]
    return [_place(link, link in shell.create) for link in ordered[:PLACES]], exact


def _begins(word: str, said: Iterable[str]) -> bool:
    return any(one.startswith(word) for one in said)


def _place(link: dict[str, Any], create: bool = False) -> dict[str, Any]:
    text = _("Create: %(what)s", what=link["label"]) if create else link["label"]
    return {"text": [(text, False)], "url": link["url"], "icon": link["icon"]}


def _section(label: str, entries: Sequence[dict[str, Any]], **more: Any) -> Section:
    return {"label": label, "entries": entries, **more}


def _numbered(sections: Iterable[Section]) -> list[Section]:
    """Return sections whose entries have numbers, for the ids that a screen reader is pointed to."""
    count, found = 0, []
    for section in (s for s in sections if s["entries"]):
        entries = [{**entry, "n": count + at} for at, entry in enumerate(section["entries"])]
        count += len(entries)
        found.append({**section, "entries": entries})
    return found
