"""The dictionary of metrics: one definition for pages and programs, and a figure only from what somebody sees."""

from __future__ import annotations

from typing import Any

import pytest

from app.kernel.errors import NotVisible
from app.kernel.hookspecs import Plugin, hookimpl
from app.kernel.metrics import Metric
from app.services import hygiene, metrics
from app.testing.clients import soup
from app.testing.factories import Make
from app.testing.plugins import temporary_plugin


def test_every_number_of_the_data_quality_is_explained(make: Make, as_role: Any) -> None:
    make.contact(given_name="Ana", email="ana@example.org")
    make.contact(given_name="Ben")
    admin = as_role("admin")

    page = soup(admin.get("/hygiene?count=all"))
    marks = {a["href"]: a["title"] for a in page.select("a[href^='/metrics-explained#']")}
    assert len(marks) == len(hygiene.CHECKS)
    words = soup(admin.get("/metrics-explained"))
    for address, definition in marks.items():
        key = address.partition("#")[2]
        assert words.find(id=key).dd.get_text() == definition


def test_a_figure_counts_what_the_asking_person_sees(make: Make) -> None:
    make.contact(given_name="Ben")
    admin = make.ctx(make.user("administrator"))
    found = metrics.find(admin, "contact_no_email")
    assert metrics.figure(admin, found).value == 1
    rep = make.ctx(make.user("rep", team="north"))
    assert metrics.figure(rep, metrics.find(rep, "contact_no_email")).value == 0


def test_plugins_bring_figures_and_one_that_fails_is_none(make: Make, app: Any) -> None:
    def broken(ctx: Any) -> int:
        raise RuntimeError("no")

    class Sums(Plugin):
        """Figures for a test."""

        name = "sums"

        @hookimpl
        def kith_reports(self) -> Any:
            return (
                Metric(name="most", label="Most", definition="All there is.", value=lambda ctx: 12, cap=10),
                Metric(name="bad", label="Bad", definition="What breaks.", value=broken),
                Metric(name="kept", label="Kept", definition="Not yours.", permission="sums.nobody"),
            )

    with temporary_plugin(app, Sums):
        ctx = make.ctx(make.user("rep"))
        most = metrics.figure(ctx, metrics.find(ctx, "sums.most"))
        assert (most.value, most.more) == (10, True)
        assert metrics.figure(ctx, metrics.find(ctx, "sums.bad")).value is None
        with pytest.raises(NotVisible):
            metrics.find(ctx, "sums.kept")
