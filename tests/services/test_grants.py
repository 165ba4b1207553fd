"""What the built-in roles may, by rule: new entities and permissions without a migration."""

from __future__ import annotations

import pytest
from flask import Flask

from app.kernel.contributions import Permission
from app.services import grants


@pytest.mark.parametrize(
    ("role", "permission", "reach"),
    [
        ("administrator", "admin.roles", "all"),
        ("administrator", "something.nobody_declared_yet", "all"),
        ("manager", "contact.export", "all"),
        ("manager", "company.bulk", "all"),
        ("manager", "admin.users", "none"),
        ("representative", "contact.view", "team"),
        ("representative", "contact.create", "all"),
        ("representative", "interaction.delete", "own"),
        ("representative", "contact.bulk", "team"),
        ("representative", "contact.export", "none"),
        ("representative", "contact.assign", "none"),
        ("read_only", "contact.view", "all"),
        ("read_only", "contact.edit", "none"),
        ("one_of_our_own", "contact.view", "none"),
    ],
)
def test_defaults(app: Flask, role: str, permission: str, reach: str) -> None:
    builtin = role != "one_of_our_own"
    assert grants.of_role(role, builtin, {}).get(permission, "none") == reach


def test_a_stored_grant_overrides_the_rule_but_not_the_administrators(app: Flask) -> None:
    stored = {"contact.view": "none", "contact.export": "own"}
    found = grants.of_role("manager", True, stored)
    assert "contact.view" not in found
    assert found["contact.export"] == "own"
    assert grants.of_role("administrator", True, stored)["contact.view"] == "all"


def test_a_plugins_permission_goes_to_the_roles_it_names() -> None:
    declared = Permission(name="see_all", owner="sales", roles=("manager",))
    right = grants.Right(declared.key, "", roles=declared.roles)
    assert [grants.default(r, right) for r in ("administrator", "manager", "representative")] == [
        "all",
        "all",
        "none",
    ]


def test_roles_add_up(app: Flask) -> None:
    total = grants.added([{"contact.view": "own", "contact.edit": "team"}, {"contact.view": "all"}])
    assert total == {"contact.view": "all", "contact.edit": "team"}
    assert isinstance(grants.added([{}, grants.Everything()]), grants.Everything)


def test_creating_has_no_reach_of_its_own(app: Flask) -> None:
    rights = grants.rights()
    assert rights["contact.create"].reaches == ("none", "all")
    assert rights["contact.view"].reaches == grants.REACHES
    assert rights["admin.users"].reaches == ("none", "all")
