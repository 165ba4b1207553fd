"""The filter of a list: conditions in people's words, one tap to take each away, and a panel to put more together.

Everything is a GET with the state of the list: the panel builds an expression and leads to the list with it in `where`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for

from app.i18n import _
from app.kernel.context import Context
from app.kernel.expr.tree import And, ExprError, Node, Or, all_of, any_of, parts_of
from app.services import filters, listing_filters
from app.services.views import EVERY
from app.web import filter_parts, list_address
from app.web.filter_words import Words
from app.web.list_address import Place
from app.web.list_setup import opened, panel
from app.web.routes import signed_in

filtering = Blueprint("filtering", __name__)

OWN = ("f", "where")
"""Parts of a list's state that the panel writes anew."""


@filtering.get("/list/<entity>/filter")
@signed_in
def build(entity: str) -> Response:
    """Show the conditions of a list and add to them; sent back here it leads to the list with the new ones."""
    seen, place = opened(entity)
    do, asked = request.args.get("do", ""), None
    try:
        tree = tree_of(seen, place)
        if do == "text":
            return _shown(place, filters.check(seen, entity, request.args.get("text", "")))
        if do == "add":
            asked = _added(seen, place, tree)
            return _shown(place, filters.check(seen, entity, asked))
    except ExprError as error:
        return page(seen, place, error)
    return page(seen, place)


def refused(seen: Context, entity: str, error: ExprError) -> Response:
    """Show the panel of a list whose address holds an expression that cannot be used, with the place marked."""
    everything = list_address.of(entity) + "?view=" + EVERY
    return page(seen, list_address.read(seen, entity), error, back=everything)


def page(seen: Context, place: Place, error: ExprError | None = None, **more: Any) -> Response:
    """Return the panel: conditions, the parts of a new one, the text form, and what is wrong with what was sent."""
    entity, args = place.entity, request.args
    typed = args.get("text", "") if args.get("do") == "text" else place.state.get("where")
    in_text = error is not None and args.get("do") != "add"
    tree = _usable(seen, place) if in_text or error is not None else tree_of(seen, place)
    steps, path, source = filter_parts.steps(seen, entity, args)
    said = Words(seen, entity, tree)
    kind = seen.schema.entity(entity)
    return panel(
        "filter",
        _("Filter %(what)s", what=str(kind.plural)),
        place,
        status=422 if error is not None else 200,
        action=url_for("filtering.build", entity=entity),
        kept=place.pairs(),
        conditions=_conditions(place, tree, said),
        steps=steps,
        path=path,
        asked=filter_parts.controls(seen, source, args.get("op", "")) if source is not None else None,
        given=args,
        groups=_groups(tree, said),
        text=typed if in_text else filters.text_of(tree),
        problem=error.sentence if error is not None else "",
        in_text=in_text,
        marked=_marked(typed, error) if in_text and error is not None else None,
        **more,
    )


def chips(seen: Context, place: Place) -> list[dict[str, Any]]:
    """Return the conditions of a list as chips, the simple ones first; each leads to the list without it."""
    if not any(name in OWN for name, _text in place.state.pairs):
        return []
    short = place.state.every("f")
    simple = [listing_filters.tree(seen, place.entity, listing_filters.parse(text)) for text in short]
    parts = parts_of(filters.parse(place.state.get("where")))
    said = Words(seen, place.entity, *simple, *parts)
    without = [place.state.but(f=[text for m, text in enumerate(short) if m != n]) for n in range(len(short))]
    without += [
        place.state.but(where=filters.text_of(all_of(*_without(parts, n)))) for n in range(len(parts))
    ]
    return [
        {"url": place.to(state), "text": said.of(node), "removable": True}
        for state, node in zip(without, [*simple, *parts], strict=True)
    ]


def tree_of(seen: Context, place: Place) -> Node:
    """Return all conditions of a list, simple ones first, as one expression. Raises ExprError, Invalid."""
    simple = [
        listing_filters.tree(seen, place.entity, listing_filters.parse(text))
        for text in place.state.every("f")
    ]
    return filters.check(seen, place.entity, all_of(*simple, filters.parse(place.state.get("where"))))


def _usable(seen: Context, place: Place) -> Node:
    """Return the conditions of a list, or none when they are what is wrong."""
    try:
        return tree_of(seen, place)
    except ExprError:
        return filters.EVERYTHING


def _shown(place: Place, tree: Node) -> Response:
    state = place.state.but(f=(), where=filters.text_of(tree))
    return redirect(place.to(state), 303)  # type: ignore[return-value]


def _added(seen: Context, place: Place, tree: Node) -> Node:
    """Return the expression with one more condition: beside the others, or as an alternative to one of them."""
    _steps, path, source = filter_parts.steps(seen, place.entity, request.args)
    if source is None:
        raise ExprError(_("Choose a field first."))
    new = filter_parts.question(source, path, request.args)
    parts = list(parts_of(tree))
    into = request.args.get("into", "")
    if into.isascii() and into.isdecimal() and int(into) < len(parts):
        parts[int(into)] = any_of(parts[int(into)], new)
        return all_of(*parts)
    return all_of(*parts, new)


def _conditions(place: Place, tree: Node, said: Words) -> list[dict[str, Any]]:
    """Return the conditions with the address that takes each away; alternatives stand below one another."""
    parts = parts_of(tree)

    def to(rest: Sequence[Node]) -> str:
        return place.to(place.state.but(f=(), where=filters.text_of(all_of(*rest))))

    found = []
    for n, part in enumerate(parts):
        either = part.parts if isinstance(part, Or) else ()
        found.append(
            {
                "text": said.of(part),
                "url": to(_without(parts, n)),
                "either": [
                    {
                        "text": said.of(one, within=True),
                        "url": to([*parts[:n], any_of(*_without(either, m)), *parts[n + 1 :]]),
                    }
                    for m, one in enumerate(either)
                ],
            }
        )
    return found


def _without(parts: Sequence[Node], at: int) -> list[Node]:
    return [part for n, part in enumerate(parts) if n != at]


def _groups(tree: Node, said: Words) -> list[tuple[str, str]]:
    """Return where a new condition can go."""
    parts = parts_of(tree) if tree != And(()) else ()
    ways = [(str(n), _("or else: %(what)s", what=said.of(part))) for n, part in enumerate(parts)]
    return [("", _("all of them must hold")), *ways] if ways else []


def _marked(text: str, error: ExprError) -> tuple[str, str, str] | None:
    """Return the text before, at and after the place of an error."""
    if error.at < 0:
        return None
    end = error.at + max(1, error.length)
    return text[: error.at], text[error.at : end] or "…", text[end:]
