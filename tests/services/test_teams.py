"""The tree of teams: no loops, no lost children, nobody left without the team."""

from __future__ import annotations

import pytest

from app.kernel.errors import Invalid, NotAllowed
from app.services import teams
from app.testing.factories import Make


def test_a_team_reaches_those_below_it(make: Make) -> None:
    make.team("West", parent="Sales")
    below = make.team("Lisbon", parent="West").id
    assert below in make.ctx(make.user(team="Sales")).user.teams
    assert make.team("Sales").id not in make.ctx(make.user(team="West")).user.teams


def test_the_tree_is_in_order_with_depths(make: Make) -> None:
    ctx = make.ctx()
    top = teams.save(ctx, None, "Sales", None)
    teams.save(ctx, None, "West", top)
    teams.save(ctx, None, "East", top)
    assert [(t.name, t.depth) for t in teams.tree(ctx)] == [("Sales", 0), ("East", 1), ("West", 1)]


def test_a_team_cannot_stand_below_itself(make: Make) -> None:
    ctx = make.ctx()
    top = teams.save(ctx, None, "Sales", None)
    below = teams.save(ctx, None, "West", top)
    for parent in (top, below):
        with pytest.raises(Invalid):
            teams.save(ctx, top, "Sales", parent)


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "sales"])
def test_a_name_is_needed_and_unique(make: Make, name: str) -> None:
    ctx = make.ctx()
    teams.save(ctx, None, "Sales", None)
    with pytest.raises(Invalid):
        teams.save(ctx, None, name, None)


def test_children_of_a_deleted_team_move_up(make: Make) -> None:
    ctx = make.ctx()
    top = teams.save(ctx, None, "Sales", None)
    middle = teams.save(ctx, None, "West", top)
    teams.save(ctx, None, "Lisbon", middle)
    teams.remove(ctx, middle)
    assert [(t.name, t.parent_id) for t in teams.tree(ctx)] == [("Sales", None), ("Lisbon", top)]


def test_a_team_with_people_is_not_deleted(make: Make) -> None:
    make.user(team="Sales")
    with pytest.raises(Invalid):
        teams.remove(make.ctx(), make.team("Sales").id)


def test_only_who_manages_users_changes_teams(make: Make) -> None:
    with pytest.raises(NotAllowed):
        teams.save(make.ctx(make.user("manager")), None, "Sales", None)
