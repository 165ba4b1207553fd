"""Logging what happened, and changing it afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.kernel.errors import Conflict, Invalid, NotAllowed, NotVisible
from app.models import NEVER, Company, Contact, Interaction, InteractionLink, Task
from app.services import bulk_writing, interactions, last_contact, people, records, tasks
from app.services.interactions import Entry
from app.testing.factories import Make

BEFORE = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def call(contacts: list[int], **more: Any) -> Entry:
    values = {"kind": "call", "body": "Asked about the roof.", **more.pop("values", {})}
    return Entry(values=values, contacts=contacts, **more)


def tied(make: Make, made: Interaction) -> set[tuple[str, int]]:
    return {link[:2] for link in interactions.links(make.ctx(), [made.id])[made.id]}


def test_a_call_is_logged_now_in_the_callers_zone_with_who_took_part(make: Make) -> None:
    me = make.user(zone="Asia/Tokyo")
    ana = make.contact(owner=me)
    ctx = make.ctx(me)

    made = interactions.log(ctx, call([ana.id], users=[me.id]))

    assert (made.occurred_at, made.zone, made.created_by) == (ctx.now, "Asia/Tokyo", me.id)
    assert tied(make, made) == {("contact", ana.id), ("user", me.id)}


def test_logging_moves_the_last_contact_of_the_person_and_the_company(make: Make) -> None:
    firm = make.company()
    ana = make.contact(affiliations=[{"company_id": firm.id}])
    ctx = make.ctx()

    interactions.log(ctx, call([ana.id], values={"occurred_at": BEFORE}))

    assert ctx.session.get_one(Contact, ana.id, populate_existing=True).last_interaction_at == BEFORE
    assert ctx.session.get_one(Company, firm.id, populate_existing=True).last_interaction_at == BEFORE


def test_what_is_planned_for_later_is_no_last_contact(make: Make) -> None:
    ana, ctx = make.contact(), make.ctx()

    interactions.log(ctx, call([ana.id], values={"occurred_at": ctx.now + timedelta(days=2)}))

    assert ctx.session.get_one(Contact, ana.id, populate_existing=True).last_interaction_at == NEVER


def test_a_planned_meeting_counts_when_it_has_come(make: Make) -> None:
    ana, ctx = make.contact(), make.ctx()
    planned = ctx.now + timedelta(days=2)
    interactions.log(ctx, call([ana.id], values={"occurred_at": planned}))
    later = make.ctx()
    later.now = planned + timedelta(hours=5)

    assert last_contact.arrived(later, later.now - timedelta(days=1)) == 1

    assert ctx.session.get_one(Contact, ana.id, populate_existing=True).last_interaction_at == planned


def test_the_last_contact_goes_back_when_an_entry_is_moved_trashed_or_restored(make: Make) -> None:
    firm = make.company()
    ana, ctx = make.contact(affiliations=[{"company_id": firm.id}]), make.ctx()
    interactions.log(ctx, call([ana.id], values={"occurred_at": BEFORE}))
    newest = interactions.log(ctx, call([ana.id])).id

    def last() -> list[datetime]:
        rows = (
            ctx.session.get_one(m, i, populate_existing=True)
            for m, i in ((Contact, ana.id), (Company, firm.id))
        )
        return [row.last_interaction_at for row in rows]

    earlier = BEFORE + timedelta(days=1)
    interactions.edit(ctx, newest, {"occurred_at": earlier})
    assert last() == [earlier, earlier]
    records.trash(ctx, "interaction", [newest])
    assert last() == [BEFORE, BEFORE]
    records.restore(ctx, "interaction", [newest])
    assert last() == [earlier, earlier]


def test_the_last_contact_of_a_company_follows_who_comes_and_goes_at_once(make: Make) -> None:
    """Two people change places in one write: which companies have people is the same, their last contacts are not."""
    here, there, ctx = make.company(), make.company(), make.ctx()
    ana = make.contact(affiliations=[{"company_id": here.id}])
    rui = make.contact(affiliations=[{"company_id": there.id}])
    interactions.log(ctx, call([ana.id], values={"occurred_at": BEFORE}))
    newest = interactions.log(ctx, call([rui.id])).occurred_at
    swapped = {
        ana.id: {"affiliations": [{"company_id": there.id}]},
        rui.id: {"affiliations": [{"company_id": here.id}]},
    }

    with ctx.unit():
        bulk_writing.update_many(ctx, "contact", swapped)

    firms = [ctx.session.get_one(Company, firm.id, populate_existing=True) for firm in (here, there)]
    assert [firm.last_interaction_at for firm in firms] == [newest, BEFORE]


def test_a_follow_up_is_a_task_about_the_same_records(make: Make) -> None:
    ana, firm, ctx = make.contact(), make.company(), make.ctx()
    follow = {"summary": "Send the quote", "due_on": "2026-05-01"}

    made = interactions.log(ctx, call([ana.id], about=[("company", firm.id)], follow_up=follow))

    task = ctx.session.query(Task).one()
    assert (task.summary, task.due_on, task.interaction_id) == ("Send the quote", "2026-05-01", made.id)
    assert tasks.about(ctx, [task.id])[task.id] == [("contact", ana.id), ("company", firm.id)]


def test_the_same_form_sent_twice_makes_one_record(make: Make) -> None:
    ana, ctx = make.contact(), make.ctx()

    first = interactions.log(ctx, call([ana.id], nonce="n1")).id
    second = interactions.log(ctx, call([ana.id], nonce="n1")).id

    assert first == second
    assert ctx.session.query(Interaction).count() == 1


def test_the_same_form_within_a_larger_change_makes_one_record(make: Make) -> None:
    ana, ctx = make.contact(), make.ctx()

    with ctx.unit():
        first = interactions.log(ctx, call([ana.id], nonce="n1")).id
        second = interactions.log(ctx, call([ana.id], nonce="n1")).id

    assert first == second


def test_a_form_whose_entry_was_taken_back_can_be_sent_again(make: Make) -> None:
    ana, ctx = make.contact(), make.ctx()
    first = interactions.log(ctx, call([ana.id], nonce="n1")).id
    interactions.withdraw(ctx, first)

    assert interactions.log(ctx, call([ana.id], nonce="n1")).id != first


def test_another_users_nonce_is_not_mine(make: Make) -> None:
    ana = make.contact()
    first, second = make.ctx(make.user("admin")), make.user("admin")
    interactions.log(first, call([ana.id], nonce="n1"))

    interactions.log(make.ctx(second), call([ana.id], nonce="n1"))

    assert make.ctx().session.query(Interaction).count() == 2


@pytest.mark.parametrize("target", ["contact", "company", "user"])
def test_ids_that_are_not_there_for_me_are_refused_and_nothing_is_stored(make: Make, target: str) -> None:
    me = make.user("rep", team="north")
    mine = make.contact(owner=me, team="north")
    theirs = {
        "contact": Entry(values={"kind": "note", "body": "x"}, contacts=[make.contact(team="south").id]),
        "company": Entry(
            values={"kind": "note", "body": "x"}, about=[("company", make.company(team="south").id)]
        ),
        "user": Entry(values={"kind": "note", "body": "x"}, contacts=[mine.id], users=[999_999]),
    }[target]

    with pytest.raises(NotVisible):
        interactions.log(make.ctx(me), theirs)

    assert make.ctx().session.query(Interaction).count() == 0


def test_a_kind_that_is_none_is_refused_with_a_sentence(make: Make) -> None:
    with pytest.raises(Invalid, match="a call, an e-mail") as error:
        interactions.log(make.ctx(), call([], values={"kind": "séance"}))
    assert set(error.value.problems) == {"kind"}


def test_somebody_who_may_only_read_logs_nothing(make: Make) -> None:
    with pytest.raises(NotAllowed):
        interactions.log(make.ctx(make.user("readonly")), call([]))


def test_changing_the_time_moves_the_entry_in_its_timelines(make: Make) -> None:
    ana, ctx = make.contact(), make.ctx()
    made = interactions.log(ctx, call([ana.id])).id

    interactions.edit(ctx, made, {"occurred_at": BEFORE, "kind": "meeting"})

    link = ctx.session.query(InteractionLink).one()
    assert (link.occurred_at, link.kind) == (BEFORE, "meeting")


def test_two_people_changing_the_text_are_both_asked(make: Make) -> None:
    ctx = make.ctx()
    made = interactions.log(ctx, call([make.contact().id]))
    seen, entry = made.version, made.id
    interactions.edit(ctx, entry, {"body": "Hers"}, seen_version=seen)
    interactions.edit(ctx, entry, {"location": "Porto"}, seen_version=seen)

    with pytest.raises(Conflict):
        interactions.edit(ctx, entry, {"body": "His"}, seen_version=seen)


def test_who_took_part_can_be_changed_and_hidden_participants_stay(make: Make) -> None:
    me = make.user("rep", team="north")
    mine, new = make.contact(owner=me, team="north"), make.contact(owner=me, team="north")
    hidden = make.contact(team="south")
    made = interactions.log(make.ctx(), call([mine.id, hidden.id]))
    records.update(make.ctx(), "interaction", made.id, {"owner_id": me.id})

    interactions.relink(make.ctx(me), made.id, Entry(values={}, contacts=[new.id]))

    assert tied(make, made) == {("contact", new.id), ("contact", hidden.id)}
    ctx = make.ctx()
    assert ctx.session.get_one(Contact, mine.id, populate_existing=True).last_interaction_at == NEVER
    assert (
        ctx.session.get_one(Contact, new.id, populate_existing=True).last_interaction_at == made.occurred_at
    )


def test_names_of_participants_out_of_sight_are_not_told(make: Make) -> None:
    me = make.user("rep", team="north")
    mine, hidden = make.contact(owner=me, team="north"), make.contact(team="south")
    made = interactions.log(make.ctx(), call([mine.id, hidden.id]))
    ctx = make.ctx(me)

    named = people.names(ctx, {link[:2] for link in interactions.links(ctx, [made.id])[made.id]})

    assert set(named) == {("contact", mine.id)}
