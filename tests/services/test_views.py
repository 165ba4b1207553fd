"""Views: who has which, what they show, and that asking for them costs nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from app.kernel.contributions import View
from app.kernel.errors import Invalid, NotAllowed, NotVisible
from app.kernel.hookspecs import Plugin, hookimpl
from app.services import roles, views
from app.services.listing_state import State
from app.services.views import EVERY, Wanted
from app.testing.factories import Make
from app.testing.plugins import temporary_plugin

STATE = State.of([("f", "owner_id:is:me"), ("sort", "-name,source"), ("cols", "name,source")])


def keys(ctx: Any, entity: str = "contact") -> list[str]:
    """The keys of the saved views that somebody has."""
    return [view.key for view in views.offered(ctx, entity) if view.id is not None]


def test_a_state_is_the_same_however_it_is_written() -> None:
    mixed = State.of(
        [("cols", "a"), ("f", "x"), ("after", "1"), ("f", "y"), ("f", "x"), ("q", ""), ("sort", "a")]
    )
    assert mixed.pairs == (("f", "x"), ("f", "y"), ("sort", "a"), ("cols", "a"))
    assert State.stored(mixed.json()) == mixed
    assert mixed.but(f=["z"], sort="").pairs == (("f", "z"), ("cols", "a"))
    assert mixed.query(after="2") == "f=x&f=y&sort=a&cols=a&after=2"


@pytest.mark.parametrize(
    "pairs", [[("f", f"name:is:{n}") for n in range(21)], [("where", "x" * 4001)], [("q", "a"), ("q", "b")]]
)
def test_no_filter_is_left_out_in_silence(pairs: Any) -> None:
    with pytest.raises(Invalid, match="too many filters"):
        State.of(pairs)


def test_a_private_view_is_nobody_elses(make: Make) -> None:
    mine, other = make.user("manager"), make.user("administrator")
    key = views.create(make.ctx(mine), "contact", Wanted(name="  Hot \n leads ", state=STATE))
    found = views.get(make.ctx(mine), "contact", key)
    assert (found.name, found.state, found.share) == ("Hot leads", STATE, "private")
    assert keys(make.ctx(other)) == []
    for act in (views.get, views.delete, views.duplicate):
        with pytest.raises(NotVisible):
            act(make.ctx(other), "contact", key)
    with pytest.raises(NotVisible):
        views.get(make.ctx(mine), "company", key)


def test_a_team_shares_a_view_and_others_do_not_have_it(make: Make) -> None:
    one, two = (make.user("representative", team="north") for _n in range(2))
    far = make.user("representative", team="south")
    north = one.team_id
    key = views.create(make.ctx(one), "contact", Wanted(name="Ours", share="team", team_id=north))
    assert (keys(make.ctx(two)), keys(make.ctx(far))) == ([key], [])
    with pytest.raises(NotAllowed):
        views.change(make.ctx(two), "contact", key, Wanted(name="Mine"))
    with pytest.raises(Invalid, match="teams"):
        views.create(make.ctx(far), "contact", Wanted(name="X", share="team", team_id=north))


def test_sharing_with_everybody_needs_the_right(make: Make) -> None:
    rep, manager, other = make.user("representative"), make.user("manager"), make.user("manager")
    with pytest.raises(NotAllowed):
        views.create(make.ctx(rep), "contact", Wanted(name="All", share="all"))
    key = views.create(make.ctx(manager), "contact", Wanted(name="All", share="all", pinned=True))
    assert keys(make.ctx(rep)) == [key]
    views.change(make.ctx(other), "contact", key, Wanted(name="Everybody's", share="all"))
    assert views.get(make.ctx(rep), "contact", key).name == "Everybody's"
    copy = views.duplicate(make.ctx(rep), "contact", key)
    assert views.get(make.ctx(rep), "contact", copy).share == "private"
    views.delete(make.ctx(manager), "contact", key)
    assert keys(make.ctx(rep)) == [copy]


@pytest.mark.parametrize(
    ("name", "share"), [("", "private"), (" \n", "private"), ("x" * 121, "private"), ("A", "x")]
)
def test_a_view_needs_a_name_of_some_length_and_somebody_to_use_it(name: str, share: str, make: Make) -> None:
    with pytest.raises(Invalid, match=r"\w+ \w+"):
        views.create(make.ctx(make.user("manager")), "contact", Wanted(name=name, share=share))


def test_a_list_opens_with_ones_own_choice_before_that_of_the_role(make: Make) -> None:
    admin, rep = make.user("administrator"), make.user("representative")
    key = views.create(make.ctx(admin), "contact", Wanted(name="All", share="all", state=STATE))
    views.set_role(make.ctx(admin), "contact", key, ["representative"])
    first = views.standard(make.ctx(rep), "contact")
    assert first is not None
    assert (first.key, views.standard(make.ctx(admin), "contact")) == (key, None)
    views.set_standard(make.ctx(rep), "contact", EVERY, on=True)
    assert views.standard(make.ctx(rep), "contact") is None
    views.set_standard(make.ctx(rep), "contact", "my_contacts", on=True)
    assert views.standard(make.ctx(rep), "contact").key == "my_contacts"  # type: ignore[union-attr]
    with pytest.raises(NotAllowed):
        views.set_role(make.ctx(rep), "contact", key, ["manager"])


def test_a_role_opens_only_with_what_everybody_may_use(make: Make) -> None:
    ctx = make.ctx(make.user("administrator"))
    key = views.create(ctx, "contact", Wanted(name="Mine"))
    with pytest.raises(Invalid, match="Share"):
        views.set_role(ctx, "contact", key, ["manager"])


def test_columns_are_kept_for_one_person_and_list(make: Make) -> None:
    one, two = make.user("representative"), make.user("representative")
    views.set_columns(make.ctx(one), "contact", ["name", "tags"])
    assert views.columns(make.ctx(one), "contact") == ("name", "tags")
    assert views.columns(make.ctx(one), "company") == views.columns(make.ctx(two), "contact") == ()
    views.set_columns(make.ctx(one), "contact", [])
    assert views.columns(make.ctx(one), "contact") == ()


def test_views_cost_no_statement_once_they_are_known(make: Make, queries: Callable[[], Any]) -> None:
    ctx = make.ctx(make.user("representative", team="north"))
    views.offered(ctx, "contact")
    with queries() as seen:
        views.offered(ctx, "contact"), views.standard(ctx, "company"), views.columns(ctx, "task")
    assert seen == []


def test_what_a_failed_change_left_is_not_remembered(make: Make) -> None:
    user = make.user("manager")
    ctx = make.ctx(user)

    def fail() -> None:
        with ctx.unit():
            views.create(ctx, "contact", Wanted(name="Never"))
            views.offered(ctx, "contact")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert keys(make.ctx(user)) == []


class Sights(Plugin):
    """A plugin with a view, one of them for those with a right that nobody has."""

    name = "sights"
    label = "Sights"

    @hookimpl
    def kith_views(self) -> Any:
        return (
            View(name="fresh", label="Fresh", on="contact", sort="-created_at", roles=("manager",)),
            View(name="secret", label="Secret", on="contact", permission="sights.secret"),
        )


def test_a_plugin_declares_views(app: Flask, make: Make) -> None:
    manager = make.user("manager")
    with temporary_plugin(app, Sights):
        ctx = make.ctx(manager)
        assert views.get(ctx, "contact", "sights.fresh").state.get("sort") == "-created_at"
        assert views.standard(ctx, "contact").key == "sights.fresh"  # type: ignore[union-attr]
        with pytest.raises(NotVisible):
            views.get(ctx, "contact", "sights.secret")
    assert views.standard(make.ctx(manager), "contact") is None


def test_a_role_that_was_made_here_has_views_too(make: Make) -> None:
    name = roles.create(make.ctx(), roles.RoleChange(label="Guest", grants={"contact.view": "all"}))
    ctx = make.ctx(make.user(name))
    assert "my_contacts" in [view.key for view in views.offered(ctx, "contact")]
    ctx.user = replace(ctx.user, grants={}, memo={})
    with pytest.raises(NotAllowed):
        views.create(ctx, "contact", Wanted(name="X"))
