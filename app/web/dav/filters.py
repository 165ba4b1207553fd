"""Filters of addressbook-query (RFC 6352, section 10.5) read into tests."""

from __future__ import annotations

from typing import cast
from xml.etree.ElementTree import Element

from app.services.dav_searching import How, Match, ParamTest, PropTest, Test
from app.web.dav.places import COLLATIONS
from app.web.dav.xml import CARD

MOST = 100
"""Tests of one filter."""


class Unknown(Exception):
    """A filter asks for something that is not known; `condition` is its name in the RFC."""

    def __init__(self, condition: str, told: str) -> None:
        super().__init__(told)
        self.condition = condition


def read(found: Element | None) -> Test:
    """Return the test of a filter; without one, or with an empty one, every card passes."""
    if found is None:
        return Test()
    if sum(1 for _one in found.iter()) > 4 * MOST:
        raise Unknown("supported-filter", "too many tests")
    for one in found:
        if one.tag != f"{CARD}prop-filter":
            raise Unknown("supported-filter", str(one.tag))
    return Test(props=tuple(_prop(one) for one in found), every=_every(found))


def _every(found: Element) -> bool:
    return found.get("test", "anyof") == "allof"


def _prop(found: Element) -> PropTest:
    name = found.get("name", "").lower()
    if not name:
        raise Unknown("supported-filter", "prop-filter")
    return PropTest(
        name=name.rpartition(".")[2],
        missing=found.find(f"{CARD}is-not-defined") is not None,
        matches=tuple(_match(one) for one in found.findall(f"{CARD}text-match")),
        params=tuple(_param(one) for one in found.findall(f"{CARD}param-filter")),
        every=_every(found),
    )


def _param(found: Element) -> ParamTest:
    match = found.find(f"{CARD}text-match")
    return ParamTest(
        name=found.get("name", "").lower(),
        missing=found.find(f"{CARD}is-not-defined") is not None,
        match=None if match is None else _match(match),
    )


def _match(found: Element) -> Match:
    collation, how = found.get("collation", "default"), found.get("match-type", "contains")
    if collation not in (*COLLATIONS, "default"):
        raise Unknown("supported-collation", collation)
    if how not in ("equals", "contains", "starts-with", "ends-with"):
        raise Unknown("supported-filter", how)
    return Match(
        text=found.text or "",
        how=cast(How, how),
        negated=found.get("negate-condition", "no") == "yes",
        ascii=collation == "i;ascii-casemap",
    )
