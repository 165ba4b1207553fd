from __future__ import annotations

import contextlib
import dataclasses
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, Integer, String, create_engine, event, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app import database
from app.config import Config
from app.kernel import guard
from app.kernel.errors import GuardedFailure, NotAllowed, PluginError, Refuse
from app.kernel.guard import Failure, Fault, Policy, Surface, must, run
from app.testing.databases import address


class Base(DeclarativeBase):
    pass


class Note(Base):
    __tablename__ = "guard_note"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    text: Mapped[str] = mapped_column(String(20))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with address(tmp_path_factory.mktemp("guard")) as url:
        made = create_engine(url)
        database.prepare(made, Config())
        Base.metadata.create_all(made)
        yield made
        made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as made:
        event.listen(made, "before_commit", guard.refuse_commit)
        yield made
        made.rollback()
        made.execute(text("DELETE FROM guard_note"))
        made.info.clear()
        made.commit()


@pytest.fixture
def unit(session: Session) -> Session:
    session.rollback()
    session.info["unit"] = object()
    session.connection(execution_options={database.WRITE: True})
    session.add(Note(text="core"))
    return session


@pytest.fixture(autouse=True)
def faults() -> Iterator[list[Fault]]:
    told: list[Fault] = []
    former = dataclasses.replace(guard._installed)
    guard.install(sink=told.append, labels={"sales": "Sales"})
    yield told
    guard.install(
        sink=former.sink,
        strict=former.strict,
        trace=former.trace,
        passes=former.passes,
        labels=former.labels,
    )


def call(function: Any, *args: Any, surface: Surface = Surface.PANEL, session: Session | None = None) -> Any:
    return run(function, *args, owner="sales", surface=surface, item="deals", session=session)


def boom(*args: Any) -> None:
    raise ValueError("boom")


def notes(engine: Engine) -> set[str]:
    with Session(engine) as other:
        return set(other.execute(select(Note.text)).scalars())


def test_a_value_comes_back_as_it_is() -> None:
    assert call(lambda a, b: a + b, 1, 2) == 3


def test_a_failure_names_the_plugin_and_a_number_that_the_log_has(
    faults: list[Fault], caplog: pytest.LogCaptureFixture
) -> None:
    result = call(boom)

    assert isinstance(result, Failure)
    assert (result.label, result.surface.policy) == ("Sales", Policy.DROP)
    assert result.incident in caplog.text
    assert caplog.records[0].name == "kith.plugin.sales"
    assert [(f.owner, f.item, str(f.error)) for f in faults] == [("sales", "deals", "boom")]


def test_leaving_the_program_is_a_failure_too() -> None:
    assert isinstance(call(lambda: sys.exit(3)), Failure)


def test_the_keyboard_stops_everything(unit: Session) -> None:
    def interrupted() -> None:
        unit.add(Note(text="plugin"))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call(interrupted, session=unit)
    assert unit.info["guarded"] == ()


def test_refusing_passes_and_is_not_counted(faults: list[Fault]) -> None:
    def refuse() -> None:
        raise Refuse("Not on a Sunday.")

    with pytest.raises(Refuse, match="Sunday"):
        call(refuse, surface=Surface.BEFORE)
    assert faults == []


def test_an_action_may_answer_by_an_error_but_a_panel_may_not(faults: list[Fault]) -> None:
    def deny() -> None:
        raise NotAllowed("Ask the boss.")

    with pytest.raises(NotAllowed):
        call(deny, surface=Surface.ACTION)
    assert faults == []
    assert isinstance(call(deny, surface=Surface.PANEL), Failure)


def test_must_fails_the_request_with_the_incident() -> None:
    with pytest.raises(GuardedFailure) as caught:
        must(boom, owner="sales", surface=Surface.ACTION, item="win")
    assert caught.value.incident in str(caught.value)


def test_what_the_core_wrote_survives_a_failing_subscriber(unit: Session, engine: Engine) -> None:
    def subscriber() -> None:
        unit.add(Note(text="plugin"))
        unit.flush()
        raise ValueError

    assert isinstance(call(subscriber, surface=Surface.BEFORE, session=unit), Failure)
    unit.commit()
    assert notes(engine) == {"core"}


def test_what_a_subscriber_wrote_is_rolled_back_with_the_core(unit: Session, engine: Engine) -> None:
    call(lambda: unit.add(Note(text="plugin")), surface=Surface.BEFORE, session=unit)
    unit.rollback()
    assert notes(engine) == set()


def test_what_a_subscriber_wrote_is_kept_with_the_core(unit: Session, engine: Engine) -> None:
    call(lambda: unit.add(Note(text="plugin")), surface=Surface.BEFORE, session=unit)
    unit.commit()
    assert notes(engine) == {"core", "plugin"}


def test_what_cannot_be_stored_is_the_plugins_failure_not_the_cores(unit: Session, engine: Engine) -> None:
    result = call(lambda: unit.add(Note(text=None)), surface=Surface.BEFORE, session=unit)

    assert isinstance(result, Failure)
    unit.commit()
    assert notes(engine) == {"core"}


def test_a_swallowed_database_error_does_not_spoil_the_transaction(unit: Session, engine: Engine) -> None:
    def careless() -> None:
        try:
            unit.execute(text("SELECT nonsense FROM nowhere"))
        except Exception:
            logging.debug("ignored")

    call(careless, surface=Surface.BEFORE, session=unit)
    unit.commit()
    assert notes(engine) == {"core"}


def test_a_plugin_cannot_commit_what_the_core_has_half_done(unit: Session, engine: Engine) -> None:
    result = call(unit.commit, surface=Surface.BEFORE, session=unit)

    assert isinstance(result, Failure)
    assert notes(engine) == set()
    unit.commit()
    assert notes(engine) == {"core"}


def test_a_plugin_may_use_savepoints_of_its_own(unit: Session, engine: Engine) -> None:
    def careful() -> None:
        with unit.begin_nested():
            unit.add(Note(text="plugin"))

    assert call(careful, surface=Surface.BEFORE, session=unit) is None
    unit.commit()
    assert notes(engine) == {"core", "plugin"}


def test_a_plugin_that_rolls_back_the_core_stops_the_operation(
    unit: Session, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(GuardedFailure):
        call(unit.rollback, surface=Surface.BEFORE, session=unit)
    assert "ended the transaction of the core" in caplog.text


def test_ending_the_transaction_of_a_page_is_noticed(
    session: Session, faults: list[Fault], engine: Engine
) -> None:
    session.execute(select(Note)).all()

    call(session.rollback, session=session)

    assert [type(f.error) for f in faults] == [PluginError]


def test_a_failed_read_leaves_nothing_for_the_next_query_to_store(session: Session) -> None:
    session.add(Note(text="kept"))
    session.commit()
    kept = session.execute(select(Note)).scalar_one()

    def meddle() -> None:
        session.add(Note(text=None))
        kept.text = "changed"
        session.autoflush = False
        raise ValueError

    call(meddle, session=session)
    session.autoflush = True
    assert session.execute(select(Note.text)).scalars().all() == ["kept"]
    assert kept.text == "kept"


def test_a_failed_query_of_a_panel_does_not_stop_the_page(session: Session) -> None:
    session.execute(select(Note)).all()

    assert isinstance(call(session.execute, text("SELECT nonsense"), session=session), Failure)
    assert session.execute(select(Note)).all() == []


def test_a_lost_connection_is_nobodys_fault(faults: list[Fault]) -> None:
    def lost() -> None:
        error = RuntimeError("server closed the connection")
        error.connection_invalidated = True  # type: ignore[attr-defined]
        raise error

    with pytest.raises(RuntimeError):
        call(lost)
    assert faults == []


def test_a_plugin_inside_a_plugin_is_blamed_alone(faults: list[Fault]) -> None:
    def outer() -> None:
        must(boom, owner="hr", surface=Surface.SERVICE, item="geocoder")

    result = call(outer)

    assert isinstance(result, Failure)
    assert result.owner == "hr"
    assert [f.owner for f in faults] == ["hr"]


def test_a_slow_panel_is_a_fault_and_is_left_out_for_a_while(
    faults: list[Fault], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "SLOW_S", -1.0)
    assert call(lambda: "shown") == "shown"
    assert faults[0].error is None

    assert isinstance(call(lambda: "shown"), Failure)

    guard.forgive("sales")
    assert call(lambda: "shown") == "shown"


def test_what_fails_after_a_long_time_is_left_out_too(
    faults: list[Fault], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "SLOW_S", -1.0)
    assert isinstance(call(boom, surface=Surface.FIELD), Failure)

    assert isinstance(call(lambda: "shown", surface=Surface.FIELD), Failure)

    assert len(faults) == 1
    assert call(lambda: "done", surface=Surface.ACTION) == "done"  # what people wait for is never left out


POLICIES = {
    Policy.DROP: {"panel", "card", "timeline", "badge", "when", "search", "report", "health"},
    Policy.BLANK: {"field", "filter"},
    Policy.FAIL: {"save", "action", "page", "api", "command", "service"},
    Policy.CONTINUE: {"before", "lifecycle", "demo"},
    Policy.RETRY: {"after", "job"},
    Policy.CLOSED: {"row rule", "permission", "authenticate"},
    Policy.INCOMPLETE: {"privacy"},
    Policy.BROKEN: {"setup", "boot"},
}


@pytest.mark.parametrize("surface", Surface, ids=lambda surface: surface.title)
def test_each_surface_has_its_policy_and_its_answers(surface: Surface, faults: list[Fault]) -> None:
    assert surface.title in POLICIES[surface.policy]

    assert isinstance(call(boom, surface=surface), Failure)
    assert [fault.surface for fault in faults] == [surface]

    def deny() -> None:
        raise NotAllowed("Ask the boss.")

    if surface.policy is Policy.FAIL:  # an answer to whoever asked, no failure
        with pytest.raises(NotAllowed):
            call(deny, surface=surface)
        assert len(faults) == 1
    else:
        assert isinstance(call(deny, surface=surface), Failure)


@pytest.mark.parametrize("surface", [s for s in Surface if s.writes], ids=lambda surface: surface.title)
def test_whatever_writes_leaves_the_core_its_own_work(
    surface: Surface, unit: Session, engine: Engine, faults: list[Fault]
) -> None:
    def write_and_commit() -> None:
        unit.add(Note(text="plugin"))
        unit.commit()

    assert isinstance(call(write_and_commit, surface=surface, session=unit), Failure)
    assert "called commit" in str(faults[0].error)
    assert faults[0].owner == "sales"
    unit.commit()
    assert notes(engine) == {"core"}


def test_a_slow_job_is_none_of_our_business(faults: list[Fault], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "SLOW_S", -1.0)
    call(lambda: None, surface=Surface.JOB)
    assert faults == []


def test_strict_plugins_raise() -> None:
    guard.install(sink=None, strict=True)
    with pytest.raises(ValueError, match="boom"):
        call(boom)


def test_how_long_calls_took_is_remembered_by_item() -> None:
    call(lambda: None)
    assert (Surface.PANEL, "deals") in guard.times("sales")
    assert guard.times("nobody") == {}


def test_a_read_that_fails_in_the_database_leaves_the_page_readable(session: Session, engine: Engine) -> None:
    with Session(engine) as other:
        other.add(Note(text="seen"))
        other.commit()
    found = session.execute(select(Note)).scalars().one()

    result = call(lambda: session.execute(text("SELECT nonsense FROM nowhere")), session=session)

    assert isinstance(result, Failure)
    assert found.text == "seen"
    assert [row.text for row in session.execute(select(Note.text))] == ["seen"]


def test_a_read_that_ignores_a_failed_statement_does_not_spoil_the_page(
    session: Session, faults: list[Fault]
) -> None:
    def careless() -> str:
        with contextlib.suppress(Exception):
            session.execute(text("SELECT nonsense FROM nowhere"))
        return "drawn"

    session.execute(select(Note)).all()
    call(careless, session=session)

    assert session.execute(select(Note)).all() == []
    assert all(isinstance(f.error, PluginError) for f in faults)


def test_a_failure_further_in_is_not_blamed_on_who_asked(session: Session, faults: list[Fault]) -> None:
    def outer() -> Any:
        return call(lambda: session.execute(text("SELECT nonsense FROM nowhere")), session=session)

    session.execute(select(Note)).all()
    call(outer, session=session)

    assert len(faults) == 1
