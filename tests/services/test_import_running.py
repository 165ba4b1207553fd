"""An import that rests, is stopped or killed goes on where it was; each of its rows has a receipt."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.house import house
from app.kernel.errors import Invalid
from app.models import Contact, ImportRun, JobRow, JournalEntry
from app.services import file_streams, import_pace, import_report, import_running, import_writing, importing
from app.services.context import HouseContext
from app.services.import_options import Options
from app.testing.factories import Make


@pytest.fixture
def ctx(make: Make) -> HouseContext:
    return make.ctx(make.user("manager"))


@pytest.fixture
def put(ctx: HouseContext, tmp_path: Path) -> Any:
    """Import a text as a file and return the report."""

    def run(text: str, name: str = "people.vcf", duplicates: str = "skip", **more: Any) -> importing.Report:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return importing.import_file(ctx, path, duplicates=duplicates, **more)

    return run


def last_run(ctx: HouseContext) -> int:
    return ctx.session.scalar(select(func.max(ImportRun.id))) or 0


def test_a_run_goes_on_where_it_was_killed_and_does_nothing_twice(
    ctx: HouseContext, put: Any, monkeypatch: Any
) -> None:
    for name in ("FIRST", "LEAST", "MOST"):
        monkeypatch.setattr(import_pace, name, 10)
    real, calls = import_writing.write, []

    def dies(*given: Any) -> int:
        calls.append(1)
        made = real(*given)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return made

    monkeypatch.setattr(import_running, "write", dies)
    text = "Name,E-mail\n" + "".join(f"Person {n},p{n}@example.org\n" for n in range(45))
    with pytest.raises(KeyboardInterrupt):
        put(text, "people.csv")
    run_id = last_run(ctx)
    assert ctx.session.scalar(select(func.count()).select_from(Contact)) == 20
    for _again in range(2):
        import_running.run(ctx, run_id)
        assert ctx.session.scalar(select(func.count()).select_from(Contact)) == 45
    report = importing.report(ctx, run_id)
    assert (report.created, report.skipped) == (45, 0)
    assert len({e.operation_id for e in ctx.session.execute(select(JournalEntry)).scalars()}) == 1


def test_a_stopped_run_keeps_what_it_has_and_can_go_on(
    ctx: HouseContext, make: Make, monkeypatch: Any
) -> None:
    text = "Name,E-mail\n" + "".join(f"Person {n},p{n}@example.org\n" for n in range(30))
    run_id = importing.start(ctx, "people.csv", text.encode()).id
    for name in ("FIRST", "LEAST", "MOST"):
        monkeypatch.setattr(import_pace, name, 10)
    real = import_writing.write

    def stop(*given: Any) -> int:
        made = real(*given)
        importing.cancel(ctx, run_id)
        return made

    with ctx.unit():
        importing.get(ctx, run_id).state = "running"
    monkeypatch.setattr(import_running, "write", stop)
    import_running.run(ctx, run_id)
    assert (importing.get(ctx, run_id).state, importing.get(ctx, run_id).done) == ("cancelled", 10)
    monkeypatch.setattr(import_running, "write", real)
    importing.begin(ctx, run_id)
    import_running.run(ctx, run_id)
    assert importing.get(ctx, run_id).created == 30


def test_a_paused_run_rests_and_goes_on_or_is_ended(ctx: HouseContext, monkeypatch: Any) -> None:
    text = "Name,E-mail\n" + "".join(f"Person {n},p{n}@example.org\n" for n in range(30))
    for name in ("FIRST", "LEAST", "MOST"):
        monkeypatch.setattr(import_pace, name, 10)
    real = import_writing.write
    for stop, state, after in (
        (importing.pause, "paused", importing.begin),
        (importing.pause, "paused", importing.cancel),
    ):
        run_id = importing.start(ctx, "people.csv", text.encode()).id
        importing.choose(ctx, run_id, Options(duplicates="create"))

        def write(*given: Any, of: int = run_id, how: Any = stop) -> int:
            made = real(*given)
            how(ctx, of)
            return made

        importing.begin(ctx, run_id)
        with ctx.unit():
            importing.get(ctx, run_id).state = "running"
        monkeypatch.setattr(import_running, "write", write)
        import_running.run(ctx, run_id)
        assert (importing.get(ctx, run_id).state, importing.get(ctx, run_id).done) == (state, 10)
        monkeypatch.setattr(import_running, "write", real)
        after(ctx, run_id)
        import_running.run(ctx, run_id)
        ended = after is importing.cancel
        assert (importing.get(ctx, run_id).state, importing.get(ctx, run_id).created) == (
            ("cancelled", 10) if ended else ("done", 30)
        )


def test_a_run_that_waits_is_paused_at_once(ctx: HouseContext) -> None:
    run_id = importing.start(ctx, "people.csv", b"Name,E-mail\nAna Lima,a@x.pt\n").id
    importing.begin(ctx, run_id)
    importing.pause(ctx, run_id)
    assert importing.get(ctx, run_id).state == "paused"
    import_running.run(ctx, run_id)
    assert importing.get(ctx, run_id).created == 0


def test_what_a_job_did_before_it_was_killed_counts_for_it(ctx: HouseContext) -> None:
    run_id = importing.start(ctx, "people.csv", b"Name,E-mail\nAna Lima,a@x.pt\n").id
    importing.begin(ctx, run_id)
    row = ctx.session.execute(select(JobRow).where(JobRow.key == f"import.run:{run_id}")).scalar_one()
    with ctx.unit():
        row.attempts = 3
    import_running.run(ctx, run_id)
    ctx.session.refresh(row)
    assert row.attempts == 1


def test_each_row_of_a_file_has_a_receipt_to_download(ctx: HouseContext, put: Any, make: Make) -> None:
    make.contact(given_name="Ana", family_name="Lima", email="ana@acme.pt")
    report = put("Name,E-mail\nAna Lima,ana@acme.pt\nBo Sá,b@x.pt\n", "people.csv")
    text = "".join(import_report.receipts(ctx, importing.get(ctx, report.run_id)))
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))[1:]
    assert [row[1] for row in rows] == ["skipped", "created"]
    assert ("Ana Lima" in rows[0][5], rows[0][3], rows[1][3]) == (True, "Ana Lima", "Bo Sá")


def test_receipts_and_failed_rows_are_never_held(ctx: HouseContext, put: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(import_report, "BATCH", 2)
    lines = [f",,2001-02-0{n}" if n % 2 else f"P{n} Q,p{n}@x.pt," for n in range(1, 10)]
    report = put("Name,E-mail,Birthday\n" + "\n".join(lines) + "\n", "people.csv")
    made = importing.get(ctx, report.run_id)
    name, media, text = import_report.failed_file(ctx, made)
    assert (name, media) == ("people-failed.csv", "text/csv; charset=utf-8")
    rows = list(csv.reader(io.StringIO("".join(text).removeprefix("\ufeff"))))
    assert [row[2] for row in rows[1:]] == [f"2001-02-0{n}" for n in (1, 3, 5, 7, 9)]
    assert "".join(import_report.receipts(ctx, made)).count("\r\n") == 10


def test_a_stream_that_is_too_large_leaves_nothing_behind(ctx: HouseContext, monkeypatch: Any) -> None:
    monkeypatch.setattr(file_streams, "most_of_an_import", lambda: 1000)
    with pytest.raises(Invalid, match="larger than"):
        importing.start(ctx, "people.csv", io.BytesIO(b"Name\n" * 1000))
    assert list((house().config.data / "files").glob("??/*.part")) == []
