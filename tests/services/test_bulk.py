"""Work on many records: what is touched and what never, refusals one by one, going on after a stop, undo and its undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from app.kernel.contributions import Action, Offer, On, Outcome, Phase
from app.kernel.errors import Invalid, NotAllowed, Refuse
from app.kernel.hookspecs import Plugin, hookimpl
from app.models import EventRow, InteractionLink, JournalEntry, Operation, SearchDoc
from app.models.base import SOMEDAY
from app.services import bulk, bulk_check, bulk_running, interactions, records, undo
from app.services.bulk_choice import Chosen
from app.services.context import acting
from app.testing.plugins import temporary_plugin
from tests.services.bulk_kit import edit, matching, ticked, value, worker_of


def test_all_that_match_are_changed_and_nothing_outside_the_filter(make: Any) -> None:
    ctx = make.ctx()
    inside = [make.contact(lifecycle_stage="lead") for _n in range(3)]
    outside = [make.contact(lifecycle_stage="customer") for _n in range(3)]

    run = edit(ctx, matching("lifecycle_stage:is:lead"), "pronouns", "set", "they")

    assert (run.state, run.changed) == ("done", 3)
    assert [value(ctx, one, "pronouns") for one in inside] == ["they"] * 3
    assert [value(ctx, one, "pronouns") for one in outside] == [""] * 3


def test_what_leaves_the_filter_through_the_work_itself_is_changed_once(make: Any) -> None:
    ctx = make.ctx()
    inside = [make.contact(lifecycle_stage="lead") for _n in range(150)]

    run = edit(ctx, matching("lifecycle_stage:is:lead"), "lifecycle_stage", "set", "customer")

    assert run.changed == 150
    assert {value(ctx, one, "lifecycle_stage") for one in inside} == {"customer"}


def test_what_is_added_after_the_choice_is_left_alone(make: Any) -> None:
    ctx = make.ctx()
    make.contact(lifecycle_stage="lead")
    run = bulk.draft(ctx, "contact", matching("lifecycle_stage:is:lead"))
    late = make.contact(lifecycle_stage="lead")
    bulk.choose(ctx, run.id, "edit", {"field": "note", "how": "set", "value": "seen"})

    assert bulk.start(ctx, run.id).changed == 1
    assert value(ctx, late, "note") == ""


def test_records_of_others_are_neither_touched_nor_counted(make: Any) -> None:
    user, other = worker_of(make, team="north"), make.user("representative", team="south")
    mine, hidden = make.contact(owner=user, team="north"), make.contact(owner=other, team="south")
    ctx = make.ctx(user)
    with acting(ctx):
        run = edit(ctx, Chosen(ids=(mine.id, hidden.id)), "note", "set", "ours")
        found = (run.total, run.changed, run.refused)

    assert found == (1, 1, 0)
    assert value(make.ctx(), hidden, "note") == ""


def test_a_choice_of_nothing_that_is_visible_is_refused(make: Any) -> None:
    hidden = make.contact(owner=make.user(team="south"), team="south")
    ctx = make.ctx(worker_of(make, team="north"))
    with acting(ctx), pytest.raises(Invalid):
        bulk.draft(ctx, "contact", ticked(hidden))


def test_what_is_visible_but_not_to_be_changed_is_refused_with_the_reason(make: Any) -> None:
    user = worker_of(make, "own", team="north")
    mine = make.contact(owner=user, team="north")
    theirs = make.contact(owner=make.user(team="north"), team="north")
    ctx = make.ctx(user)
    with acting(ctx):
        run = edit(ctx, ticked(mine, theirs), "note", "set", "x")

        assert (run.changed, run.refused) == (1, 1)
        left = bulk.refusals(ctx, run)
        assert [row.record_id for row in left] == [theirs.id]
        assert "contact.edit" in left[0].reason


def test_somebody_without_the_right_to_work_on_many_may_not(make: Any) -> None:
    ctx = make.ctx(make.user("read_only"))
    made = make.contact()
    with acting(ctx), pytest.raises(NotAllowed):
        bulk.draft(ctx, "contact", ticked(made))


def test_looking_first_changes_nothing_and_tells_the_truth(make: Any) -> None:
    ctx = make.ctx()
    made = [make.contact(note="same" if n == 0 else "old") for n in range(7)]
    run = bulk.draft(ctx, "contact", ticked(*made))

    bulk.choose(ctx, run.id, "edit", {"field": "note", "how": "set", "value": "same"})

    found = bulk_check.Checked.of(bulk.get(ctx, run.id))
    assert (found.changed, found.same, found.refused, found.whole) == (6, 1, 0, True)
    assert len(found.samples) == 5
    assert found.samples[0][1:] == [{"note": "old"}, {"note": "same"}]
    assert value(ctx, made[1], "note") == "old"
    assert ctx.session.scalar(select(func.count(Operation.id)).where(Operation.name == "bulk.edit")) == 0


def test_the_same_form_sent_twice_does_the_work_once(make: Any) -> None:
    ctx = make.ctx()
    made = make.contact()
    run = bulk.draft(ctx, "contact", ticked(made))
    bulk.choose(ctx, run.id, "edit", {"field": "tags", "how": "add", "value": ["fair"]})

    bulk.start(ctx, run.id)
    bulk.start(ctx, run.id)

    assert ctx.session.scalar(select(func.count(Operation.id)).where(Operation.name == "bulk.edit")) == 1


@pytest.mark.parametrize(
    ("how", "given", "expected"),
    [
        ("add", ["Fair", "vip"], ["Fair", "old", "vip"]),
        ("remove", ["VIP"], ["old"]),
        ("set", ["new"], ["new"]),
        ("clear", None, []),
    ],
)
def test_tags_are_added_removed_set_and_cleared(make: Any, how: str, given: Any, expected: list[str]) -> None:
    ctx = make.ctx()
    made = make.contact(tags=["old", "vip"])

    edit(ctx, ticked(made), "tags", how, given)

    assert value(ctx, made, "tags") == expected


def test_an_added_address_does_not_take_the_first_place(make: Any) -> None:
    ctx = make.ctx()
    made = make.contact(email="ana@acme.pt")

    edit(ctx, ticked(made), "emails", "add", [{"value": "info@acme.pt", "kind": "work", "preferred": True}])

    assert [(e["value"], e["preferred"]) for e in value(ctx, made, "emails")] == [
        ("ana@acme.pt", True),
        ("info@acme.pt", False),
    ]


def test_names_that_follow_are_derived_journaled_and_found(make: Any) -> None:
    ctx = make.ctx()
    made = [make.contact(given_name=f"Ana{n}", family_name="Lima") for n in range(3)]

    run = edit(ctx, ticked(*made), "family_name", "set", "Prado")

    assert [value(ctx, one, "name") for one in made] == ["Ana0 Prado", "Ana1 Prado", "Ana2 Prado"]
    docs = ctx.session.scalars(select(SearchDoc.doc).where(SearchDoc.entity == "contact")).all()
    assert all("prado" in doc and "lima" not in doc for doc in docs)
    undo.start(ctx, run.operation_id or 0)
    assert value(ctx, made[1], "name") == "Ana1 Lima"


def test_a_bulk_edit_leaves_the_same_traces_as_single_edits(make: Any) -> None:
    ctx = make.ctx()
    one, many = make.contact(note="old"), [make.contact(note="old") for _n in range(30)]
    records.update(ctx, "contact", one.id, {"note": "new"})
    records.update(ctx, "contact", one.id, {"tags": ["a"]})
    edit(ctx, ticked(*many), "note", "set", "new")
    edit(ctx, ticked(*many), "tags", "set", ["a"])

    def traces(record: Any) -> Any:
        entry = (
            JournalEntry.entity == "contact",
            JournalEntry.record_id == record.id,
            JournalEntry.verb == "edit",
        )
        written = select(JournalEntry.before, JournalEntry.after).where(*entry).order_by(JournalEntry.id)
        mine = (EventRow.entity == "contact", EventRow.record_id == record.id)
        heard = (*mine, EventRow.topic == "contact.updated")
        told = select(EventRow.before, EventRow.after).where(*heard).order_by(EventRow.id)
        return [[tuple(row) for row in ctx.session.execute(query)] for query in (written, told)]

    assert traces(many[7]) == traces(one)
    assert len(traces(one)[0]) == 2
    assert records.get(ctx, "contact", many[7].id).version == 3


# ---------------------------------------------------------------- refusals


def test_a_subscriber_that_objects_to_one_keeps_one_back(app: Any, make: Any) -> None:
    def object_to(ctx: Any, events: Any) -> None:
        if any(e.record.note == "keep" and e.after.get("pronouns") for e in events):
            raise Refuse("This one is kept.")

    class Guardian(Plugin):
        name = "guardian"

        @hookimpl
        def kith_events(self) -> Any:
            return [On(name="keep", topic="contact.updated", run=object_to, phase=Phase.BEFORE)]

    with temporary_plugin(app, Guardian):
        ctx = make.ctx()
        made = [make.contact(note="keep" if n == 6 else "") for n in range(12)]
        run = edit(ctx, ticked(*made), "pronouns", "set", "they")

        assert (run.changed, run.refused) == (11, 1)
        left = bulk.refusals(ctx, run)
        assert [(row.record_id, row.reason) for row in left] == [(made[6].id, "This one is kept.")]


def test_an_action_that_raises_on_the_seventh_row_does_the_others(app: Any, make: Any) -> None:
    def mark(ctx: Any, chosen: Any, data: Any) -> Outcome:
        for contact in chosen:
            records.update(ctx, "contact", contact.id, {"pronouns": "x"})
            if contact.note == "bad":
                raise RuntimeError("row 7")
        return Outcome(changed=len(chosen))

    class Marker(Plugin):
        name = "marker"

        @hookimpl
        def kith_actions(self) -> Any:
            return [Action(name="mark", label="Mark", on="contact", run=mark, offer=Offer.BULK)]

    with temporary_plugin(app, Marker):
        ctx = make.ctx()
        made = [make.contact(note="bad" if n == 6 else "") for n in range(12)]
        run = bulk.draft(ctx, "contact", ticked(*made))
        bulk.choose(ctx, run.id, "action", {"action": "marker.mark"})
        run = bulk.start(ctx, run.id)

        assert (run.changed, run.refused) == (11, 1)
        assert [row.record_id for row in bulk.refusals(ctx, run)] == [made[6].id]
        assert value(ctx, made[6], "pronouns") == ""
        assert value(ctx, made[7], "pronouns") == "x"
        undo.start(ctx, run.operation_id or 0)
        assert value(ctx, made[7], "pronouns") == ""


# ---------------------------------------------------------------- in the background


def test_a_long_one_goes_on_where_it_was_stopped_and_never_twice(make: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 5)
    monkeypatch.setattr(bulk_running, "FIRST", 10)
    ctx = make.ctx(make.user("administrator"))
    with acting(ctx):
        made = [make.contact() for _n in range(35)]
        run = bulk.draft(ctx, "contact", ticked(*made))
        bulk.choose(ctx, run.id, "edit", {"field": "note", "how": "set", "value": "new"})
        assert bulk.start(ctx, run.id).state == "waiting"

        real, calls = bulk_running._step, []

        def dies(*given: Any) -> Any:
            calls.append(1)
            found = real(*given)
            if len(calls) == 2:
                raise SystemExit("killed")
            return found

        monkeypatch.setattr(bulk_running, "_step", dies)
        with pytest.raises(SystemExit):
            bulk_running.run(ctx, run.id)
        assert bulk.get(ctx, run.id).changed == 10
        bulk_running.run(ctx, run.id)

        done = bulk.get(ctx, run.id)
        assert (done.state, done.changed) == ("done", 35)
        written = select(func.count(JournalEntry.id)).where(JournalEntry.operation_id == done.operation_id)
        assert ctx.session.scalar(written) == 35


def test_a_stopped_one_keeps_what_is_done_and_can_be_taken_back(make: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 5)
    monkeypatch.setattr(bulk_running, "FIRST", 10)
    ctx = make.ctx(make.user("administrator"))
    with acting(ctx):
        made = [make.contact() for _n in range(30)]
        run = bulk.draft(ctx, "contact", ticked(*made))
        bulk.choose(ctx, run.id, "edit", {"field": "note", "how": "set", "value": "new"})
        bulk.start(ctx, run.id)
        with bulk_running.within(ctx):
            bulk_running._batch(ctx, run.id, 10)
        bulk.cancel(ctx, run.id)
        bulk_running.run(ctx, run.id)

        done = bulk.get(ctx, run.id)
        assert (done.state, done.changed) == ("cancelled", 10)
        undo.start(ctx, done.operation_id or 0)
        assert {value(ctx, one, "note") for one in made} == {""}


# ---------------------------------------------------------------- what else follows


def test_those_who_listen_afterwards_are_told_of_each_record_once(app: Any, make: Any, run_jobs: Any) -> None:
    heard: list[int] = []

    def listen(ctx: Any, events: Any) -> None:
        heard.extend(e.record_id for e in events)
        for event in events[:1]:
            records.update(ctx, "contact", event.record_id, {"pronouns": "heard"})

    class Listener(Plugin):
        name = "listener"

        @hookimpl
        def kith_events(self) -> Any:
            def once(ctx: Any, events: Any) -> None:
                listen(ctx, [e for e in events if "note" in e.after])

            return [On(name="hear", topic="contact.updated", run=once, phase=Phase.AFTER)]

    with temporary_plugin(app, Listener):
        ctx = make.ctx(make.user("administrator"))
        with acting(ctx):
            made = [make.contact() for _n in range(40)]
            run = edit(ctx, ticked(*made), "note", "set", "new")
        run_jobs()
        ctx.session.rollback()
        assert sorted(heard) == sorted(one.id for one in made)
        followed = undo.followed(ctx, run.operation_id or 0)
        assert [done.verb for done in followed] == ["edit"]


def test_links_of_interactions_follow_a_bulk_edit_and_its_undo(make: Any) -> None:
    ctx = make.ctx(make.user("administrator"))
    with acting(ctx):
        contact = make.contact()
        logged = interactions.log(
            ctx, interactions.Entry(values={"kind": "call", "subject": "Hello"}, contacts=[contact.id])
        )
        run = edit(ctx, ticked(logged), "kind", "set", "note", entity="interaction")

        kind = select(InteractionLink.kind).where(InteractionLink.interaction_id == logged.id)
        assert ctx.session.scalar(kind) == "note"
        undo.start(ctx, run.operation_id or 0)
        assert ctx.session.scalar(kind) == "call"


def test_many_tasks_move_to_another_day_and_lose_it_again(make: Any) -> None:
    ctx = make.ctx(make.user("administrator"))
    with acting(ctx):
        made = [make("task", summary=f"Task {n}", due_on="2030-01-01") for n in range(3)]
        edit(ctx, ticked(*made), "due_on", "set", "2030-02-02", entity="task")
        assert {value(ctx, one, "due_on", "task") for one in made} == {"2030-02-02"}
        run = edit(ctx, ticked(*made), "due_on", "clear", entity="task")
        assert {value(ctx, one, "due_on", "task") for one in made} == {SOMEDAY}
        undo.start(ctx, run.operation_id or 0)
        assert {value(ctx, one, "due_on", "task") for one in made} == {"2030-02-02"}


def test_a_long_run_lets_a_database_that_knows_nothing_of_its_tables_count_them(
    make: Any, monkeypatch: pytest.MonkeyPatch, queries: Callable[[], Any]
) -> None:
    ctx = make.ctx(make.user("manager"))
    first = make.contact()
    with queries() as short:
        edit(ctx, ticked(first), "nickname", "set", "Al")
    monkeypatch.setattr(bulk_running, "MANY", 1)
    with queries() as long:
        edit(ctx, ticked(first, make.contact()), "nickname", "set", "Bo")
    counted = [[one for one in seen if str(one).startswith("ANALYZE")] for seen in (short, long)]
    asked = 1 if ctx.session.get_bind().dialect.name == "postgresql" else 0
    assert list(map(len, counted)) == [0, asked]
    assert all(name in one for one in counted[1] for name in ("contact", "journal", "affiliation"))
