"""Roles: stored as what differs from the rule, in force with the next request, no way to raise oneself."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.house import house
from app.kernel.errors import Invalid, NotAllowed, NotVisible
from app.models import LoginSession, RoleGrant
from app.services import roles, sessions
from app.services.roles import RoleChange
from app.testing.factories import Make


def test_the_built_in_roles_are_there_without_a_row(make: Make) -> None:
    ctx = make.ctx()
    assert [r.name for r in roles.all_of(ctx)] == ["administrator", "manager", "representative", "read_only"]
    assert roles.get(ctx, "read_only").grants["contact.view"] == "all"


def test_only_what_differs_from_the_rule_is_stored(make: Make) -> None:
    ctx = make.ctx()
    given = {"contact.view": "team", "contact.export": "own"}
    roles.update(ctx, "representative", RoleChange(label="x", grants=given))
    stored = ctx.session.execute(select(RoleGrant.permission, RoleGrant.reach)).all()
    assert [tuple(row) for row in stored] == [("contact.export", "own")]
    assert roles.get(ctx, "representative").grants["contact.export"] == "own"


def test_a_change_holds_for_the_next_context(make: Make) -> None:
    user = make.user("rep")
    assert make.ctx(user).may("contact.create")
    roles.update(make.ctx(), "representative", RoleChange(label="x", grants={"contact.create": "none"}))
    assert not make.ctx(user).may("contact.create")


def test_a_field_is_hidden_only_if_every_role_hides_it(make: Make) -> None:
    user, ctx = make.user("rep"), make.ctx()
    change = RoleChange(label="Careful", fields={"contact.birthday": "hidden"})
    name = roles.create(ctx, change)
    roles.give(ctx, user.id, [name])
    assert "contact.birthday" in make.ctx(user).user.hidden
    roles.give(ctx, user.id, [name, "representative"])
    assert "contact.birthday" not in make.ctx(user).user.hidden


@pytest.mark.parametrize(
    "change",
    [
        RoleChange(label=" "),
        RoleChange(label="x", grants={"contact.create": "own"}),
        RoleChange(label="x", grants={"contact.view": "everything"}),
        RoleChange(label="x", fields={"contact.nothing_there": "hidden"}),
        RoleChange(label="x", fields={"contact.birthday": "shouted"}),
    ],
)
def test_nonsense_is_refused(make: Make, change: RoleChange) -> None:
    with pytest.raises(Invalid):
        roles.create(make.ctx(), change)


def test_the_administrator_role_keeps_every_right(make: Make) -> None:
    ctx = make.ctx()
    roles.update(ctx, "administrator", RoleChange(label="x", grants={"contact.view": "none"}))
    assert roles.get(ctx, "administrator").grants["contact.view"] == "all"
    with pytest.raises(Invalid):
        roles.update(ctx, "administrator", RoleChange(label="x", fields={"contact.birthday": "hidden"}))


def test_only_who_may_change_roles_does(make: Make) -> None:
    with pytest.raises(NotAllowed):
        roles.update(make.ctx(make.user("manager")), "manager", RoleChange(label="x"))


def test_a_role_in_use_or_built_in_is_not_deleted(make: Make) -> None:
    user, ctx = make.user("rep"), make.ctx()
    name = roles.create(ctx, RoleChange(label="Night shift"))
    assert name == "night_shift"
    roles.give(ctx, user.id, [name])
    for role in (name, "manager"):
        with pytest.raises(Invalid):
            roles.remove(ctx, role)
    roles.give(ctx, user.id, ["representative"])
    roles.remove(ctx, name)
    with pytest.raises(NotVisible):
        roles.get(ctx, name)


def test_two_roles_of_one_name_get_two_keys(make: Make) -> None:
    ctx = make.ctx()
    assert roles.create(ctx, RoleChange(label="Manager")) != "manager"


def test_whoever_must_enrol_from_now_on_signs_in_anew(make: Make) -> None:
    user, ctx = make.user("rep"), make.ctx()
    sessions.start(ctx, user.id, sessions.FULL, house().config)
    roles.update(ctx, "representative", RoleChange(label="x", needs_totp=True))
    assert ctx.session.execute(select(LoginSession)).first() is None
