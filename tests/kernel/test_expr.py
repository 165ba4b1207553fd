"""The text form of expressions: read, written, refused with a place and a sentence."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.formats.fold import fold
from app.formats.plain import GONE, LONGER, SCRIPTS, SINGLE, plain, translation
from app.kernel.expr import limits
from app.kernel.expr.canonical import dumps, from_json, loads, to_json
from app.kernel.expr.parser import parse
from app.kernel.expr.printer import text_of
from app.kernel.expr.tree import (
    EVERYTHING,
    NAMES,
    And,
    ExprError,
    Literal,
    Node,
    Not,
    Op,
    Or,
    Question,
    Sort,
    all_of,
    any_of,
    sort_of,
)

WORDS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=8)
LITERALS = st.one_of(
    WORDS.map(lambda text: Literal(Sort.TEXT, text)),
    st.sampled_from(sorted(NAMES)).map(lambda name: Literal(Sort.NAME, name)),
    st.decimals(-999, 999, places=2).map(lambda number: Literal(Sort.NUMBER, str(number))),
    st.dates().map(lambda day: Literal(Sort.DAY, day.isoformat())),
    st.datetimes().map(lambda at: Literal(Sort.MOMENT, at.isoformat(timespec="seconds"))),
    st.tuples(st.sampled_from("+-"), st.integers(0, 99999), st.sampled_from("hdwmqy")).map(
        lambda parts: Literal(Sort.RELATIVE, "".join(map(str, parts)))
    ),
)
PATHS = st.from_regex(r"[a-zäéł_][a-z0-9_]{0,5}(\.[a-z_][a-z0-9_]{0,5}){0,2}", fullmatch=True).filter(
    lambda path: path not in {"and", "or", "not", "in", "is", "contains", "starts", "between", "within"}
)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Any question that can be written."""
    op = draw(st.sampled_from(list(Op)))
    count = {Op.EMPTY: 0, Op.BETWEEN: 2, Op.IN: draw(st.integers(1, 4))}.get(op, 1)
    values = tuple(draw(LITERALS) for _ in range(count))
    negated = op not in {Op.LESS, Op.MOST, Op.MORE, Op.LEAST} and draw(st.booleans())
    return Question(draw(PATHS), op, values, negated)


TREES = st.recursive(
    questions(),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: all_of(*parts)),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: any_of(*parts)),
        inner.map(Not),
    ),
    max_leaves=8,
).filter(lambda tree: "not (" * (limits.DEEPEST - 1) not in text_of(tree))


@settings(max_examples=200, deadline=None, database=None)
@given(TREES)
def test_what_is_written_is_read_again(tree: Node) -> None:
    assert parse(text_of(tree)) == tree
    assert loads(dumps(tree)) == tree
    assert from_json(json.loads(json.dumps(to_json(tree)))) == tree


@settings(max_examples=200, deadline=None, database=None)
@given(st.text(max_size=60) | st.text('()=!<>,"“”andornot in is empty-30d.\\', max_size=40))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    found = read(text)
    if isinstance(found, ExprError):
        assert found.sentence[-1] in ".…"
        assert -1 <= found.at <= len(text)
    else:
        assert parse(text_of(found)) == found


def read(text: str) -> Node | ExprError:
    """The tree of a text, or why there is none."""
    try:
        return parse(text)
    except ExprError as error:
        return error


def test_the_example_of_the_house() -> None:
    text = (
        "owner = me and (tag in (a, b) or last_contact < -30d) and company.city is not empty "
        'and not (name contains "Ana Lima")'
    )
    tree = parse(text)
    assert text_of(tree) == text
    assert isinstance(tree, And)
    either = tree.parts[1]
    assert isinstance(either, Or)
    assert either.parts[1] == Question("last_contact", Op.LESS, (Literal(Sort.RELATIVE, "-30d"),))
    assert tree.parts[2] == Question("company.city", Op.EMPTY, (), negated=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a=1 AND b=2", "a = 1 and b = 2"),
        ("a <> 1", "a != 1"),
        ("a ≥ 1", "a >= 1"),
        ("a is me", "a = me"),
        ("a is not x", "a != x"),
        ("a = none", "a is empty"),
        ("a != empty", "a is not empty"),
        ("a = “Ana Lima”", 'a = "Ana Lima"'),
        ("a = 'Ana Lima'", 'a = "Ana Lima"'),
        ("a = O'Brien", "a = O'Brien"),
        ("((a = 1))", "a = 1"),
        ("a = 1 and (b = 2 and c = 3)", "a = 1 and b = 2 and c = 3"),
        ("", ""),
    ],
)
def test_ways_to_write_the_same(one: str, other: str) -> None:
    assert parse(one) == parse(other)
    assert text_of(parse(one)) == other


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("owner", 5, "comes an operator"),
        ("owner =", 7, "value is expected"),
        ("= me", 0, "a field is expected"),
        ("owner = me tag = a", 11, "Write and or or"),
        ("(owner = me", 11, "“)” is expected"),
        ("owner = me)", 10, "“)” is not expected"),
        ("name = Ana Lima", 11, "quotation marks"),
        ('name = "Ana', 7, "never closed"),
        ("tag in a", 7, "“(” is expected"),
        ("due between a", 13, "“and” is expected"),
        ("name starts x", 12, "“with” is expected"),
        ("a.b.. = 1", 0, "a field is expected"),
        ("name = a!", 8, "not expected"),
        ("name = a\x00b", 7, "no text"),
        ("name = a\ud800b", 7, "no text"),
        ("(" * 500 + "a = 1" + ")" * 500, 25, "nested too deeply"),
        ("not " * 500 + "a = 1", 100, "nested too deeply"),
        ("a = 1 or " * 100 + "b = 2", -1, "more than 60 conditions"),
        (f"a in ({', '.join('x' for _ in range(300))})", 0, "more than 200 values"),
        (f"a = {'x' * 600}", 4, "too long"),
        ("a" * 5000, 4000, "too long"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(text: str, at: int, said: str) -> None:
    with pytest.raises(ExprError) as caught:
        parse(text)
    assert said in caught.value.sentence
    assert caught.value.at == at
    assert caught.value.problems == {"where": caught.value.sentence}


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"and": [{"field": "a", "op": "="}]},
        {"field": "a", "op": "~", "values": ["x"]},
        {"field": "a", "op": "=", "values": [1]},
        {"field": "a", "op": "=", "values": ["x", "y"]},
        {"field": "a", "op": "not <", "values": ["x"]},
        {"field": "a b", "op": "=", "values": ["x"]},
        {"field": "a", "op": "=", "values": [{"day": "soon"}]},
        {"field": "a", "op": "=", "values": [{"sql": "1=1"}]},
        {"not": {"not": "x"}},
    ],
)
def test_json_that_is_no_expression_is_refused(data: object) -> None:
    with pytest.raises(ExprError):
        from_json(data)


def test_deep_json_is_refused() -> None:
    with pytest.raises(ExprError, match="nested"):
        loads('{"not":' * 500 + "{}" + "}" * 500)


def test_an_empty_text_is_everything() -> None:
    assert parse("  ") == EVERYTHING
    assert text_of(EVERYTHING) == ""
    assert loads(dumps(EVERYTHING)) == EVERYTHING


def test_sorts_of_bare_words() -> None:
    assert sort_of("Me") == (Sort.NAME, "me")
    assert sort_of("007") == (Sort.NUMBER, "007")
    assert sort_of("-30d") == (Sort.RELATIVE, "-30d")
    assert sort_of("ana@x.example") == (Sort.TEXT, "ana@x.example")
    assert text_of(Question("a", Op.IS, (Literal(Sort.TEXT, "me"),))) == 'a = "me"'


# ---------------------------------------------------------------- how texts compare


@pytest.mark.parametrize(
    ("one", "other"),
    [("Kovács", "KOVACS"), ("Straße", "STRASSE"), ("Łódź", "lodz"), ("Ёлка", "елка"), ("O’Brien", "o'brien")],
)
def test_case_and_accents_do_not_count(one: str, other: str) -> None:
    assert plain(one) == plain(other)
    assert plain(one) != plain(other + "x")


@given(st.text(max_size=12) | st.text(st.sampled_from([*SINGLE, *GONE, *LONGER, "a", "ж", "王"]), max_size=6))
def test_what_postgresql_does_with_the_table_is_what_python_does(text: str) -> None:
    small = "".join(char.lower() if char.isascii() else char for char in text)
    scripts = [bool(re.search(f"[{script}]", text)) for script in SCRIPTS]
    assert plain(text) == (translated(small, scripts[0]) if any(scripts) else small)


def translated(text: str, cyrillic: bool) -> str:
    """What translate() and replace() of PostgreSQL make of a text."""
    of, to = translation(cyrillic)
    moved = {char: to[n] if n < len(to) else "" for n, char in enumerate(of)}
    done = "".join(moved.get(char, char) for char in text)
    for letter, letters in LONGER.items():
        done = done.replace(letter, letters)
    return done


def test_the_table_is_the_folding_of_the_search() -> None:
    odd = {"’", "‘", "ʼ", "ẞ", "Æ", "Œ", "Þ"}
    assert all(fold(char) == to for char, to in SINGLE.items() if char not in odd)
    assert len(set(GONE)) == len(GONE)
