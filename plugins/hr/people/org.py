"""The org chart: the tree of managers on a day, as far as the reader sees people, laid out for drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.sdk import Context

from . import chain
from .models import Department, Employee, Position

MOST = 400
"""So many people are drawn at once; a house with more is drawn from a person downwards."""

WIDE, HIGH, GAP, INDENT = 216, 48, 10, 28


@dataclass
class Node:
    """Somebody in the tree, with those below; `x`, `y` is the place in the drawing."""

    id: int
    name: str
    line: str
    below: list[Node] = field(default_factory=list)
    x: int = 0
    y: int = 0


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A drawing: boxes, the lines between them as paths, its size; `rest` people were left out."""

    roots: Sequence[Node]
    boxes: Sequence[Node]
    paths: Sequence[str]
    width: int
    height: int
    rest: int = 0


def of_day(ctx: Context, day: str, top: int | None = None) -> Chart:
    """Return the chart of a day (ISO 8601), below somebody if `top` says so."""
    rows = _employed(ctx, day)
    posts = chain.as_of(ctx, [row.id for row in rows], day)
    nodes = _named(ctx, rows, posts)
    roots: list[Node] = []
    for row in rows:
        post = posts.get(row.id)
        above = nodes.get(post.manager_id or 0) if post is not None else None
        if above is None or _within(above, nodes[row.id]):
            roots.append(nodes[row.id])
        else:
            above.below.append(nodes[row.id])
    if top is not None:
        roots = [nodes[top]] if top in nodes else []
    roots.sort(key=lambda n: (not n.below, n.name.casefold(), n.id))
    drawn, rest = _cut(roots)
    return _drawn(drawn, rest)


def _employed(ctx: Context, day: str) -> Sequence[Any]:
    query = select(Employee.id, Employee.name, Employee.started_on, Employee.ended_on)
    query = query.where(Employee.started_on <= day, (Employee.ended_on == "") | (Employee.ended_on >= day))
    return ctx.session.execute(query.order_by(Employee.name, Employee.id).limit(5000)).all()


def _named(ctx: Context, rows: Sequence[Any], posts: Mapping[int, Any]) -> dict[int, Node]:
    names: dict[Any, dict[int, str]] = {}
    for model, column in ((Position, "position_id"), (Department, "department_id")):
        ids = {getattr(post, column) for post in posts.values()} - {None}
        found = ctx.session.execute(select(model.id, model.name).where(model.id.in_(ids)))
        names[column] = {row.id: row.name for row in found}
    nodes = {}
    for row in rows:
        post = posts.get(row.id)
        words = [names[c].get(getattr(post, c) or 0, "") for c in names] if post is not None else []
        nodes[row.id] = Node(row.id, row.name, " · ".join(word for word in words if word))
    return nodes


def _within(above: Node, node: Node) -> bool:
    """Tell whether somebody stands below a node already: a history with a circle does no harm."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one is above:
            return True
        waiting.extend(one.below)
    return False


def _cut(roots: Sequence[Node]) -> tuple[list[Node], int]:
    """Return as many of the tree as are drawn, level by level, and how many are left out."""
    kept: set[int] = set()
    level, every = list(roots), 0
    while level:
        every += len(level)
        kept |= {n.id for n in level[: max(0, MOST - len(kept))]}
        level = [below for n in level for below in n.below]
    for node in _walk(roots):
        node.below = [n for n in node.below if n.id in kept]
    return [n for n in roots if n.id in kept], every - len(kept)


def _walk(roots: Sequence[Node]) -> list[Node]:
    found, waiting = [], list(reversed(roots))
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting.extend(reversed(node.below))
    return found


def _drawn(roots: Sequence[Node], rest: int) -> Chart:
    """Place the boxes as an outline: each below the one before, indented by its level; lines lead from the manager."""
    boxes: list[Node] = []
    paths: list[str] = []

    def place(node: Node, level: int) -> None:
        node.x, node.y = level * INDENT, len(boxes) * (HIGH + GAP)
        boxes.append(node)
        for below in node.below:
            place(below, level + 1)
            left, middle = node.x + INDENT // 2, below.y + HIGH // 2
            paths.append(f"M{left} {node.y + HIGH}V{middle}H{below.x}")

    for root in roots:
        place(root, 0)
    width = max((n.x for n in boxes), default=0) + WIDE
    return Chart(
        roots=roots,
        boxes=boxes,
        paths=paths,
        width=width,
        height=max(1, len(boxes) * (HIGH + GAP) - GAP),
        rest=rest,
    )
