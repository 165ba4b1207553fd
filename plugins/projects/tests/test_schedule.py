"""The schedule against a reference: longest paths through random plans, as networkx computes them."""

from __future__ import annotations

import os
import random

import networkx as nx
import pytest

from ..plan.schedule import Circle, Step, Wait, slots

PLANS = 1000 if os.environ.get("KITH_TEST_LONG") else 50
BEGIN, END = ("begin", 0), ("end", 0)


def plan(seed: int) -> tuple[list[Step], list[Wait]]:
    """A random plan: steps wait only for steps before them, so there is no circle."""
    chance = random.Random(seed)
    steps = [
        Step(i, chance.randint(1, 9), chance.choice((0, 0, 0, 3, 11))) for i in range(chance.randint(1, 40))
    ]
    waits = [
        Wait(before, after, chance.choice(("FS", "FS", "SS", "FF", "SF")), chance.choice((0, 0, 1, 5, -2)))
        for after in range(len(steps))
        for before in chance.sample(range(after), min(after, chance.randint(0, 3)))
    ]
    chance.shuffle(steps)
    return steps, waits


def network(steps: list[Step], waits: list[Wait]) -> nx.DiGraph:
    """The plan as a network of moments, the beginning and the end of each step; a way is as long as it lasts.

    Where steps wait for one another's ends, both moments of a step stand the same distance apart either way.
    """
    found = nx.DiGraph()
    found.add_node(BEGIN)
    for step in steps:
        found.add_edge(BEGIN, ("S", step.id), weight=step.begins)
        found.add_edge(("S", step.id), ("F", step.id), weight=step.length)
        found.add_edge(("F", step.id), END, weight=0)
    lengths = {step.id: step.length for step in steps}
    for wait in waits:
        weight = wait.lag - (lengths[wait.after] if wait.kind[1] == "F" else 0)
        before, after = (wait.kind[0], wait.before), ("S", wait.after)
        known = found.get_edge_data(before, after, {"weight": weight})
        found.add_edge(before, after, weight=max(weight, known["weight"]))
    return found


def longest(graph: nx.DiGraph, source: tuple[str, int]) -> dict[tuple[str, int], int]:
    """Return how far each moment is from a source by the longest way: the shortest of the negated network."""
    turned = nx.DiGraph()
    turned.add_nodes_from(graph)
    turned.add_edges_from((u, v, {"weight": -d["weight"]}) for u, v, d in graph.edges(data=True))
    return {node: -d for node, d in nx.single_source_bellman_ford_path_length(turned, source).items()}


@pytest.mark.parametrize("seed", range(PLANS))
def test_a_plan_is_as_long_as_its_longest_way_and_critical_along_it(seed: int) -> None:
    steps, waits = plan(seed)
    graph = network(steps, waits)
    from_begin, to_end = longest(graph, BEGIN), longest(graph.reverse(), END)

    found = slots(steps, waits)

    whole = from_begin[END]
    assert max(slot.end for slot in found.values()) == whole
    for step in steps:
        slot, node = found[step.id], ("S", step.id)
        assert slot.start == from_begin[node]
        assert slot.slack == whole - from_begin[node] - to_end[node]
    assert {i for i, slot in found.items() if slot.critical} == {
        step.id for step in steps if from_begin["S", step.id] + to_end["S", step.id] == whole
    }


def test_steps_that_wait_for_one_another_are_refused() -> None:
    steps = [Step(i, 1) for i in range(3)]
    with pytest.raises(Circle) as told:
        slots(steps, [Wait(0, 1), Wait(1, 2), Wait(2, 0)])
    assert set(told.value.steps) == {0, 1, 2}


def test_a_wait_for_a_step_that_is_not_there_does_not_count() -> None:
    assert slots([Step(1, 2, 5)], [Wait(9, 1)])[1].start == 5


def test_nothing_to_do_takes_no_time() -> None:
    assert slots([], []) == {}
