"""Files as values of fields: the record's own, found by name, fetched by whoever sees record and field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from app.house import house
from app.kernel.context import Context
from app.kernel.errors import Invalid, NotVisible
from app.models import Attachment, JournalEntry
from app.services import (
    attachments,
    canonical,
    custom_fields,
    dedupe_merging,
    fields,
    file_sweep,
    filters,
    records,
    search,
    undo,
)
from app.services.attachments import Upload
from app.services.context import acting
from app.services.custom_fields import Values
from app.testing.factories import Make


@pytest.fixture(autouse=True)
def files(app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of files for each test."""
    monkeypatch.setattr(house(app), "config", replace(house(app).config, data_dir=str(tmp_path)))
    return tmp_path / "files"


@pytest.fixture
def ctx(make: Make) -> Iterator[Context]:
    """An administrator's context with a file field on contacts."""
    user = make.user("administrator")
    with acting(make.ctx(user)) as seen:
        custom_fields.add(seen, "contact", Values(label="Contract", type="file", searched=True))
    with acting(make.ctx(user)) as seen:
        yield seen


def held(ctx: Context, name: str = "Contract.pdf", text: bytes = b"%PDF-1.4 one") -> str:
    return attachments.hold(ctx, Upload(name=name, data=text))


def value(ctx: Context, record_id: int) -> Any:
    kind = ctx.schema.entity("contact")
    return fields.value(
        ctx, kind, ctx.schema.field("contact", "x_contract"), records.get(ctx, "contact", record_id)
    )


def put(ctx: Context, record_id: int, said: str) -> str:
    records.update(ctx, "contact", record_id, {"x_contract": said})
    found: str = value(ctx, record_id)
    return found


def uid(said: str) -> str:
    return said.partition("/")[0]


def test_a_file_belongs_to_its_record_and_is_found_by_its_name(ctx: Context, make: Make) -> None:
    ana, ben = make.contact(), make.contact(given_name="Ben")
    said = put(ctx, ana.id, held(ctx))

    row, blob = attachments.fetch(ctx, uid(said))
    assert (row.entity, row.record_id, row.name, blob.size) == ("contact", ana.id, "Contract.pdf", 12)
    assert attachments.of_records(ctx, "contact", [ana.id]) == {}
    for text, wanted in (
        ("x_contract is empty", {ben.id}),
        ("x_contract is not empty", {ana.id}),
        ("x_contract contains tract.p", {ana.id}),
        ("x_contract = contract.pdf", {ana.id}),
    ):
        assert set(filters.matches(ctx, "contact", text, [ana.id, ben.id])) == wanted, text
    assert [h.id for g in search.find(ctx, "contract.pdf").groups for h in g.hits] == [ana.id]


def test_until_it_is_saved_only_the_sender_has_it(ctx: Context, make: Make) -> None:
    said = held(ctx)
    assert attachments.fetch(ctx, uid(said))
    other = make.ctx(make.user("administrator"))
    with acting(other), pytest.raises(NotVisible):
        attachments.fetch(other, uid(said))
    ana = make.contact()
    with acting(other), pytest.raises(Invalid):
        records.update(other, "contact", ana.id, {"x_contract": said})
    assert value(ctx, ana.id) == ""


def test_a_change_is_taken_back_with_its_file(ctx: Context, make: Make) -> None:
    ana = make.contact()
    first = put(ctx, ana.id, held(ctx))
    before = canonical.lines(ctx)
    put(ctx, ana.id, held(ctx, "Other.pdf", b"%PDF-1.4 two"))
    entry = ctx.session.execute(select(JournalEntry).order_by(JournalEntry.id.desc()).limit(1)).scalar_one()

    undo.start(ctx, entry.operation_id)

    assert value(ctx, ana.id) == first
    assert attachments.fetch(ctx, uid(first))
    assert canonical.lines(ctx) == before


def test_the_same_file_on_another_record_outlives_the_first(ctx: Context, make: Make) -> None:
    ana, ben = make.contact(), make.contact(given_name="Ben")
    said = put(ctx, ana.id, held(ctx))
    again = put(ctx, ben.id, said)
    assert uid(again) != uid(said)

    records.trash(ctx, "contact", [ana.id])
    records.purge(ctx, "contact", [ana.id])

    assert attachments.fetch(ctx, uid(again))
    with pytest.raises(NotVisible):
        attachments.fetch(ctx, uid(said))


def test_a_merge_takes_the_file_along_and_gives_it_back(ctx: Context, make: Make) -> None:
    kept, former = make.contact(), make.contact(given_name="Anna")
    said = put(ctx, former.id, held(ctx))

    operation = dedupe_merging.merge(ctx, "contact", [kept.id, former.id], {})
    assert value(ctx, kept.id) == said
    assert attachments.fetch(ctx, uid(said))[0].record_id == kept.id
    undo.start(ctx, operation)
    assert (value(ctx, kept.id), value(ctx, former.id)) == ("", said)
    assert attachments.fetch(ctx, uid(said))[0].record_id == former.id


def test_a_file_stands_in_its_field_until_it_is_emptied(ctx: Context, make: Make) -> None:
    ana = make.contact()
    said = put(ctx, ana.id, held(ctx))
    with pytest.raises(Invalid):
        attachments.remove(ctx, uid(said))


def test_a_retired_field_hides_its_files(ctx: Context, make: Make) -> None:
    ana = make.contact()
    said = put(ctx, ana.id, held(ctx))
    custom_fields.retire(ctx, ctx.schema.field("contact", "x_contract").number, retired=True)
    with acting(make.ctx(make.user("administrator"))) as seen, pytest.raises(NotVisible):
        attachments.fetch(seen, uid(said))


def test_what_nobody_asks_for_any_more_goes(ctx: Context, make: Make, clock: Any) -> None:
    ana = make.contact()
    held(ctx, "never.pdf", b"%PDF never sent")
    first = put(ctx, ana.id, held(ctx))
    put(ctx, ana.id, "")
    second = put(ctx, ana.id, held(ctx, "Other.pdf", b"%PDF-1.4 two"))

    clock.forward(days=2)
    file_sweep.sweep(make.ctx(make.user("administrator")))
    left = ctx.session.execute(select(Attachment.uid).order_by(Attachment.id)).scalars().all()
    assert left == [uid(first), uid(second)], "the journal still speaks of the first"

    ctx.session.execute(delete(JournalEntry))
    ctx.session.commit()
    file_sweep.sweep(make.ctx(make.user("administrator")))
    left = ctx.session.execute(select(Attachment.uid).order_by(Attachment.id)).scalars().all()
    assert left == [uid(second)]
