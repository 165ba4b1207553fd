"""Users: created, invited, changed, deactivated; nobody raises himself or locks everybody out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from app.house import house
from app.kernel.errors import Invalid, NotAllowed
from app.models import AuditRow, JobRow, User
from app.services import accounts, credentials, sealing, sessions
from app.testing.factories import Make

PASSWORD = "four words in a row"
HERE = credentials.Place("203.0.113.7", "test")


def valid(make: Make, user_id: int) -> bool:
    """Whether a session of a user, opened before, is still good."""
    ctx = make.ctx()
    token = sessions.start(ctx, user_id, sessions.FULL, house().config)
    return sessions.read(ctx.session, token, house().config, ctx.now)[0] is not None


def test_a_created_user_signs_in_by_any_spelling_of_the_address(make: Make) -> None:
    ctx = make.ctx()
    user_id = accounts.create_user(ctx, "Ana  Lima", "Ana@ACME.pt", PASSWORD, ["manager"], "")
    assert credentials.authenticate(ctx, " ana@acme.PT ", PASSWORD, HERE) == user_id
    assert credentials.authenticate(ctx, "ana@acme.pt", PASSWORD + "!", HERE) is None
    assert accounts.get(ctx, user_id).name == "Ana Lima"


@pytest.mark.parametrize(
    ("name", "email", "field"),
    [("", "ana@acme.pt", "name"), ("Ana", "no address", "email"), ("Ana", "TAKEN@acme.pt", "email")],
)
def test_a_user_needs_a_name_and_an_own_address(make: Make, name: str, email: str, field: str) -> None:
    make.user(email="taken@acme.pt")
    with pytest.raises(Invalid) as caught:
        accounts.create_user(make.ctx(), name, email, PASSWORD)
    assert field in caught.value.problems


def test_an_unknown_role_or_team_is_refused(make: Make) -> None:
    for wrong in ({"roles": ["emperor"]}, {"team": "Nowhere"}):
        with pytest.raises(Invalid):
            accounts.create_user(make.ctx(), "Ana", "ana@acme.pt", PASSWORD, **wrong)  # type: ignore[arg-type]


def test_an_invitation_makes_a_user_who_chooses_the_password(make: Make) -> None:
    ctx = make.ctx()
    url = accounts.invite(ctx, "Ana", "ana@acme.pt", ["representative"])
    token = url.rpartition("/")[2]
    user_id = accounts.accept(ctx, token, "Ana Lima", PASSWORD)
    assert accounts.get(ctx, user_id).state == "active"
    with pytest.raises(Invalid):
        accounts.accept(ctx, token, "Eve", PASSWORD)
    assert "mail.send" in ctx.session.execute(select(JobRow.name)).scalars().all()


def test_who_manages_users_gives_no_more_than_he_has(make: Make) -> None:
    from app.services import roles

    name = roles.create(make.ctx(), roles.RoleChange(label="Office", grants={"admin.users": "all"}))
    office = make.ctx(make.user(name))
    with pytest.raises(NotAllowed):
        accounts.create_user(office, "Eve", "eve@acme.pt", PASSWORD, ["administrator"])
    with pytest.raises(NotAllowed):
        accounts.set_password(office, make.user("administrator").id, PASSWORD)
    accounts.create_user(office, "Bob", "bob@acme.pt", PASSWORD, [name])


def test_the_last_administrator_stays(make: Make) -> None:
    ctx = make.ctx()
    last = accounts.create_user(ctx, "Ana", "ana@acme.pt", PASSWORD, ["administrator"])
    with pytest.raises(Invalid):
        accounts.deactivate(ctx, last)
    with pytest.raises(Invalid):
        accounts.change(ctx, last, name="Ana", email="ana@acme.pt", role_names=["manager"], team=None)
    accounts.create_user(ctx, "Bob", "bob@acme.pt", PASSWORD, ["administrator"])
    accounts.deactivate(ctx, last)


def test_deactivation_ends_everything_and_hands_over(make: Make) -> None:
    ana, bob = make.user(email="ana@acme.pt"), make.user()
    contact = make.contact(owner=ana)
    ctx = make.ctx()
    token = sessions.start(ctx, ana.id, sessions.FULL, house().config)
    assert accounts.deactivate(ctx, ana.id, bob.id)["contact"] == 1
    assert sessions.read(ctx.session, token, house().config, ctx.now)[0] is None
    assert not valid(make, ana.id)
    ctx.session.refresh(contact)
    assert contact.owner_id == bob.id
    accounts.reactivate(ctx, ana.id)
    assert valid(make, ana.id)


def test_nobody_deactivates_himself(make: Make) -> None:
    admin = make.user("administrator")
    with pytest.raises(Invalid):
        accounts.deactivate(make.ctx(admin), admin.id)


def test_new_roles_end_the_sessions(make: Make) -> None:
    user, ctx = make.user("rep"), make.ctx()
    token = sessions.start(ctx, user.id, sessions.FULL, house().config)
    accounts.change(ctx, user.id, name="Ana", email=user.email, role_names=["manager"], team=None)
    assert sessions.read(ctx.session, token, house().config, ctx.now)[0] is None
    assert make.ctx(user).may("contact.export")


def test_the_first_user_needs_the_token_and_is_the_only_one(make: Make) -> None:
    ctx = make.ctx()
    token = accounts.setup_token()
    assert re.fullmatch(r"[a-z2-7]{24}", token)
    with pytest.raises(Invalid):
        accounts.set_up(ctx, "a" * 24, "Ana", "ana@acme.pt", PASSWORD)
    user_id = accounts.set_up(ctx, token.upper() + " ", "Ana", "ana@acme.pt", PASSWORD)
    assert accounts.get(ctx, user_id).roles == ("administrator",)
    with pytest.raises(NotAllowed):
        accounts.set_up(ctx, token, "Eve", "eve@acme.pt", PASSWORD)


def test_a_password_stands_nowhere(make: Make) -> None:
    ctx = make.ctx()
    user_id = accounts.create_user(ctx, "Ana", "ana@acme.pt", PASSWORD)
    credentials.authenticate(ctx, "ana@acme.pt", "a wrong password, typed", HERE)
    rows: list[Any] = [ctx.session.get_one(User, user_id), *ctx.session.execute(select(AuditRow)).scalars()]
    shown = "".join(repr(vars(row)) for row in rows)
    assert PASSWORD not in shown
    assert "typed" not in shown


def test_mails_are_sealed_until_they_are_sent(make: Make) -> None:
    ctx = make.ctx()
    url = accounts.invite(ctx, "Ana", "ana@acme.pt")
    job = ctx.session.execute(select(JobRow.args).where(JobRow.name == "mail.send")).scalar_one()
    assert url.rpartition("/")[2] not in job
    assert sealing.keys("mail")
