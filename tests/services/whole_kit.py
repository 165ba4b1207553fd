"""A house with something of everything, to be exported and taken in elsewhere."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from app import i18n
from app.demo import build as demo
from app.extensions import db
from app.house import house
from app.kernel import guard
from app.models import Contact, DuplicatePair, Setting
from app.services import (
    attachments,
    custom_fields,
    dedupe_merging,
    kinds,
    own_types,
    principals,
    records,
    secrets,
    settings,
    stages,
    typed_json,
    views,
)
from app.services.attachments import Upload
from app.services.context import HouseContext, as_system, for_user
from app.services.custom_fields import Values
from app.services.listing_state import State
from app.services.views import Wanted

PLUGINS = ("gifts", "sales")
SECRET = "the password of the mail server"


@contextmanager
def inside(app: Flask) -> Iterator[HouseContext]:
    """Be in one of several applications of a test: its guard, its words, a context that may do everything."""
    kept = app.extensions["kith_guard"]
    for one in dataclasses.fields(kept):
        setattr(guard._installed, one.name, getattr(kept, one.name))
    principals.system.cache_clear()
    i18n.forget()
    with app.app_context():
        ctx = as_system("test")
        house(app).host.refresh(ctx.epoch[0])
        try:
            yield ctx
        finally:
            db.session.remove()


def fill(app: Flask) -> None:
    """Put something of everything into an empty house."""
    with inside(app) as ctx, pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "CONTACTS", 60)
        demo.build(ctx)
    with inside(app) as ctx:
        ctx.source = "demo"
        assert house(app).host.demo(ctx, ctx) == []
    with inside(app) as ctx:
        first = ctx.session.execute(select(Contact.owner_id).order_by(Contact.id)).scalars().first()
        _define(ctx)
    with inside(app) as ctx:
        mentor = _use(ctx, first)
    with inside(app) as ctx:
        _people(ctx, first, mentor)


def _define(ctx: Any) -> None:
    with ctx.unit():
        own_types.add(ctx, own_types.Values(label="Boat", plural="Boats"))
        custom_fields.add(ctx, "contact", Values(label="Shoe size", type="number", decimals=1))
        custom_fields.add(ctx, "contact", Values(label="Mentor", type="ref", ref="contact"))
        custom_fields.add(ctx, "contact", Values(label="Signed", type="time"))
        custom_fields.add(ctx, "contact", Values(label="Buddy", type="user"))
        custom_fields.add(ctx, "contact", Values(label="Contract", type="file"))
        kinds.save(ctx, None, kinds.Values(label="Fax", icon="file-text", tone="sys"))
        stages.save(ctx, None, stages.Values(label="Ambassador", tone="ok"))


def _use(ctx: Any, user: Any) -> int:
    with ctx.unit():
        custom_fields.add(ctx, "x_boat", Values(label="Skipper", type="ref", ref="contact"))
        ids = ctx.session.execute(select(Contact.id).order_by(Contact.id.desc()).limit(9)).scalars().all()
        names = {f.label: f.key for f in ctx.schema.fields("contact")}
        given = {
            names["Shoe size"]: "43.5",
            names["Mentor"]: ids[1],
            names["Signed"]: ctx.now,
            names["Buddy"]: user,
        }
        records.update(ctx, "contact", ids[0], given)
        records.create(ctx, "x_boat", {"name": "Aurora"})
        ctx.session.add(
            DuplicatePair(entity="contact", left_id=ids[2], right_id=ids[3], score=90, found_at=ctx.now)
        )
        ctx.session.add(Setting(owner="odd", key="plain", user_id=user, value='{"deep": [1, "é"]}'))
        sealed = secrets.seal(SECRET, bound=secrets.place("mail", "password", 0))
        ctx.session.add(Setting(owner="mail", key="password", value=typed_json.dump({"inner": [sealed]})))
        settings.bump(ctx, "settings")
    return int(ids[1])


def _people(ctx: Any, user: Any, mentor: int) -> None:
    mine = for_user(user, source="web")
    ids = (
        mine.session.execute(select(Contact.id).where(Contact.owner_id == user).order_by(Contact.id).limit(9))
        .scalars()
        .all()
    )
    with ctx.unit():
        boat = ctx.session.execute(select(ctx.schema.entity("x_boat").model.id)).scalar_one()
        records.update(ctx, "x_boat", boat, {"x_skipper": ids[0]})
    picture = io.BytesIO()
    Image.new("RGB", (640, 400), "#446").save(picture, "PNG")
    attachments.attach(ctx, "contact", ids[0], [Upload(name="boat.png", data=picture.getvalue())])
    contract = attachments.hold(mine, Upload(name="Contract.pdf", data=b"%PDF-1.4 ours"))
    records.update(mine, "contact", ids[0], {"x_contract": contract})
    attachments.hold(mine, Upload(name="never-sent.pdf", data=b"%PDF-1.4 never"))
    shown = State.of(
        [("f", f"owner:is:{user}"), ("where", f"x_mentor = {mentor} and owner != {user + 100_000}")]
    )
    key = views.create(mine, "contact", Wanted(name="Mentored", share="private", state=shown))
    views.set_standard(mine, "contact", key, on=True)
    dedupe_merging.merge(ctx, "contact", [ids[2], ids[3]], {})
    with ctx.unit():
        records.trash(ctx, "contact", [ids[4]])


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return what is in each file of a folder."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }
