"""Whatever is done, taken back in reverse order, leaves everything as it was: the canonical export is identical."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.kernel.contributions import EVERYWHERE, Field, Kind
from app.kernel.errors import KithError
from app.kernel.hookspecs import Plugin, hookimpl
from app.models import Contact, JournalEntry, Operation, Record
from app.services import bulk, canonical, importing, interactions, records, tasks, undo
from app.services.bulk_choice import Chosen
from app.services.listing_state import State
from app.testing.plugins import temporary_plugin

WORDS = [
    "Ana",
    "Bruno",
    "Chloé",
    "Dr. Ng",
    "Łukasz",
    "O'Neil",
    "山田",
    "محمد",
    "Lima",
    "de la Cruz",
    "",
    "Acme GmbH",
]
FIRMS = ["Acme", "Beta Werke", "Gamma Ltd", "Delta e Filhos"]
TAGS = ["vip", "Fair", "old", "Ünïcode", "new"]


def load_shoe(ctx: Any, ids: Any) -> Mapping[int, Any]:
    return dict(ctx.session.execute(select(Contact.id, Contact.gender).where(Contact.id.in_(ids))).all())


def save_shoe(ctx: Any, values: Mapping[int, Any]) -> None:
    for i, value in values.items():
        ctx.session.execute(
            update(Contact).where(Contact.id == i).values(gender=value or ""),
            execution_options={"synchronize_session": False},
        )


class Shoes(Plugin):
    """A plugin with a field that it stores itself."""

    name = "shoes"

    @hookimpl
    def kith_fields(self) -> Any:
        yield Field(
            name="size",
            label="Shoe size",
            on="contact",
            kind=Kind.TEXT,
            load=load_shoe,
            save=save_shoe,
            show=EVERYWHERE,
        )


class Life:
    """Somebody who does anything at all, by chance."""

    def __init__(self, ctx: Any, chance: random.Random, folder: Path) -> None:
        self.ctx, self.chance, self.folder = ctx, chance, folder
        self.acts: list[Callable[[], None]] = [
            self.creates,
            self.creates_company,
            self.edits,
            self.edits,
            self.edits_company,
            self.edits_many,
            self.edits_many,
            self.trashes,
            self.trashes_many,
            self.restores,
            self.logs,
            self.logs,
            self.moves_entry,
            self.does_task,
            self.imports,
            self.imports_cards,
        ]

    def act(self) -> str:
        """Do something and return what it was; what is refused is no act."""
        what = self.chance.choice(self.acts)
        try:
            what()
        except KithError as error:
            self.ctx.session.rollback()
            return f"{what.__name__} refused: {error}"
        return what.__name__

    def some(self, entity: str, *, trash: bool = False) -> Any:
        """One of the records there are."""
        model: type[Record] = self.ctx.schema.entity(entity).model
        query = select(model.id).where(model.deleted_at.is_not(None) if trash else model.deleted_at.is_(None))
        ids = list(
            self.ctx.session.scalars(query.order_by(model.id), execution_options={"with_trash": trash})
        )
        return self.chance.choice(ids[-40:]) if ids else None

    def word(self) -> str:
        return self.chance.choice(WORDS)

    def many(self, make: Callable[[], Any], most: int = 3) -> list[Any]:
        return [make() for _n in range(self.chance.randint(0, most))]

    def email(self) -> dict[str, Any]:
        return {
            "value": f"x{self.chance.randint(1, 9)}@acme.pt",
            "kind": self.chance.choice(["", "work"]),
            "preferred": self.chance.random() < 0.5,
        }

    def phone(self) -> dict[str, Any]:
        return {"value": f"+351 91{self.chance.randint(1000000, 9999999)}", "kind": "", "preferred": False}

    def place(self) -> dict[str, Any]:
        return {
            "company": self.chance.choice(FIRMS),
            "title": self.word(),
            "is_primary": self.chance.random() < 0.4,
            "ended_on": self.chance.choice(["", "", "2020"]),
        }

    def relation(self) -> dict[str, Any]:
        return {
            "other_id": self.some("contact"),
            "type": self.chance.choice(["friend", "parent", "child", "manager"]),
            "note": self.word(),
        }

    def flag(self) -> dict[str, Any]:
        return {"channel": self.chance.choice(["email", "phone", "post"]), "reason": self.word()}

    def address(self) -> dict[str, Any]:
        return {
            "street_address": f"Rua {self.chance.randint(1, 99)}",
            "locality": self.word() or "Porto",
            "country_code": "PT",
            "kind": "",
            "preferred": False,
        }

    def values(self) -> dict[str, Any]:
        """New values for a few fields of a contact."""
        makers: dict[str, Callable[[], Any]] = {
            "given_name": self.word,
            "family_name": self.word,
            "name": lambda: f"{self.word()} {self.word()}",
            "nickname": self.word,
            "languages": lambda: self.chance.choice(["", "hu", "ja", "pt,en"]),
            "emails": lambda: self.many(self.email),
            "phones": lambda: self.many(self.phone),
            "addresses": lambda: self.many(self.address, 2),
            "affiliations": lambda: self.many(self.place),
            "tags": lambda: self.many(lambda: self.chance.choice(TAGS)),
            "relations": lambda: [r for r in self.many(self.relation, 2) if r["other_id"]],
            "do_not_contact": lambda: self.many(self.flag, 2),
            "birthday": lambda: self.chance.choice(["", "1980-04-12", "--04-12"]),
            "note": self.word,
            "shoes.size": lambda: str(self.chance.randint(30, 50)),
            "lifecycle_stage": lambda: self.chance.choice(["lead", "customer", ""]),
            "owner_id": lambda: self.chance.choice([None, self.ctx.user.id]),
        }
        names = self.chance.sample(sorted(makers), self.chance.randint(1, 4))
        return {n: makers[n]() for n in names}

    def creates(self) -> None:
        records.create(self.ctx, "contact", {"given_name": "Rui", **self.values()})

    def firm(self) -> dict[str, Any]:
        """New values for a few fields of a company."""
        makers: dict[str, Callable[[], Any]] = {
            "name": lambda: self.chance.choice(FIRMS),
            "parent_id": lambda: self.chance.choice([None, self.some("company")]),
            "domains": lambda: self.many(lambda: f"{self.chance.choice(['a', 'b'])}.example"),
            "tags": lambda: self.many(lambda: self.chance.choice(TAGS)),
            "number_of_employees": lambda: self.chance.choice([None, 7, 4000]),
            "annual_revenue": lambda: self.chance.choice([None, 12, 1.5]),
            "industry": self.word,
        }
        names = self.chance.sample(sorted(makers), self.chance.randint(1, 3))
        return {n: makers[n]() for n in names}

    def creates_company(self) -> None:
        records.create(self.ctx, "company", {"name": self.chance.choice(FIRMS), **self.firm()})

    def edits(self) -> None:
        if (one := self.some("contact")) is not None:
            records.update(self.ctx, "contact", one, self.values())

    def edits_company(self) -> None:
        if (one := self.some("company")) is not None:
            records.update(self.ctx, "company", one, self.firm())

    def chosen(self, entity: str) -> Chosen:
        if self.chance.random() < 0.3:
            return Chosen(
                every=True, state=State.of([("f", "lifecycle_stage:is:lead")] if entity == "contact" else [])
            )
        return Chosen(ids=tuple(sorted({self.some(entity) or 0 for _n in range(4)} - {0})))

    def edits_many(self) -> None:
        name, value = next(iter(self.values().items()))
        many = isinstance(value, list)
        how = self.chance.choice(["set", "add", "remove", "clear"] if many else ["set", "clear"])
        if not value:
            how = "clear"
        run = bulk.draft(self.ctx, "contact", self.chosen("contact"))
        bulk.choose(self.ctx, run.id, "edit", {"field": name, "how": how, "value": value})
        bulk.start(self.ctx, run.id)

    def trashes(self) -> None:
        entity = self.chance.choice(["contact", "company", "interaction", "task"])
        if (one := self.some(entity)) is not None:
            records.trash(self.ctx, entity, [one])

    def trashes_many(self) -> None:
        entity = self.chance.choice(["contact", "company", "interaction"])
        run = bulk.draft(self.ctx, entity, Chosen(ids=self.chosen("contact").ids))
        bulk.choose(self.ctx, run.id, "trash", {})
        bulk.start(self.ctx, run.id)

    def restores(self) -> None:
        entity = self.chance.choice(["contact", "company", "interaction", "task"])
        if (one := self.some(entity, trash=True)) is not None:
            records.restore(self.ctx, entity, [one])

    def logs(self) -> None:
        at = self.ctx.now.replace(day=self.chance.randint(1, 20))
        follow_up = {"summary": "Call again", "due_on": "2030-01-02"} if self.chance.random() < 0.5 else None
        interactions.log(
            self.ctx,
            interactions.Entry(
                values={
                    "kind": self.chance.choice(["call", "note"]),
                    "subject": self.word(),
                    "occurred_at": at,
                },
                contacts=[i for i in {self.some("contact"), self.some("contact")} if i],
                users=[self.ctx.user.id],
                about=[("company", i) for i in {self.some("company")} if i],
                follow_up=follow_up,
            ),
        )

    def moves_entry(self) -> None:
        one = self.some("interaction")
        if one is None:
            return
        at = self.ctx.now.replace(day=self.chance.randint(1, 20))
        contacts = sorted({i for i in (self.some("contact"), self.some("contact")) if i})
        change = self.chance.choice(
            [{"occurred_at": at}, {"contacts": contacts}, {"kind": "note"}, {"body": self.word()}]
        )
        interactions.edit(self.ctx, one, change)

    def does_task(self) -> None:
        if (one := self.some("task")) is not None:
            what = self.chance.choice(["done", "todo", "later"])
            if what == "later":
                tasks.snooze(self.ctx, one, "3d")
            else:
                tasks.finish(self.ctx, one, done=what == "done")

    def imports_cards(self) -> None:
        card = "BEGIN:VCARD\nVERSION:4.0\nUID:urn:card:{n}\nFN:Eva Silva{n}\nEMAIL:x{n}@acme.pt\nNOTE:{word}\nEND:VCARD"
        cards = [card.format(n=self.chance.randint(1, 6), word=self.word()) for _n in range(2)]
        path = self.folder / "people.vcf"
        path.write_text("\n".join(cards), "utf-8")
        importing.import_file(self.ctx, path, duplicates=self.chance.choice(["fill", "replace"]))

    def imports(self) -> None:
        rows = ["Given name,Family name,E-mail,Company,Tags"]
        for n in range(self.chance.randint(1, 3)):
            rows.append(
                f"{self.word() or 'Eva'},Silva{n},x{self.chance.randint(1, 9)}@acme.pt,{self.chance.choice(FIRMS)},{self.chance.choice(TAGS)}"
            )
        path = self.folder / "people.csv"
        path.write_text("\n".join(rows), "utf-8")
        importing.import_file(self.ctx, path, duplicates=self.chance.choice(["fill", "replace"]))


@pytest.fixture
def shoes(app: Flask) -> Iterator[None]:
    with temporary_plugin(app, Shoes):
        yield


def lived(make: Any, seed: int, folder: Path, length: int) -> None:
    """Live for a while, take all of it back, and compare."""
    ctx = make.ctx(make.user("administrator"))
    chance = random.Random(seed)
    life = Life(ctx, chance, folder)
    ctx.session.info["ctx"] = ctx
    for _n in range(3):
        life.act()
    before = canonical.lines(ctx)
    last = ctx.session.scalar(select(Operation.id).order_by(Operation.id.desc()).limit(1)) or 0
    told = [life.act() for _n in range(length)]
    done = list(
        ctx.session.scalars(select(Operation.id).where(Operation.id > last).order_by(Operation.id.desc()))
    )
    refused: list[str] = []
    for operation in done:
        run = undo.start(ctx, operation)
        refused += [
            f"{row.entity} {row.record_id}: {row.reason} {row.details}" for row in bulk.refusals(ctx, run)
        ]
    ctx.session.rollback()
    after = canonical.lines(ctx)
    gone, new = sorted(set(before) - set(after)), sorted(set(after) - set(before))
    assert (gone, new) == ([], []), f"seed {seed}: {told}\nrefused: {refused}"
    entries = select(JournalEntry.id).where(JournalEntry.operation_id.in_(done)).limit(1)
    assert not done or ctx.session.scalar(entries) is not None


@pytest.mark.parametrize("part", range(4))
def test_what_is_done_and_taken_back_never_was(make: Any, shoes: None, tmp_path: Path, part: int) -> None:
    for seed in range(part * 25, part * 25 + 25):
        lived(make, seed, tmp_path, 6)


@pytest.mark.long
@pytest.mark.parametrize("part", range(20))
def test_what_is_done_in_longer_lives_and_taken_back_never_was(
    make: Any, shoes: None, tmp_path: Path, part: int
) -> None:
    for seed in range(1000 + part * 50, 1000 + part * 50 + 50):
        lived(make, seed, tmp_path, 12)
