"""Every route says who may use it (S5): checked at start, and written out as a table that reviewers read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Flask

from app.services import grants
from app.services.roles import BUILTIN


class Undeclared(Exception):
    """A route does not say who may use it, or names a permission that nobody declares."""


def check(app: Flask) -> None:
    """Look at every route, plugins' too. Raises Undeclared with one line per route that is not in order."""
    with app.app_context():
        known = grants.rights()
    wrong = []
    for rule, methods, endpoint in routes(app):
        declared = getattr(app.view_functions[endpoint], "kith_access", None)
        if declared is None:
            wrong.append(f"{rule} ({endpoint}) needs @requires(…), @signed_in or @public(…)")
        elif declared[0] == "requires" and declared[1] not in known:
            wrong.append(f"{rule} ({endpoint}) requires “{declared[1]}”, which nobody declares")
        elif methods - {"GET", "POST"} and not getattr(app.view_functions[endpoint], "kith_methods", ""):
            wrong.append(f"{rule} ({endpoint}) takes {', '.join(sorted(methods))}; pages take GET and POST")
    if wrong:
        raise Undeclared("These routes cannot be used:\n" + "\n".join(wrong))


def routes(app: Flask) -> Iterator[tuple[str, set[str], str]]:
    """Yield path, methods (without HEAD and OPTIONS) and endpoint of every route, by path."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda r: (r.rule, r.endpoint, sorted(r.methods or ()))):
        yield rule.rule, set(rule.methods or ()) - {"HEAD", "OPTIONS"}, rule.endpoint


def matrix(app: Flask) -> Sequence[str]:
    """Return the table of routes × methods × built-in roles as lines of tab-separated cells, with a head."""
    with app.app_context():
        given = {role: grants.of_role(role, True, {}) for role in BUILTIN}
        lines = ["\t".join(("path", "methods", "declared", "anybody", *BUILTIN))]
        for rule, methods, endpoint in routes(app):
            how, what = getattr(app.view_functions[endpoint], "kith_access", ("undeclared", ""))
            cells = [given[role].get(what, "none") if how == "requires" else "yes" for role in BUILTIN]
            if how == "token":  # what it may do is its user's, within its scopes
                cells = ["by token"] * len(cells)
            anybody = "yes" if how == "public" else "no"
            lines.append(
                "\t".join((rule, " ".join(sorted(methods)), f"{how} {what}".strip(), anybody, *cells))
            )
    return lines
