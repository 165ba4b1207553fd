"""An address for every page of the core and of plugins: a new route without a sample makes the test of all pages fail."""

from __future__ import annotations

import importlib
import importlib.util
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from PIL import Image
from sqlalchemy import select
from werkzeug.routing import Rule

from app.house import house
from app.kernel.contributions import Action, Choice, Outcome
from app.kernel.hookspecs import Plugin, hookimpl
from app.models import Company, Contact, ImportRun, InteractionKind, Task, Team, User
from app.services import (
    actions,
    bulk,
    custom_fields,
    importing,
    interactions,
    kinds,
    records,
    webhooks,
    webhooks_log,
)
from app.services.attachments import Upload
from app.services.bulk_choice import Chosen
from app.services.context import acting, as_system, for_user
from app.services.interactions import Entry
from app.testing.plugins import disable, enable, temporary_plugin
from tests.journeys.set_up import set_up

OPEN = ("login", "forgot", "reset", "invite", "setup", "digest")
"""First parts of addresses that are for somebody who has not signed in."""

NO_PAGE = (
    "/.well-known/",
    "/admin/data/",
    "/api/v1",
    "/dav/",
    "/files/",
    "/livez",
    "/log/",
    "/readyz",
    "/static/",
    "/territories/tiles/",
    "/undo/",
)
"""What answers with a file, a word or another address."""


MADE = "samples of pages"


@dataclass(frozen=True)
class Sample:
    """An address and who opens it: somebody's name, or None."""

    path: str
    who: str | None
    rule: str


class Careful(Plugin):
    """An action that somebody else has to approve: the core itself has none."""

    name = "careful"

    @hookimpl
    def kith_actions(self) -> list[Action]:
        return [Action(name="give", label="Give a discount", on="contact", run=_given, approval=_too_much)]


def _given(ctx: Any, chosen: Any, data: Any) -> Outcome:
    return Outcome(message="Given", changed=len(chosen))


def _too_much(ctx: Any, chosen: Any, data: Any) -> str:
    return "15 % is more than 10 %"


@contextmanager
def shown(app: Flask) -> Iterator[list[Sample]]:
    """Yield the samples while there is something to approve and the plugins that have samples are on."""
    on = [name for name in house(app).host.plugins if pages_of(name) is not None]
    with temporary_plugin(app, Careful):
        enable(app, *on)
        try:
            yield samples(app)
        finally:
            for name in on:
                disable(app, name)


def pages_of(name: str) -> Any:
    """Return the module plugins/<name>/tests/pages.py, or None.

    Its `records(ctx)` makes what the plugin's pages show and returns (endpoint, part) or part of an address → value.
    """
    parts = (f"plugins.{name}", f"plugins.{name}.tests", f"plugins.{name}.tests.pages")
    there = all(importlib.util.find_spec(part) is not None for part in parts)
    return importlib.import_module(parts[-1]) if there else None


def samples(app: Flask) -> list[Sample]:
    """Return every page with records that have much to show. Raises KeyError for a route nobody thought of."""
    with app.app_context():
        made = app.extensions.setdefault(MADE, {})  # several walks may go through one application
        if "" not in made:
            made[""] = _records()
        there = made[""]
        found = []
        adapter = app.url_map.bind("localhost")
        for rule, values in [*_of_core(app, there), *_of_plugins(app, made)]:
            path = adapter.build(rule.endpoint, values)
            who = None if rule.rule.strip("/").split("/")[0] in OPEN else "amina"
            found.append(Sample(path + QUERY.get(rule.endpoint, "").format(**there), who, rule.rule))
        return found + [Sample(path.format(**there), "amina", path) for path in VARIANTS]


def _rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Yield every address that may answer with a page, and the plugin it belongs to ("" for the core)."""
    owners = {endpoint: one.name for one in house(app).host.plugins.values() for endpoint in one.endpoints}
    for rule in sorted(app.url_map.iter_rules(), key=lambda r: r.rule):
        no_page = rule.rule.startswith(NO_PAGE) or rule.rule.endswith((".vcf", "/receipts"))
        if "GET" in (rule.methods or ()) and not no_page:
            yield rule, owners.get(rule.endpoint, "")


def _of_core(app: Flask, there: Mapping[str, Any]) -> Iterator[tuple[Rule, dict[str, Any]]]:
    for rule, owner in _rules(app):
        if not owner:
            yield rule, _values(rule, there)


def _of_plugins(
    app: Flask, made: dict[str, Mapping[Any, Any] | None]
) -> Iterator[tuple[Rule, dict[str, Any]]]:
    """Yield the pages of plugins that have samples, made once. Raises KeyError for one that its samples forgot."""
    for rule, owner in _rules(app):
        if owner not in made:
            module = pages_of(owner)
            made[owner] = module.records(as_system("test")) if module is not None else None
        values = made[owner] if owner else None
        if values is not None:
            named = {n: (rule.endpoint, n) for n in rule.arguments}
            yield rule, {n: values[key if key in values else n] for n, key in named.items()}


VARIANTS = (
    "/contacts?view=contacts_by_stage",
    "/contacts?q=zzzz",
    "/contacts?where=owner+%3D+me+and+(tag+%3D+a+or+stage+%3D+lead)",
    "/companies?view=quiet_companies",
    "/tasks?view=all",
    "/tasks?view=tasks_by_person",
    "/tasks/calendar?who=all",
    "/tasks/agenda?who=all",
    "/interactions?view=talks_of_the_week",
    "/search?q=zzzz",
    "/import/{table}",
    "/bulk/run/{bulk_done}",
)
"""Addresses of the same routes that show something else: groups, nothing, a table to be imported, work that is done."""

QUERY: Mapping[str, str] = {
    "actions.perform": "?id={contact}",
    "duplicates.choose": "?id={contact}&id={twin}",
    "panels.show": "?on=company:{company}",
    "search.page": "?q=a",
    "interactions.compose": "?kind=call",
    "importing.start": "",
    "oauth.authorize": "?response_type=code&client_id={client_id}&redirect_uri=https://planner.example/back&scope=read&state=s&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256",
    "filtering.build": "?step1=last_interaction_at&where=owner+%3D+me+and+(tag+%3D+a+or+stage+%3D+lead)",
}
RECORD: Mapping[str, str] = {
    "companies": "company",
    "interactions": "interaction",
    "own_records": "boat",
    "tasks": "task",
}
"""Blueprint → what its `record_id` is; a contact otherwise."""

FIXED: Mapping[str, Any] = {
    "token": "no-such-token",
    "channel": "call",
    "entity": "contact",
    "kind": "call",
    "role": "everybody",
    "number": 0,
}
OWN: Mapping[tuple[str, str], Any] = {
    ("actions.perform", "owner"): "core",
    ("actions.perform", "name"): "trash_contact",
    ("admin_fields", "kind"): "kind_of_record",
    ("admin_layouts", "kind"): "kind_of_record",
    ("admin_layouts.field", "name"): "given_name",
    ("own_records", "entity"): "own_entity",
    ("hygiene.count", "name"): "no_email",
    ("panels.show", "owner"): "core",
    ("panels.show", "name"): "people",
    ("admin_roles.edit", "name"): "representative",
    ("admin_stages.edit", "name"): "customer",
    ("admin_plugins", "name"): "gifts",
    ("account.plugin", "name"): "gifts",
    ("inline.edit", "name"): "birthday",
    ("inline.row", "name"): "birthday",
    ("list_cells.edit", "name"): "lifecycle_stage",
    ("list_cells.show", "name"): "lifecycle_stage",
    ("views.edit", "key"): "my_contacts",
    ("contact_card.company_code", "record_id"): "company",
    ("trash.purge", "record_id"): "trashed",
    ("bulk.show", "run_id"): "bulk_run",
}


def _values(rule: Rule, there: Mapping[str, Any]) -> dict[str, Any]:
    blueprint = rule.endpoint.partition(".")[0]
    values: dict[str, Any] = {}
    for name in rule.arguments:
        own = next((key for key in ((rule.endpoint, name), (blueprint, name)) if key in OWN), None)
        if own is not None:
            value = OWN[own]
            values[name] = there.get(value, value) if isinstance(value, str) else value
        elif name == "record_id":
            values[name] = there[RECORD.get(blueprint, "contact")]
        else:
            values[name] = there[name] if name in there else FIXED[name]
    return values


def _records() -> dict[str, Any]:
    """Return ids of records; the contact has everything that a page can show."""
    ctx = as_system("test")
    session = ctx.session
    contact = session.scalars(select(Contact).where(Contact.owner_id == 3).order_by(Contact.id)).first()
    assert contact is not None
    records.update(ctx, "contact", contact.id, {"do_not_contact": [{"channel": "call", "reason": "asked"}]})
    made = _entry(ctx, contact.id)
    fair = session.scalar(select(InteractionKind.id).where(InteractionKind.label == "Trade fair"))
    kind = kinds.save(ctx, fair, kinds.Values(label="Trade fair", icon="users", tone="camp", timed=True))
    company = session.scalars(select(Company).order_by(Company.id)).first()
    task = session.scalars(select(Task).order_by(Task.id)).first()
    team = session.scalars(select(Team).order_by(Team.id)).first()
    user = session.scalars(select(User).where(User.email.startswith("tomas"))).one()
    gone = records.create(ctx, "contact", {"given_name": "Gone"})
    records.trash(ctx, "contact", [gone.id])
    assert company is not None
    assert task is not None
    assert team is not None
    run = _import(ctx)
    twin = records.create(
        ctx, "contact", {"given_name": contact.given_name, "family_name": contact.family_name}
    )
    return {
        "twin": twin.id,
        "kind_of_record": "contact",
        "field_id": _field(),
        **_webhook(),
        **set_up(),
        "contact": contact.id,
        "contact_id": contact.id,
        "company": company.id,
        "interaction": made,
        "task": task.id,
        "kind_id": kind.id,
        "team_id": team.id,
        "user_id": user.id,
        "trashed": gone.id,
        "run_id": run,
        "table": _table(),
        "approval_id": _approval(contact),
        **_operations(),
    }


def _field() -> int:
    """Add a field that has choices."""
    ctx = for_user(1)
    with acting(ctx):
        known = [row.id for row in custom_fields.listed(ctx, "contact").used if row.label == "Shoes"]
        if known:
            return known[0]
        shoes = (Choice(value="", label="Small"), Choice(value="", label="Large"))
        return custom_fields.add(
            ctx, "contact", custom_fields.Values(label="Shoes", type="choice", choices=shoes)
        ).id


def _webhook() -> dict[str, int]:
    """Set up a webhook and ask for a test, which nobody sends here."""
    ctx = for_user(1)
    with acting(ctx):
        hook, _secret = webhooks.create(
            ctx,
            webhooks.Wanted(
                name="Shop", url="https://shop.example/kith", topics="contact.created", user_id=1
            ),
        )
        return {"hook_id": hook.id, "delivery_id": webhooks_log.test(ctx, hook.id).id}


def _operations() -> dict[str, int]:
    """Change something on many records in somebody's name, in part refused, and leave another such work to be begun."""
    ctx = for_user(1)
    with acting(ctx):
        people = list(ctx.session.scalars(select(Contact.id).order_by(Contact.id).limit(30)))
        made = [bulk.draft(ctx, "contact", Chosen(ids=tuple(people))).id for _n in range(2)]
        bulk.choose(ctx, made[0], "edit", {"field": "tags", "how": "add", "value": ["Trade fair"]})
        done = bulk.start(ctx, made[0]).operation_id
        bulk.choose(ctx, made[1], "edit", {"field": "note", "how": "set", "value": "Met at the fair. " * 20})
    assert done is not None
    return {"bulk_run": made[1], "bulk_done": made[0], "operation_id": done}


def _approval(contact: Contact) -> int:
    """Ask for something in the name of who owns a contact."""
    ctx = for_user(3)
    with acting(ctx):
        made = actions.run(ctx, actions.find(ctx, "careful.give"), [contact.id], {}).approval
    assert made is not None
    return made


def _entry(ctx: Any, contact: int) -> int:
    """Log a meeting with several people, files, a pin and a text with everything Markdown has."""
    picture = io.BytesIO()
    Image.new("RGB", (800, 500), "teal").save(picture, "PNG")
    body = "# Head\n\nA *long* **text** with `code`, [a link](https://example.org) and\n\n- one\n- two\n\n> quoted\n\n"
    mates = [c.id for c in ctx.session.scalars(select(Contact).order_by(Contact.id).limit(6))]
    made = interactions.log(
        ctx,
        Entry(
            values={
                "kind": "meeting",
                "subject": "Site visit",
                "body": body * 4,
                "location": "Porto",
                "duration_s": 1800,
            },
            contacts=list(dict.fromkeys([contact, *mates])),
            users=[1, 2],
            about=[("company", 1)],
            files=[Upload(name="roof.png", data=picture.getvalue()), Upload(name="offer.txt", data=b"x")],
            follow_up={"summary": "Send the offer", "due_on": "2020-01-01"},
        ),
    )
    interactions.pin(ctx, made.id, on=True)
    return made.id


def _table() -> int:
    """Look at a table of people, of which one is there already and one has no name."""
    text = "Given Name;Family Name;E-Mail;Phone;Firma;Shoe size\nAna;Lima;ana@acme.pt;+351 912 345 678;Acme;38\n;;;;;\n"
    ctx = for_user(1)
    with acting(ctx):
        return importing.start(ctx, "people.csv", text.encode()).id


def _import(ctx: Any) -> int:
    with ctx.unit():
        run = ImportRun(
            user_id=1, name="people.vcf", format="vcard", state="done", total=3, done=3, created=2, failed=1
        )
        ctx.session.add(run)
        ctx.session.flush()
        return run.id
