"""Work that is tried: what it would refuse is told, nothing of it stays, also within other work."""

from __future__ import annotations

from sqlalchemy import func, select

from app.kernel.errors import Invalid, Refuse
from app.models import Company, EventRow
from app.services import records, trial
from app.testing.factories import Make


def counts(make: Make) -> tuple[int | None, int | None]:
    session = make.ctx().session
    return tuple(session.scalar(select(func.count()).select_from(of)) for of in (Company, EventRow))  # type: ignore[return-value]


def test_what_would_be_refused_is_told_and_nothing_stays(make: Make) -> None:
    ctx = make.ctx()
    before = counts(make)

    def work() -> None:
        records.create(ctx, "company", {"name": "Lima & Filhos"})
        records.create(ctx, "company", {"name": ""})

    assert trial.problems(ctx, work) == {"name": "Name is needed."}
    assert trial.problems(ctx, lambda: records.create(ctx, "company", {"name": "Acme"})) == {}
    assert counts(make) == before
    assert ctx.topics == []


def test_what_somebody_else_objects_to_is_left_to_the_change_itself(make: Make) -> None:
    def refused() -> None:
        raise Refuse("Not today.")

    assert trial.problems(make.ctx(), refused) == {}


def test_within_other_work_that_work_stays(make: Make) -> None:
    ctx = make.ctx()

    def wrong() -> None:
        records.create(ctx, "company", {"name": "Zeta"})
        raise Invalid({"name": "No."})

    with ctx.unit():
        records.create(ctx, "company", {"name": "Acme"})
        assert trial.problems(ctx, wrong) == {"name": "No."}

    assert make.ctx().session.scalars(select(Company.name).order_by(Company.id)).all() == ["Acme"]
