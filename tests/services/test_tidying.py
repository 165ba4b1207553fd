"""The nightly tidying: what has had its time goes, what is still needed stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.house import house
from app.models import Contact, EventRow, JobRow
from app.services import records, tidying, trash
from app.testing.factories import Make


def events(ctx: Any) -> int:
    return int(ctx.session.scalar(select(func.count()).select_from(EventRow)))


def test_delivered_events_are_forgotten_after_a_month_and_open_ones_are_kept(app: Flask, make: Make) -> None:
    for _number in range(3):
        make.contact()
    ctx = make.ctx()
    with ctx.unit():
        ctx.session.execute(update(EventRow).values(at=ctx.now - timedelta(days=31)))
        ids = ctx.session.execute(select(EventRow.id).order_by(EventRow.id)).scalars().all()
        waiting = {"name": "on:core:slow", "args": f'{{"events": [[{ids[-1]}, {ids[-1]}]]}}'}
        ctx.session.add(JobRow(**waiting, run_at=ctx.now, created_at=ctx.now, depth=1))
    tidying.tidy(make.ctx(), {})
    ctx = make.ctx()
    assert ctx.session.execute(select(EventRow.id)).scalars().all() == [ids[-1]]


def test_fresh_events_stay(app: Flask, make: Make) -> None:
    make.contact()
    before = events(make.ctx())
    tidying.tidy(make.ctx(), {})
    assert events(make.ctx()) == before > 0


def test_what_lies_long_in_the_trash_is_gone_for_good(
    app: Flask, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, young, kept = (make.contact().id for _number in range(3))
    ctx = make.ctx()
    records.trash(ctx, "contact", [old, young])
    with ctx.unit():
        ctx.session.execute(
            update(Contact).where(Contact.id == old).values(deleted_at=ctx.now - timedelta(days=31)),
            execution_options={"with_trash": True},
        )
    monkeypatch.setattr(tidying, "BATCH", 1)
    tidying.tidy(make.ctx(), {})
    left = select(Contact.id).order_by(Contact.id)
    found = make.ctx().session.execute(left, execution_options={"with_trash": True}).scalars().all()
    assert found == [young, kept]


def test_a_trash_without_a_term_is_never_emptied(
    app: Flask, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact, ctx = make.contact(), make.ctx()
    records.trash(ctx, "contact", [contact.id])
    kith = house(app)
    monkeypatch.setattr(kith, "config", replace(kith.config, trash_days=0))
    ctx.now += timedelta(days=900)
    tidying.tidy(ctx, {})
    assert [one.gone_at for one in trash.page(make.ctx())] == [None]
