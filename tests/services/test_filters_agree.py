"""The filter language means the same in SQL, on both databases, and in Python: random expressions over mixed data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from app.kernel.context import Context
from app.kernel.expr.tree import And, Literal, Node, Not, Op, Or, Question, Sort, all_of, any_of, sort_of
from app.models import FieldRule, Role, Share
from app.services import filters, interactions, records
from app.services import settings as site
from app.services.context import acting
from app.services.filter_fields import sources
from app.services.filter_literals import FITTING
from app.services.filter_sources import Source
from app.services.interactions import Entry
from app.testing.factories import Make

NAMES = ["Ana Lima", "ÁNA", "Kovács Élie", "Straße", "STRASSE", "Łódź", "Ёлка", "Σίσυφος", "O’Brien", "O'Brien", "50%_x", "İ", "王 伟"]  # fmt: skip
DATES = ["", "1980", "1980-02", "1980-02-29", "--02-29", "--12-31", "2026-01-01", "1999-12-31", "---15"]
TIMES = ["-400d", "-30d", "-1d", "+0d", "+1d", "+2w", "-3m", "+1q", "-5y", "-3h", "+30h"]
WORDS = st.sampled_from(
    [
        "a",
        "ana",
        "ELIE",
        "strasse",
        "ß",
        "lodz",
        "елка",
        "ΣΊΣΥΦΟΣ",
        "o'b",
        "%",
        "_",
        "王",
        "x" * 80,
        "i",
        "\\",
        '"',
    ]
)
MOMENTS = st.sampled_from(
    ["2026-01-01", "2020-02-29", "1970-01-01", "1970-01-01T00:00Z", "2026-11-22T10:00+01:00", "1980", "2026"]
) | st.sampled_from(
    [*TIMES, "today", "yesterday", "tomorrow", "now", "this_week", "last_month", "next_quarter", "this_year"]
)
VALUES: Mapping[str, st.SearchStrategy[str]] = {
    "text": WORDS
    | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=3).filter(
        str.strip
    ),
    "words": WORDS,
    "mail": st.sampled_from(["ana@x.example", "ANA@X.EXAMPLE", "@x", "ä", "nobody"]),
    "login": st.sampled_from(["a@b.example", "A@B.example", "nobody"]),
    "phone": st.sampled_from(["+36301234567", "06 30 123 4567", "4567", "0036 30", "+49"]),
    "tag": st.sampled_from(["Vip", "vip", "grosskunde", "Gross", "nothing"]),
    "country": st.sampled_from(["PT", "Portugal", "portugal", "Atlantis", "HU"]),
    "number": st.sampled_from(["0", "5", "-1", "12.5", "1000000", "99999999999", "12.10"]),
    "flag": st.sampled_from(["yes", "no", "true"]),
    "day": MOMENTS,
    "moment": MOMENTS,
    "user": st.sampled_from(["me", "my_team", "1", "2", "Ana", "user", "a@b.example", "99999999999"]),
    "team": st.sampled_from(["mine", "1", "2", "north", "99"]),
    "ref": st.sampled_from(["1", "2", "3", "99999999999", "acme", "ana"]),
    "partial": MOMENTS | st.sampled_from(["12 April", "--02-29", "29 February", "1980-02"]),
}
"""What is written after an operator, by how a field reads it."""


def dressed(op: Op, reads: str, word: str) -> Literal:
    """A word as the parser would read it: letters of texts are quoted."""
    if op in {Op.CONTAINS, Op.STARTS} or reads in {
        "text",
        "words",
        "mail",
        "login",
        "phone",
        "tag",
        "country",
    }:
        return Literal(Sort.TEXT, word)
    return Literal(*sort_of(word))


def questions(ctx: Context, entity: str) -> st.SearchStrategy[Question]:
    """Random tests on every field of an entity and, over relations, of those it leads to."""
    paths = [(path, source) for path, source in _paths(ctx, entity, 2) if source.reads != "group"]

    @st.composite
    def question(draw: st.DrawFn) -> Question:
        path, source = draw(st.sampled_from(paths))
        op = draw(st.sampled_from(sorted(FITTING[source.reads])))
        letters = op in {Op.CONTAINS, Op.STARTS}
        reads = "text" if letters and source.reads in {"user", "team", "ref"} else source.reads
        if reads == "partial" and op not in {Op.IS, Op.IN}:
            reads = "day"
        words = st.sampled_from(_choices(ctx, source)) if reads == "choice" else VALUES.get(reads)
        count = {Op.EMPTY: 0, Op.BETWEEN: 2, Op.IN: draw(st.integers(1, 3))}.get(op, 1)
        drawn = [draw(words) for _ in range(count)] if words is not None else []
        if letters and reads == "phone":
            drawn = [word.replace("+", "") for word in drawn]
        negated = draw(st.booleans()) and op not in {Op.LESS, Op.MOST, Op.MORE, Op.LEAST}
        if op is Op.IN or letters or op is Op.IS:
            drawn = [word for word in drawn if word.strip()] or ["a" if reads == "text" else drawn[0]]
        return Question(path, op, tuple(dressed(op, reads, word) for word in drawn), negated)

    return question()


def _paths(ctx: Context, entity: str, hops: int) -> list[tuple[str, Source]]:
    found: list[tuple[str, Source]] = []
    for name, source in sources(ctx, entity).items():
        here = [(name, source), *((f"{name}.{part.name}", part) for part in source.parts)]
        for path, one in here:
            found.append((path, one))
            if one.hop is not None and hops:
                found += [(f"{path}.{rest}", last) for rest, last in _paths(ctx, one.hop.target, hops - 1)]
    return found


def _choices(ctx: Context, source: Source) -> Sequence[str]:
    assert source.choices is not None
    return [c.value for c in source.choices(ctx) if c.value]


def expressions(ctx: Context, entity: str) -> st.SearchStrategy[Node]:
    """Random trees of questions."""
    return st.recursive(
        questions(ctx, entity),
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: all_of(*parts)),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: any_of(*parts)),
            inner.map(Not),
        ),
        max_leaves=5,
    )


@pytest.fixture
def house(make: Make) -> Mapping[str, Context]:
    """Records of every entity, some out of the representative's sight, and a field hidden from him."""
    rep = make.user("rep", team="north", name="Ana Reis", email="a@b.example")
    other = make.user("rep", team="south", name="User Ótto")
    system = make.ctx()
    owners: list[tuple[Any, str | None]] = [(rep, "north"), (other, "south"), (None, None), (other, "north")]
    companies = [_company(make, n, *owners[n % 4]) for n in range(5)]
    with acting(system):
        records.update(system, "company", companies[1].id, {"parent_id": companies[0].id})
        records.update(system, "company", companies[2].id, {"parent_id": companies[1].id})
    people = [_person(make, n, companies, *owners[n % 4]) for n in range(len(NAMES))]
    for n, person in enumerate(people[:6]):
        values = {"kind": ["call", "note"][n % 2], "subject": NAMES[n], "outcome": ["", "busy"][n % 2]}
        moment = {"occurred_at": system.now - timedelta(days=17 * n)}
        with acting(system):
            about = (("company", companies[n % 3].id),) if n % 2 else ()
            interactions.log(
                system,
                Entry(values=values | moment, contacts=(person.id, people[0].id)[: 1 + n % 2], about=about),
            )
        make(
            "task",
            summary=NAMES[n],
            due_on=["", "2026-01-01", system.now.date().isoformat()][n % 3] or "9999-12-31",
            assignee_id=[rep.id, None, other.id][n % 3],
            about=[f"contact:{person.id}"],
        )
    with acting(system):
        records.trash(system, "contact", [people[5].id])
        records.trash(system, "company", [companies[4].id])
    with system.unit():
        role = system.session.execute(select(Role.id).where(Role.name == "representative")).scalar_one()
        hidden = [
            {"role_id": role, "field": f, "mode": "hidden"} for f in ("contact.phones", "company.industry")
        ]
        system.session.execute(insert(FieldRule), hidden)
        share = {"entity": "contact", "record_id": people[1].id, "user_id": rep.id, "level": "read"}
        system.session.execute(insert(Share), [share])
        site.bump(system, "permissions")
    return {"rep": make.ctx(rep), "admin": make.ctx(make.user("administrator"))}


def _company(make: Make, n: int, owner: Any, team: str | None) -> Any:
    return make.company(
        owner=owner,
        team=team,
        name=["Acme", "Ácme Kft", "Straße AG", "Łódź", "Zed"][n],
        industry=["", "Solar", "SOLAR"][n % 3],
        number_of_employees=[None, 5, 1000000][n % 3],
        annual_revenue=[None, "12.10", "12.5"][n % 3],
        founding_date=DATES[n % 3],
        kinds=["", "customer"][n % 2],
        domains=["x.example"] if n % 2 else [],
        addresses=[{"locality": "Lisboa", "country": "Portugal"}] if n % 2 else [],
        tags=["Vip"] if n == 3 else [],
    )


def _person(make: Make, n: int, companies: Sequence[Any], owner: Any, team: str | None) -> Any:
    places = [{"company_id": companies[n % 5].id, "title": NAMES[-n], "is_primary": True}] if n % 3 else []
    if n % 4 == 1:
        places.append({"company_id": companies[(n + 1) % 5].id, "title": "before", "ended_on": "2020-01-01"})
    make_address = {"locality": NAMES[n], "country_code": "PT" if n % 2 else "", "country": "Atlantis"}
    made = make.contact(
        owner=owner,
        team=team,
        given_name=NAMES[n],
        family_name=NAMES[-n],
        birthday=DATES[n % len(DATES)],
        anniversary=DATES[-n % len(DATES)],
        lifecycle_stage=["subscriber", "lead", "customer"][n % 3],
        tags=[["Großkunde", "vip"], ["VIP"], []][n % 3],
        note=["", "ana\nx", "ÉLIE"][n % 3],
        emails=[{"value": "Ana@x.example", "kind": "", "preferred": True}] if n % 2 else [],
        phones=[{"value": "+36 30 123 4567", "kind": "", "preferred": True}] if n % 3 == 0 else [],
        addresses=[make_address] if n % 2 else [],
        do_not_contact=[{"channel": "call"}] if n % 5 == 0 else [],
    )
    system = make.ctx()
    with acting(system):
        records.update(system, "contact", made.id, {"affiliations": places})
    return made


def agree(ctx: Context, entity: str, node: Node) -> None:
    """Assert that SQL and Python find the same of the records that may be seen, and that the text form is the tree."""
    model = ctx.schema.entity(entity).model
    with acting(ctx):
        seen = set(ctx.session.execute(select(model.id)).scalars())
        found = set(
            ctx.session.execute(select(model.id).where(filters.criterion(ctx, entity, node))).scalars()
        )
        assert found == filters.matches(ctx, entity, node, seen), filters.text_of(node)
        negated = select(model.id).where(filters.criterion(ctx, entity, Not(node)))
        assert set(ctx.session.execute(negated).scalars()) == seen - found, filters.text_of(node)
    text = filters.text_of(node)
    assert filters.parse(text) == node, text
    assert filters.loads(filters.dumps(node)) == node, text


@pytest.mark.parametrize("examples", [200, pytest.param(2000, marks=pytest.mark.long)])
def test_sql_and_python_agree(
    examples: int, house: Mapping[str, Context], queries: Callable[[], Any]
) -> None:
    trees = {
        (who, entity): expressions(ctx, entity)
        for who, ctx in house.items()
        for entity in ("contact", "company", "interaction", "task")
    }
    drawn = st.sampled_from(sorted(trees)).flatmap(lambda key: trees[key].map(lambda tree: (*key, tree)))

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(drawn)
    def check(one: tuple[str, str, Node]) -> None:
        who, entity, tree = one
        agree(house[who], entity, tree)

    check()


@pytest.mark.parametrize("hops", [0, pytest.param(1, marks=pytest.mark.long)])
def test_every_field_of_every_entity_is_asked_in_every_way(hops: int, house: Mapping[str, Context]) -> None:
    """Not left to chance: each operator on each field once, in the long run over each relation, too."""
    words = {**dict.fromkeys(FITTING, "ana"), "number": "5", "flag": "yes", "phone": "4567", "ref": "1"}
    words |= {"user": "me", "team": "mine", "day": "-30d", "moment": "-30d", "partial": "-30d"}
    for ctx in list(house.values())[: 1 + hops]:
        for entity in ("contact", "company", "interaction", "task"):
            for path, source in _paths(ctx, entity, hops):
                for op in FITTING[source.reads]:
                    letters = op in {Op.CONTAINS, Op.STARTS}
                    word = "4567" if source.reads == "phone" else "ana" if letters else words[source.reads]
                    word = _choices(ctx, source)[0] if source.reads == "choice" else word
                    count = {Op.EMPTY: 0, Op.BETWEEN: 2}.get(op, 1)
                    agree(ctx, entity, Question(path, op, (dressed(op, source.reads, word),) * count))


def test_a_tree_of_nothing_finds_everything(house: Mapping[str, Context]) -> None:
    agree(house["rep"], "contact", And(()))
    assert isinstance(any_of(And(()), And(())), Or)
