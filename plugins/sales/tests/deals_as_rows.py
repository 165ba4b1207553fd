"""Deals for tests of forecasts and goals, written as rows: each stands exactly as the test says."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from app.sdk.models import User
from app.sdk.services import acting
from app.testing.factories import Make

from ..deals.models import Deal, Pipeline, Stage, StageChange

STAGES = (
    ("Qualify", "open", 10),
    ("Propose", "open", 50),
    ("Close", "open", 80),
    ("Won", "won", 100),
    ("Lost", "lost", 0),
)


class Selling:
    """A pipeline of its own, and deals in it."""

    def __init__(self, make: Make) -> None:
        self.make, self._numbers = make, count(1)
        self.ctx = make.ctx()
        with acting(self.ctx), self.ctx.unit():
            pipeline = Pipeline(name="Direct", currency="EUR", position=0)
            self.ctx.session.add(pipeline)
            self.ctx.session.flush()
            made = [
                Stage(pipeline_id=pipeline.id, name=name, outcome=outcome, probability=percent, position=n)
                for n, (name, outcome, percent) in enumerate(STAGES)
            ]
            self.ctx.session.add_all(made)
            self.ctx.session.flush()
            self.pipeline_id = pipeline.id
            self.stages = {stage.name: stage.id for stage in made}

    def deal(
        self, amount: str = "100", category: str = "commit", on: str = "2026-11-15", **values: Any
    ) -> Deal:
        """Write a deal; `stage` by its name, `owner` and `outcome` as they are; won and lost ones stand in their stages."""
        outcome = values.pop("outcome", "open")
        owner: User | None = values.pop("owner", None)
        stage = values.pop("stage", {"won": "Won", "lost": "Lost"}.get(outcome, "Qualify"))
        with acting(self.ctx), self.ctx.unit():
            made = Deal(
                name=values.pop("name", f"Deal {next(self._numbers)}"),
                pipeline_id=self.pipeline_id,
                stage_id=self.stages[stage],
                outcome=outcome,
                amount=Decimal(amount),
                amount_base=Decimal(amount),
                currency="EUR",
                category="closed" if outcome != "open" else category,
                close_on=on,
                owner_id=owner.id if owner else None,
                team_id=values.pop("team_id", owner.team_id if owner else None),
                **values,
            )
            self.ctx.session.add(made)
            self.ctx.session.flush()
        return made

    def change(self, deal: Deal, **values: Any) -> None:
        """Change columns of a deal."""
        with acting(self.ctx), self.ctx.unit():
            found = self.ctx.session.get(Deal, deal.id)
            for name, value in values.items():
                setattr(found, name, value)

    def moved(self, deal: Deal, *ways: tuple[str, str]) -> None:
        """Write how a deal went through stages, each with its day, the first being its beginning."""
        former, since = None, None
        with acting(self.ctx), self.ctx.unit():
            for day, name in ways:
                at = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC)
                self.ctx.session.add(
                    StageChange(
                        deal_id=deal.id,
                        from_stage_id=former,
                        to_stage_id=self.stages[name],
                        at=at,
                        days=(at - since).days if since else 0,
                        amount_base=deal.amount_base,
                        close_on=deal.close_on,
                    )
                )
                former, since = self.stages[name], at
