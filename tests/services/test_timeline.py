"""What a record's timeline holds, in which order, for whom, and at what cost."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, insert, text

from app.kernel.contributions import TimelineEntry, TimelineKind
from app.kernel.errors import NotVisible
from app.kernel.hookspecs import Plugin, hookimpl
from app.models import Interaction, InteractionLink
from app.services import interactions, records, timeline
from app.services.interactions import Entry
from app.services.timeline import Asked
from app.testing.factories import Make
from app.testing.plugins import temporary_plugin

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def logged(make: Make, contacts: Sequence[int], hour: int = 0, *, by: Any = None, **values: Any) -> int:
    entry = Entry(
        values={"kind": "note", "body": f"at {hour}", "occurred_at": at(hour), **values}, contacts=contacts
    )
    return interactions.log(make.ctx(by), entry).id


def many(make: Make, contact: int, count: int) -> None:
    """Store entries at once, as a long history would have them."""
    ctx = make.ctx()
    with ctx.unit():
        ctx.session.execute(
            insert(Interaction),
            [
                {"kind": "call", "occurred_at": at(n), "body": f"call {n}", "text_key": f"call {n}"}
                for n in range(count)
            ],
        )
        ids = ctx.session.scalars(text("SELECT id FROM interaction ORDER BY id")).all()[-count:]
        ctx.session.execute(
            insert(InteractionLink),
            [
                {
                    "interaction_id": i,
                    "entity": "contact",
                    "record_id": contact,
                    "kind": "call",
                    "occurred_at": at(n),
                }
                for n, i in enumerate(ids)
            ],
        )


def page_of(ctx: Any, entity: str, record_id: int, **asked: Any) -> timeline.Page:
    return timeline.page(ctx, entity, records.get(ctx, entity, record_id), Asked(**asked))


def shown(make: Make, entity: str, record_id: int, by: Any = None, **asked: Any) -> list[Any]:
    page = page_of(make.ctx(by), entity, record_id, **asked)
    return [item.key if isinstance(item, TimelineEntry) else item.id for _at, item in page.items]


def walked(make: Make, entity: str, record_id: int, limit: int, **asked: Any) -> list[Any]:
    """Return all pages one after the other."""
    ctx, found, after = make.ctx(), [], None
    while True:
        page = page_of(ctx, entity, record_id, limit=limit, after=after, **asked)
        found += [item.key if isinstance(item, TimelineEntry) else item.id for _at, item in page.items]
        if page.next is None:
            return found
        after = page.next


def test_the_newest_stands_first_and_equal_instants_have_an_order(make: Make) -> None:
    ana = make.contact().id
    first, second, third = logged(make, [ana], 1), logged(make, [ana], 2), logged(make, [ana], 2)

    assert shown(make, "contact", ana) == [third, second, first]
    assert walked(make, "contact", ana, 1) == [third, second, first]


def test_a_company_rolls_up_its_people_then_and_now_and_itself_each_entry_once(make: Make) -> None:
    firm = make.company().id
    now = make.contact(affiliations=[{"company_id": firm}]).id
    before = make.contact(affiliations=[{"company_id": firm, "ended_on": "2020-01-01"}]).id
    other = make.contact().id
    both, former = logged(make, [now, before], 3), logged(make, [before], 2)
    own = interactions.log(
        make.ctx(),
        Entry(values={"kind": "note", "body": "x", "occurred_at": at(1)}, about=[("company", firm)]),
    ).id
    logged(make, [other], 4)

    assert shown(make, "company", firm) == [both, former, own]
    assert walked(make, "company", firm, 1) == [both, former, own]


def test_filters_by_kind_author_time_and_words(make: Make) -> None:
    ana, me = make.contact().id, make.user("admin")
    call = logged(make, [ana], 1, kind="call", body="Dächer in Győr")
    mine = logged(make, [ana], 2, by=me)
    late = logged(make, [ana], 9)

    assert shown(make, "contact", ana, kind="call") == [call]
    assert shown(make, "contact", ana, author=me.id) == [mine]
    assert shown(make, "contact", ana, since=at(2), until=at(9)) == [mine]
    assert shown(make, "contact", ana, since=at(9)) == [late]
    assert shown(make, "contact", ana, text="gyor dach") == [call]
    assert shown(make, "contact", ana, text="50%") == []


def test_the_same_filters_hold_for_a_company(make: Make) -> None:
    firm, me = make.company().id, make.user("admin")
    ana = make.contact(affiliations=[{"company_id": firm}]).id
    call, mine = logged(make, [ana], 1, kind="call", body="the roof"), logged(make, [ana], 2, by=me)

    assert shown(make, "company", firm, kind="call") == [call]
    assert shown(make, "company", firm, author=me.id) == [mine]
    assert shown(make, "company", firm, text="roof") == [call]


def test_pinned_entries_come_with_the_first_page_until_they_are_let_go(make: Make) -> None:
    ana, ctx = make.contact().id, make.ctx()
    old = logged(make, [ana], 1)
    logged(make, [ana], 2)

    interactions.pin(ctx, old, on=True)
    page = page_of(ctx, "contact", ana, limit=1)
    assert [row.id for row in page.pinned] == [old]
    assert page_of(ctx, "contact", ana, limit=1, after=page.next).pinned == ()
    interactions.pin(ctx, old, on=False)
    assert page_of(ctx, "contact", ana).pinned == []


def test_trashed_entries_are_gone(make: Make) -> None:
    ana = make.contact().id
    gone = logged(make, [ana])
    interactions.pin(make.ctx(), gone, on=True)
    records.trash(make.ctx(), "interaction", [gone])

    page = page_of(make.ctx(), "contact", ana)
    assert (page.items, page.pinned) == ([], [])


def test_private_entries_are_for_their_author_and_the_colleagues_who_took_part(make: Make) -> None:
    author, beside, other = (make.user("manager", team="north") for _ in range(3))
    ana = make.contact(owner=author, team="north").id
    entry = Entry(
        values={"kind": "note", "body": "x", "visibility": "private"}, contacts=[ana], users=[beside.id]
    )
    made = interactions.log(make.ctx(author), entry).id

    assert [shown(make, "contact", ana, who) for who in (author, beside, other)] == [[made], [made], []]


def test_a_representative_sees_what_others_logged_with_own_contacts_only(make: Make) -> None:
    me, boss, firm = make.user("rep", team="north"), make.user("admin"), make.company(team="north").id
    mine = make.contact(owner=me, team="north", affiliations=[{"company_id": firm}]).id
    theirs = make.contact(team="south", affiliations=[{"company_id": firm}]).id
    of_mine, of_theirs = logged(make, [mine], 1, by=boss), logged(make, [theirs], 2, by=boss)
    own_of_theirs = logged(make, [theirs], 3)
    records.update(make.ctx(), "interaction", own_of_theirs, {"owner_id": me.id})

    assert shown(make, "contact", mine, me) == [of_mine]
    with pytest.raises(NotVisible):
        shown(make, "contact", theirs, me)
    assert shown(make, "company", firm, me) == [of_mine]
    assert shown(make, "company", firm, boss) == [own_of_theirs, of_theirs, of_mine]


def test_pages_of_a_company_are_full_where_entries_between_are_hidden(make: Make) -> None:
    me, boss, firm = make.user("rep", team="north"), make.user("admin"), make.company(team="north").id
    ana = make.contact(owner=me, team="north", affiliations=[{"company_id": firm}]).id
    seen = [logged(make, [ana], n) for n in range(3)]
    for n in range(5, 20):
        logged(make, [ana], n, by=boss, visibility="private")

    page = page_of(make.ctx(me), "company", firm, limit=2)

    assert [item.id for _at, item in page.items] == [seen[2], seen[1]]
    assert page.next is not None


def test_hidden_fields_are_not_looked_in(make: Make) -> None:
    me = make.user("admin")
    ana = make.contact().id
    logged(make, [ana], 1, body="the secret word")
    titled = logged(make, [ana], 2, subject="A secret title")
    ctx = make.ctx(me)
    ctx.user.memo.clear()
    object.__setattr__(ctx.user, "hidden", frozenset({"interaction.body"}))

    page = page_of(ctx, "contact", ana, text="secret")

    assert [item.id for _at, item in page.items] == [titled]


@pytest.mark.parametrize("entity", ["contact", "company"])
def test_a_long_history_is_read_along_an_index(make: Make, entity: str) -> None:
    firm = make.company(team="north").id
    me = make.user("rep", team="north")
    ana, bob = (make.contact(team="north", affiliations=[{"company_id": firm}]).id for _ in range(2))
    record = {"contact": ana, "company": firm}[entity]
    many(make, ana, 900)
    many(make, bob, 900)
    ctx = make.ctx()
    with ctx.unit():
        ctx.session.execute(text("ANALYZE"))
    after = page_of(make.ctx(), entity, record, limit=50).next

    for asked in (Asked(), Asked(after=after)):
        plan = explained(make, partial(read, make, me, entity, record, asked))
        assert "ix_interaction_link_timeline" in plan, plan
        assert not re.search(r"SCAN interaction\b|Seq Scan on interaction", plan), plan
        assert entity == "company" or "TEMP B-TREE FOR ORDER BY" not in plan, plan
        assert entity == "company" or "Sort" not in plan, plan


def read(make: Make, who: Any, entity: str, record: int, asked: Asked) -> None:
    ctx = make.ctx(who)
    assert len(timeline.page(ctx, entity, records.get(ctx, entity, record), asked).items) == 50


def explained(make: Make, read: Callable[[], Any]) -> str:
    """Return how the database answers what is asked about interactions while something is read."""
    engine = make.ctx().session.get_bind()
    sent: list[tuple[str, Any]] = []

    def note(conn: Any, cursor: Any, statement: str, values: Any, *rest: Any) -> None:
        if "interaction_link" in statement and "pinned_at IS NOT NULL" not in statement:
            sent.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    read()
    event.remove(engine, "before_cursor_execute", note)
    word = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    connection = make.ctx().session.connection()
    rows = [row for statement, values in sent for row in connection.exec_driver_sql(word + statement, values)]
    return "\n".join(str(row[-1]) for row in rows)


@pytest.mark.parametrize("entity", ["contact", "company"])
def test_the_number_of_queries_does_not_grow_with_the_entries(
    make: Make, queries: Callable[[], Any], entity: str
) -> None:
    firm = make.company(team="north").id
    ana = make.contact(team="north", affiliations=[{"company_id": firm}]).id
    record, me = {"contact": ana, "company": firm}[entity], make.user("rep", team="north")
    counts = []
    for more in (5, 300):
        many(make, ana, more)
        ctx = make.ctx(me)
        with queries() as seen:
            page_of(ctx, entity, record)
        counts.append(len(seen))

    assert counts[0] == counts[1] <= 5


class Posts(Plugin):
    """Keeps entries of its own."""

    name = "posts"
    label = "Posts"

    @hookimpl
    def kith_timeline(self) -> Sequence[TimelineKind]:
        return [TimelineKind(name="post", label="Post", icon="file-text", source=source)]


KEPT: list[TimelineEntry] = []


def source(ctx: Any, contacts: Sequence[int], before: Any, limit: int) -> list[TimelineEntry]:
    if any(e.key == "broken" for e in KEPT):
        raise RuntimeError("on purpose")
    return [e for e in KEPT if before is None or e.at <= before][:limit]


@pytest.fixture
def posts(app: Flask) -> Any:
    KEPT.clear()
    with temporary_plugin(app, Posts):
        yield KEPT


def post(hour: int, key: str) -> TimelineEntry:
    return TimelineEntry(at=at(hour), key=key, kind="posts.post", title="Posted")


def test_a_plugins_entries_stand_between_ours(make: Make, posts: list[TimelineEntry]) -> None:
    ana = make.contact().id
    early, late = logged(make, [ana], 1), logged(make, [ana], 5)
    posts += [post(9, "c"), post(3, "b"), post(0, "a")]

    assert shown(make, "contact", ana) == ["c", late, "b", early, "a"]
    assert shown(make, "contact", ana, kind="posts.post") == ["c", "b", "a"]
    assert walked(make, "contact", ana, 2) == ["c", late, "b", early, "a"]


@pytest.mark.parametrize("told", [range(9), range(8, -1, -1), (4, 0, 8, 3, 1, 7, 2, 6, 5)])
def test_entries_of_one_instant_are_neither_lost_nor_shown_twice(
    make: Make, posts: list[TimelineEntry], told: Sequence[int]
) -> None:
    ana = make.contact().id
    same = [logged(make, [ana], 1) for _ in range(3)]
    posts += [post(1, f"p{n:02}") for n in told] + [post(0, "last")]

    every = [*reversed(same), *(f"p{n:02}" for n in range(9)), "last"]
    assert walked(make, "contact", ana, 2) == every
    assert walked(make, "contact", ana, 5) == every


def test_a_source_that_fails_leaves_our_entries_and_says_so(make: Make, posts: list[TimelineEntry]) -> None:
    ana = make.contact().id
    ours = logged(make, [ana])
    posts.append(post(1, "broken"))

    page = page_of(make.ctx(), "contact", ana)

    assert [item.id for _at, item in page.items] == [ours]
    assert [f.owner for f in page.failures] == ["posts"]


class Visits(Plugin):
    """What is kept about people, about companies and about tasks."""

    name = "visits"
    label = "Visits"

    @hookimpl
    def kith_timeline(self) -> Sequence[TimelineKind]:
        sources = {"company": partial(visits, "company"), "task": partial(visits, "task")}
        people = partial(visits, "people")
        return [TimelineKind(name="visit", label="Visit", icon="map-pin", source=people, sources=sources)]


def visits(of: str, ctx: Any, ids: Sequence[int], before: Any, limit: int) -> list[TimelineEntry]:
    return [
        TimelineEntry(at=at(n), key=f"{of} {number}", kind="visits.visit", title="Visit")
        for n, number in enumerate(sorted(ids))
    ]


def test_a_source_of_an_entity_is_asked_about_its_records_and_a_companys_also_about_its_people(
    app: Flask, make: Make
) -> None:
    acme, task = make.company(), make("task", summary="Call")
    ana = make.contact(affiliations=[{"company_id": acme.id}])
    alone = make.company()

    with temporary_plugin(app, Visits):
        assert shown(make, "contact", ana.id) == [f"people {ana.id}"]
        assert set(shown(make, "company", acme.id)) == {f"company {acme.id}", f"people {ana.id}"}
        assert shown(make, "company", alone.id) == [f"company {alone.id}"]
        assert shown(make, "task", task.id) == [f"task {task.id}"]
