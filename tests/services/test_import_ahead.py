"""A second process makes the rows of an import ready; with it, without it and when it dies the outcome is the same."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from app.formats import fold, remembered
from app.models import (
    Affiliation,
    Company,
    Contact,
    EmailAddress,
    ImportRow,
    PhoneNumber,
    SearchDoc,
    SearchName,
)
from app.services import import_ahead, import_running, importing
from app.services.context import HouseContext
from app.testing.factories import Make

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="rows are made ready ahead where there is fork"
)

PEOPLE = "First name,Last name,E-mail,Mobile,Company,Job title,Birthday,Owner email\n" + "".join(
    f"Zoë{n},Müller {n},p{n % 70}@example.org,{'nobody' if n % 9 == 4 else f'+35191000{n:04}'},Firm {n % 7},Boss,"
    f"{'31/02/2001' if n % 11 == 3 else '2001-02-03'},{'lead@example.org' if n % 5 == 2 else ''}\n"
    for n in range(90)
)
PHOTO = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
CARDS = "".join(
    f"BEGIN:VCARD\nVERSION:4.0\nUID:u{n}\nFN:Person {n}\nEMAIL:c{n}@example.org\nORG:Firm {n % 3}\n"
    f"{'PHOTO:' + PHOTO if n == 5 else 'NOTE:seen'}\n{'RELATED;TYPE=friend:urn:uuid:u1' if n == 7 else 'TITLE:Boss'}\n"
    "END:VCARD\n"
    for n in range(12)
)


@pytest.fixture
def ctx(make: Make) -> HouseContext:
    make.user("manager", email="lead@example.org")
    return make.ctx(make.user("manager"))


@pytest.fixture
def helpers(monkeypatch: Any) -> list[Any]:
    """Let a second process help with files of any size; returns those that were begun."""
    begun: list[Any] = []
    real = import_ahead._Helper.started

    def started(*given: Any) -> Any:
        begun.append(real(*given))
        return begun[-1]

    monkeypatch.setattr(import_ahead, "FROM_BYTES", 0)
    monkeypatch.setattr(import_ahead, "_processors", lambda: 2)
    monkeypatch.setattr(import_ahead._Helper, "started", started)
    return begun


def put(ctx: HouseContext, folder: Path, text: str, name: str) -> importing.Report:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return importing.import_file(ctx, path)


def stored(ctx: HouseContext, run_id: int) -> list[Any]:
    """Return all that an import has left behind, without the ids that the database gave."""
    contact = select(
        Contact.formatted_name,
        Contact.name_key,
        Contact.birthday,
        Contact.note,
        Contact.extra,
        Contact.owner_id,
        Contact.photo_id.is_not(None),
        EmailAddress.key,
        PhoneNumber.digits,
        Company.name,
        Affiliation.title,
        SearchDoc.doc,
    )
    contact = contact.outerjoin(EmailAddress, EmailAddress.contact_id == Contact.id)
    contact = contact.outerjoin(PhoneNumber, PhoneNumber.contact_id == Contact.id)
    contact = contact.outerjoin(Affiliation, Affiliation.contact_id == Contact.id)
    contact = contact.outerjoin(Company, Company.id == Affiliation.company_id)
    contact = contact.outerjoin(
        SearchDoc, (SearchDoc.entity == "contact") & (SearchDoc.record_id == Contact.id)
    )
    receipts = select(
        ImportRow.number, ImportRow.outcome, ImportRow.entity, ImportRow.words, ImportRow.message
    )
    receipts = receipts.where(ImportRow.run_id == run_id).order_by(ImportRow.number)
    return [
        sorted(map(repr, ctx.session.execute(contact.order_by(Contact.id)))),
        ctx.session.execute(receipts).all(),
    ]


def forgotten(ctx: HouseContext, report: importing.Report) -> list[Any]:
    """Return what an import has left behind, and take it all back for another one."""
    found = stored(ctx, report.run_id)
    with ctx.unit():
        for model in (Affiliation, EmailAddress, PhoneNumber, SearchDoc, SearchName, Contact, Company):
            ctx.session.execute(delete(model))
    return found


@pytest.mark.parametrize(("text", "name"), [(PEOPLE, "people.csv"), (CARDS, "people.vcf")])
def test_rows_made_ready_ahead_become_the_same_as_those_made_ready_here(
    ctx: HouseContext, tmp_path: Path, helpers: list[Any], monkeypatch: Any, text: str, name: str
) -> None:
    with monkeypatch.context() as alone:
        alone.setattr(import_ahead, "_processors", lambda: 1)
        here = forgotten(ctx, put(ctx, tmp_path, text, name))
    assert helpers == []
    assert forgotten(ctx, put(ctx, tmp_path, text, name)) == here
    assert [one.whole for one in helpers] == [True]


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGSTOP])
def test_a_helper_that_dies_or_hangs_is_done_without(
    ctx: HouseContext, tmp_path: Path, helpers: list[Any], monkeypatch: Any, sign: signal.Signals
) -> None:
    monkeypatch.setattr(import_ahead, "PATIENCE_S", 0.2)
    monkeypatch.setattr(import_ahead, "AT_ONCE", 5)
    monkeypatch.setattr(import_ahead, "PIPE", 4096)
    real = import_running._batch

    def batch(*given: Any) -> bool:
        os.kill(helpers[0].pid, sign)
        return real(*given)

    monkeypatch.setattr(import_running, "_batch", batch)
    report = put(ctx, tmp_path, PEOPLE.replace("lead@example.org", ""), "people.csv")
    assert report.created + report.skipped + report.failed == 90
    assert not helpers[0].whole
    _assert_gone(helpers[0].pid)


def test_a_run_that_ends_early_leaves_no_process_behind(
    ctx: HouseContext, tmp_path: Path, helpers: list[Any], monkeypatch: Any
) -> None:
    def fails(*_given: Any) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(import_running, "write", fails)
    with pytest.raises(KeyboardInterrupt):
        put(ctx, tmp_path, PEOPLE, "people.csv")
    _assert_gone(helpers[0].pid)


def _assert_gone(pid: int) -> None:
    with pytest.raises(ChildProcessError):
        os.waitpid(pid, 0)


def test_what_another_process_has_said_need_not_be_asked_again(monkeypatch: Any) -> None:
    said = remembered.telling()
    try:
        fold.spelt("Quite unheard-of")
    finally:
        remembered._telling = None
    assert said == [
        ("app.formats.fold.spelt", ("Quite unheard-of",), fold.spelt.function("Quite unheard-of"))
    ]
    remembered.learn([("app.formats.fold.spelt", ("Another one",), (("told",), ()))])
    assert fold.doc("Another one") == "told"
    fold.spelt.keep(("Another one",), fold.spelt.function("Another one"))


def test_a_function_forgets_what_nobody_has_asked_for_lately() -> None:
    calls: list[int] = []

    @remembered.remembered(2)
    def double(number: int) -> int:
        calls.append(number)
        return 2 * number

    assert [double(n) for n in (1, 1, 2, 3, 1, 4, 5, 2)] == [2, 2, 4, 6, 2, 8, 10, 4]
    assert calls == [1, 2, 3, 4, 5, 2]
