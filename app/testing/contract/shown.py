"""Checks on what people see: panels, timeline, pages and links, for everybody who may and nobody else."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from typing import Any

from bs4 import BeautifulSoup
from flask import url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BuildError, RequestRedirect, Rule

from app.kernel.contributions import Entity, Link, Panel, TimelineKind
from app.kernel.guard import Surface
from app.testing.clients import Person
from app.testing.contract.case import Case
from app.testing.contract.samples import FULL, RAW, Samples
from app.testing.markup import unfit

PAGES = ("dashboard", "account", "admin")
REFUSED = {302, 303, 401, 403, 404}


def panels_render(case: Case) -> Iterator[str]:
    """Every panel is a fragment for an empty, a full and a hostile record: no page, no id twice, no markup of a name."""
    person = case.person()
    for panel in case.declared(Panel):
        for shape, on in _hosts(case, panel):
            status, text = case.open(person, _address(panel, on), htmx=True)
            what = f"The panel {panel.key} on {shape}"
            if status == 404 and panel.when is not None:
                continue
            if status != 200:
                yield f"{what} answers {status}: {_short(text)}"
            elif RAW in text:
                yield f"{what} shows the markup of a name as markup; let templates escape it."
            elif problem := unfit(text):
                yield f"{what}: {problem}."


def panels_stay_closed(case: Case) -> Iterator[str]:
    """Panels are not there for somebody without the right, and show no record of the plugin to who may see none."""
    nobody, outsider = case.person(None), _outsider(case)
    for panel in case.declared(Panel):
        for shape, on in _hosts(case, panel):
            status, text = case.open(nobody, _address(panel, on), htmx=True)
            if status not in REFUSED and (panel.permission or on):
                yield f"The panel {panel.key} on {shape} answers {status} to somebody without any right."
            status, text = case.open(outsider, _address(panel, on), htmx=True)
            if status == 200 and _own_text(case, text):
                yield f"The panel {panel.key} on {shape} shows records to somebody who may not see them."


def timeline_renders(case: Case) -> Iterator[str]:
    """Entries of its timeline are shown for an empty, a full and a hostile contact, in order and within the limit."""
    kinds = case.declared(TimelineKind)
    if not kinds:
        return
    person, contacts = case.person(), Samples(case).all("contact")
    for contact in contacts:
        status, text = case.open(person, f"/timeline/contact/{contact.id}")
        if status != 200:
            yield f"The timeline of a contact answers {status}: {_short(text)}"
        elif RAW in text:
            yield "The timeline shows the markup of a text as markup."
    with case.app.test_request_context("/"):
        ctx = case.make.ctx()
        for kind in kinds:
            if kind.source is not None:
                asked = functools.partial(case.call, kind.source, ctx, surface=Surface.TIMELINE)
                yield from _source(asked, kind, [contact.id for contact in contacts])


def _source(asked: Callable[..., Any], kind: TimelineKind, ids: list[int]) -> Iterator[str]:
    found = list(asked(ids, None, 100))
    instants = [entry.at for entry in found]
    if instants != sorted(instants, reverse=True):
        yield f"The timeline {kind.key} is not in order: newest first."
    if any(at.tzinfo is None for at in instants):
        yield f"The timeline {kind.key} has instants without a zone."
    if len({(entry.kind, entry.key) for entry in found}) != len(found):
        yield f"The timeline {kind.key} has two entries with the same key."
    if len(list(asked(ids, None, 1))) > 1:
        yield f"The timeline {kind.key} gives more entries than it was asked for."
    if instants and any(e.at > instants[-1] for e in asked(ids, instants[-1], 100)):
        yield f"The timeline {kind.key} gives entries newer than it was asked for (before)."
    if list(asked([], None, 10)):
        yield f"The timeline {kind.key} gives entries of nobody."


def pages_open(case: Case) -> Iterator[str]:
    """Its pages open for who may do everything, show no markup of a name, and their links lead somewhere."""
    person = case.person()
    for shape, path in _pages(case):
        status, text = case.open(person, path)
        if status >= 500:
            yield f"{path} on {shape} answers {status}: {_short(text)}"
        elif RAW in text:
            yield f"{path} on {shape} shows the markup of a name as markup."
        elif status == 200:
            yield from (f"{path} links to {href}, where nothing is." for href in _lost(case, text))


def pages_stay_closed(case: Case) -> Iterator[str]:
    """Pages that are not public send strangers to the login; those that need a right refuse who lacks it."""
    stranger, nobody, outsider = case.person(""), case.person(None), _outsider(case)
    for shape, path in _pages(case):
        view = _view(case, path)
        how, _right = getattr(view, "kith_access", ("", ""))
        status, text = case.open(stranger, path)
        if how != "public" and status not in REFUSED:
            yield f"{path} answers {status} to somebody who has not signed in."
        if how == "public" and _own_text(case, text):
            yield f"{path} on {shape} is public and shows records."
        status, text = case.open(nobody, path)
        if how == "requires" and status not in REFUSED:
            yield f"{path} answers {status} to somebody without any right."
        status, text = case.open(outsider, path)
        if status == 200 and how != "public" and _own_text(case, text):
            yield f"{path} on {shape} shows records to somebody who may not see them."


def links_lead_somewhere(case: Case) -> Iterator[str]:
    """Every link leads to a page that opens for who may see it."""
    person = case.person()
    for link in case.declared(Link):
        entity = link.place.rpartition(".")[0]
        values: dict[str, Any] = dict(link.values)
        if link.place.endswith(".page"):
            values["record_id"] = Samples(case).one(entity).id
        try:
            with case.app.test_request_context("/"):
                path = url_for(link.endpoint, **values)
        except BuildError as error:
            yield f"The link {link.key} leads nowhere: {error}"
            continue
        status, text = case.open(person, path)
        if status >= 400:
            yield f"The link {link.key} leads to {path}, which answers {status}: {_short(text)}"


# ---------------------------------------------------------------- inside


def _hosts(case: Case, panel: Panel) -> list[tuple[str, str]]:
    """Return (which record, "entity:id") for a panel to be shown on; one without a record for pages."""
    if panel.slot in PAGES:
        Samples(case).all("contact")
        return [("the page", "")]
    entity = (
        panel.slot.split(".list.top")[0]
        if panel.slot.endswith(".list.top")
        else panel.slot.rpartition(".")[0]
    )
    if entity not in {known.key for known in case.registry.entities()}:
        return []
    if panel.slot.endswith(".list.top"):
        return [("the list", f"{entity}:")]
    made = Samples(case).all(entity)
    return [
        (f"an {shape} {entity}", f"{entity}:{one.id}")
        for shape, one in zip(("empty", "full", "hostile"), made, strict=True)
    ]


def _address(panel: Panel, on: str) -> str:
    return f"/panel/{panel.owner}/{panel.name}" + (f"?on={on}" if on else "")


def _outsider(case: Case) -> Person:
    """Return somebody who may see everything but what the plugin brought."""
    from app.services import roles
    from app.services.context import acting
    from app.services.grants import rights

    ctx = case.make.ctx()
    seen = [key for key in rights() if key.endswith(".view") and not key.startswith(f"{case.name}.")]
    with acting(ctx):
        label = f"Outsider of {case.name}"
        role = roles.create(ctx, roles.RoleChange(label=label, grants=dict.fromkeys(seen, "all")))
        return Person(case.app, case.make.user(role))


def _own_text(case: Case, text: str) -> bool:
    """Tell whether an answer shows a text of one of the plugin's own records."""
    return bool(case.declared(Entity)) and FULL in text


def _pages(case: Case) -> Iterator[tuple[str, str]]:
    """Yield (which record, address) of every page of the plugin that can be opened with records of ours."""
    shapes = ("empty", "full", "hostile")
    made: dict[str, list[Any]] = {"contact": Samples(case).all("contact")}
    for rule in case.app.url_map.iter_rules():
        if rule.endpoint not in case.loaded.endpoints or "GET" not in (rule.methods or ()):
            continue
        entity = _entity_of(case, rule) if rule.arguments else ""
        if rule.arguments and not entity:
            continue
        if entity and entity not in made:
            made[entity] = Samples(case).all(entity)
        for shape, record in zip(shapes, made.get(entity, [None]), strict=False):
            values = dict.fromkeys(rule.arguments, record.id) if record is not None else {}
            with case.app.test_request_context("/"):
                yield f"an {shape} record", url_for(rule.endpoint, **values)


def _entity_of(case: Case, rule: Rule) -> str:
    """Return the entity whose ids a page takes: named by its argument (deal_id), or the only one whose page it is."""
    if len(rule.arguments) != 1:
        return ""
    name = next(iter(rule.arguments)).removesuffix("_id")
    known = {entity.key for entity in case.registry.entities()}
    if f"{case.name}.{name}" in known:
        return f"{case.name}.{name}"
    if name in known:
        return name
    return next((e.key for e in case.declared(Entity) if e.url == rule.endpoint), "")


def _view(case: Case, path: str) -> Any:
    try:
        endpoint, _values = case.app.url_map.bind("localhost").match(path.partition("?")[0])
    except (HTTPException, RequestRedirect):
        return None
    return case.app.view_functions[endpoint]


def _lost(case: Case, text: str) -> Iterator[str]:
    main = BeautifulSoup(text, "html.parser").select_one("main")
    for tag in main.select("[href]") if main is not None else ():
        href = str(tag["href"])
        if href.startswith("/") and not href.startswith("//") and _view(case, href.partition("#")[0]) is None:
            yield href


def _short(text: str) -> str:
    return re.sub(r"\s+", " ", BeautifulSoup(text, "html.parser").get_text(" "))[:300]
