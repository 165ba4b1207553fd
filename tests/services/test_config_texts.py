"""Definitions as text files: the same byte for byte elsewhere, compared before, refused as a whole when they do not fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import CustomField, Role, RoleGrant, SavedView
from app.services import config_applying, config_texts, custom_fields, own_types, stages, views
from app.services.config_texts import BadConfig
from app.services.context import HouseContext, as_system
from app.services.custom_fields import Values
from app.services.kinds import Values as Kind
from app.services.kinds import save as add_kind
from app.services.listing_state import State
from app.services.views import Wanted
from app.testing.factories import Make


def now() -> HouseContext:
    return as_system("test")


@pytest.fixture
def folder(app: Flask, make: Make, tmp_path: Path) -> Path:
    """The definitions of one house; the house is another one now, with the same roles and nothing else."""
    admin = make.user("administrator")
    ctx = make.ctx(admin)
    own_types.add(ctx, own_types.Values(label="Boat", plural="Boats"))
    ctx = make.ctx(admin)
    custom_fields.add(ctx, "x_boat", Values(label="Length", type="number", decimals=1))
    custom_fields.add(ctx, "contact", Values(label="Shoe size", only_if="stage = customer"))
    stages.save(ctx, None, stages.Values(label="Ambassador", tone="ok"))
    add_kind(ctx, None, Kind(label="Fax", icon="file-text", tone="sys"))
    state = State.of([("where", "stage = customer"), ("sort", "name")])
    views.create(ctx, "contact", Wanted(name="Customers", share="all", state=state))
    views.create(ctx, "contact", Wanted(name="Mine", state=state))
    config_texts.write(now(), tmp_path / "setup")
    db.session.remove()
    app.extensions["kith_baseline"].restore()
    make.user("administrator")
    return tmp_path / "setup"


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.toml"))}


def edit(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), "utf-8")


def names(model: Any) -> list[str]:
    return list(now().session.execute(select(model.name).order_by(model.name)).scalars())


def test_applied_elsewhere_and_exported_again_it_is_the_same(folder: Path, tmp_path: Path) -> None:
    assert config_applying.apply(now(), folder)
    config_texts.write(now(), tmp_path / "again")
    assert texts(tmp_path / "again") == texts(folder)
    assert config_applying.compare(now(), folder) == []
    ctx = now()
    assert ctx.schema.entity("x_boat").plural == "Boats"
    assert ctx.schema.field("contact", "x_shoe_size").label == "Shoe size"
    assert names(SavedView) == ["Customers"]


def test_what_would_change_is_shown_and_nothing_is_done(folder: Path) -> None:
    said = [str(one).splitlines()[0] for one in config_applying.compare(now(), folder)]
    assert any(one.startswith("+ custom_field") and one.endswith("(Shoe size)") for one in said)
    assert not any(one.startswith(("-", "~")) for one in said)
    assert names(CustomField) == []


def test_a_change_is_told_by_its_parts(folder: Path) -> None:
    config_applying.apply(now(), folder)
    edit(folder, "custom_field.toml", 'label = "Shoe size"', 'label = "Size of shoes"')
    (one,) = config_applying.compare(now(), folder)
    assert str(one).splitlines()[1:] == ['    label: "Shoe size" → "Size of shoes"']
    config_applying.apply(now(), folder)
    assert now().schema.field("contact", "x_shoe_size").label == "Size of shoes"


def test_nothing_is_removed_unless_it_is_said(folder: Path) -> None:
    config_applying.apply(now(), folder)
    (folder / "custom_field.toml").write_text("")
    with pytest.raises(BadConfig, match="2 definitions are not in the files"):
        config_applying.apply(now(), folder)
    assert len(names(CustomField)) == 2
    config_applying.apply(now(), folder, removing=True)
    gone = now().session.execute(select(CustomField.deleted_at)).scalars().all()
    assert len(gone) == 2  # with their values in the trash, for a while
    assert None not in gone


@pytest.mark.parametrize(
    ("name", "old", "new", "why"),
    [
        ("custom_field.toml", 'entity = "contact"', 'entity = "yacht"', "no kind of record “yacht” here"),
        (
            "field_rule.toml",
            "",
            '[[field_rule]]\nrole_id = "nobody"\nfield = "contact.note"\nmode = "hidden"\n',
            "role_id names 'nobody'",
        ),
        ("custom_field.toml", 'label = "Shoe size"', "label = 5", "label is 5"),
        ("custom_field.toml", 'label = "Shoe size"', 'label = "Shoe size', "cannot be read"),
        ("custom_field.toml", 'label = "Shoe size"', 'colour = "red"', "unknown column 'colour'"),
        ("own_type.toml", "[[own_type]]", "[[type]]", "may only hold blocks"),
    ],
)
def test_what_does_not_fit_is_refused_as_a_whole(
    folder: Path, name: str, old: str, new: str, why: str
) -> None:
    edit(folder, name, old, new)
    with pytest.raises(BadConfig, match=why):
        config_applying.apply(now(), folder)
    assert (names(CustomField), names(SavedView)) == ([], [])


def test_the_type_of_a_field_stays(folder: Path) -> None:
    config_applying.apply(now(), folder)
    edit(folder, "custom_field.toml", 'type = "text"', 'type = "number"')
    with pytest.raises(BadConfig, match="type stays 'text'"):
        config_applying.compare(now(), folder)


def test_rights_of_roles_follow_the_files_and_roles_that_came_with_kith_stay(folder: Path) -> None:
    said = """[[role_grant]]
role_id = "manager"
permission = "contact.export"
reach = "none"
"""
    (folder / "role_grant.toml").write_text(said)
    (folder / "role.toml").write_text("""[[role]]
name = "manager"
label = "manager"
builtin = true
needs_totp = true
""")
    config_applying.apply(now(), folder)
    assert _role("manager") == (True, ["contact.export"])
    for name in ("role_grant.toml", "role.toml"):
        (folder / name).write_text("")
    config_applying.apply(now(), folder, removing=True)
    assert _role("manager") == (False, [])


def _role(name: str) -> tuple[bool, list[str]]:
    row = now().session.execute(select(Role).where(Role.name == name)).scalar_one()
    query = select(RoleGrant.permission).where(RoleGrant.role_id == row.id).order_by(RoleGrant.permission)
    return row.needs_totp, list(now().session.execute(query).scalars())


def test_a_folder_without_definitions_is_none(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="no definitions in"):
        config_applying.compare(now(), tmp_path)
