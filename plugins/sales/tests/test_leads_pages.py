from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.sdk import Context
from app.sdk.services import interactions, records
from app.testing.clients import Person, soup
from app.testing.factories import Make

from ..deals.models import Deal
from ..leads import cases, clock, intake, ready
from ..leads.choices import LEAD
from ..leads.models import Lead

AsRole = Callable[..., Person]


@pytest.fixture
def ctx(make: Make) -> Context:
    made = make.ctx()
    ready.make_ready(made)
    return made


def arrive(ctx: Context, **values: Any) -> Lead:
    return intake.create(
        ctx, {"person": "Rosa Alves", "email": "rosa@alves.example", "phone": "+351 213 456 789", **values}
    )


def fresh(ctx: Context, lead: Lead) -> Lead:
    ctx.session.expire_all()
    ctx.session.info["ctx"] = ctx  # a request has looked through other eyes
    found: Lead = records.get(ctx, LEAD, lead.id)
    return found


def test_the_inbox_shows_who_waits_and_takes_him_with_one_tap(as_role: AsRole, ctx: Context) -> None:
    lead, person = arrive(ctx, topic="Roof"), as_role("rep", team="south")

    page: Any = soup(person.get("/sales/leads?view=free"))
    assert "Rosa Alves · Roof" in page.select_one("#leads").text
    done = person.post("/action/sales/claim_lead", {"id": lead.id, "next": "/sales/leads?view=mine"})

    assert done.location == "/sales/leads?view=mine"
    assert fresh(ctx, lead).owner_id == person.user.id  # type: ignore[union-attr]
    mine: Any = soup(person.get("/sales/leads"))
    assert mine.select_one('#leads a[href^="tel:"]')["href"] == "tel:+351213456789"


def test_a_lead_is_written_down_once(as_role: AsRole, ctx: Context) -> None:
    person = as_role("rep")
    form: Any = soup(person.get("/sales/leads/new"))
    nonce = form.select_one("[name=nonce]")["value"]
    data = {"nonce": nonce, "person": "Eva Brandt", "email": "eva@brandt.example", "topic": "Heat pump"}

    first, second = person.post("/sales/leads/new", data), person.post("/sales/leads/new", data)

    assert first.location == second.location
    page = person.get(first.location).text
    assert "Eva Brandt · Heat pump" in page
    assert "No rule has given points yet" not in page


def test_a_lead_about_nobody_is_asked_again(as_role: AsRole, ctx: Context) -> None:
    answer = as_role("rep").post("/sales/leads/new", {"nonce": "n", "contact_id": "", "topic": "Roof"})
    assert answer.status_code == 422
    assert "Write who this is about." in answer.text


def test_the_page_says_why_the_score_is_as_it_is(as_role: AsRole, ctx: Context) -> None:
    lead = arrive(ctx, message="Please call")
    page: Any = soup(as_role("admin").get(f"/sales/leads/{lead.id}"))
    told = page.select_one("#score").get_text(" ", strip=True)
    assert "Score 45" in told
    assert "Wrote a message" in told
    assert "+15" in told


def test_a_lead_becomes_a_deal_in_one_step_and_back(as_role: AsRole, ctx: Context) -> None:
    lead, person = arrive(ctx, topic="Roof", campaign="Spring"), as_role("admin")
    cases.claim(ctx, lead.id) if ctx.user.id else None

    done = person.post(
        f"/sales/leads/{lead.id}/qualify",
        {"name": "", "amount": "1200.50", "company": "Alves Lda", "check_budget": "Yes, 2000"},
    )

    assert done.status_code == 303
    found = fresh(ctx, lead)
    deal = ctx.session.get_one(Deal, found.deal_id)
    assert (found.status, found.checklist) == ("qualified", {"budget": "Yes, 2000"})
    assert (deal.name, deal.amount, deal.campaign) == ("Roof", Decimal("1200.50"), "Spring")
    assert deal.contact_id == lead.contact_id
    assert deal.company_id == cases.company_of(ctx, lead.contact_id)

    person.post(undo_of(person, done))

    found = fresh(ctx, lead)
    assert (found.status, found.deal_id) == ("new", None)
    assert ctx.session.get_one(Deal, deal.id, execution_options={"with_trash": True}).deleted_at is not None


def undo_of(person: Person, answer: Any) -> str:
    """Return the address that takes an action back, from the toast of the page it led to."""
    page: Any = soup(person.get(answer.location if "/sales/" in answer.location else "/"))
    return str(page.select_one('.toasts form[action^="/operations/"]')["action"])


def test_answers_can_be_saved_without_a_deal(as_role: AsRole, ctx: Context) -> None:
    lead = arrive(ctx)
    as_role("admin").post(
        f"/sales/leads/{lead.id}/qualify", {"only": "1", "name": "", "amount": "", "check_need": "Warm water"}
    )
    assert (fresh(ctx, lead).checklist, fresh(ctx, lead).status) == ({"need": "Warm water"}, "new")


def test_giving_up_needs_a_reason(as_role: AsRole, ctx: Context) -> None:
    lead, person = arrive(ctx), as_role("admin")
    without = person.post("/action/sales/drop_lead", {"id": lead.id, "sent": "1"})
    assert without.status_code == 422

    reason = cases.reasons(ctx)[0]
    person.post(
        "/action/sales/drop_lead", {"id": lead.id, "sent": "1", "reason_id": reason.id, "note": "gone"}
    )

    assert fresh(ctx, lead).status == "disqualified"
    assert fresh(ctx, lead).reason_id == reason.id


def test_one_tap_puts_a_lead_aside(as_role: AsRole, ctx: Context, make: Make) -> None:
    lead, person = arrive(ctx), as_role("admin")
    cases.hand_to(ctx, lead.id, make.user().id, "test")
    page: Any = soup(person.get(f"/sales/leads/{lead.id}"))
    fields = {i["name"]: i["value"] for i in page.select("#park input")}
    assert page.select_one("button[form=park]").text == "In 30 days"

    person.post("/action/sales/park_lead", fields)

    assert fresh(ctx, lead).status == "nurturing"


def test_what_was_put_aside_comes_back_on_its_day(ctx: Context) -> None:
    lead = arrive(ctx)
    cases.revive_in(ctx, lead.id, 3)
    cases.revive_due(ctx, {})
    assert fresh(ctx, lead).status == "nurturing"

    ctx.now += timedelta(days=3)
    cases.revive_due(ctx, {})

    assert (fresh(ctx, lead).status, fresh(ctx, lead).revive_on) == ("new", "")


def test_the_first_call_stops_the_clock(ctx: Context, make: Make) -> None:
    lead = arrive(ctx)
    assert lead.respond_by is not None
    entry = interactions.Entry(
        values={"kind": "call", "direction": "outbound", "occurred_at": ctx.now},
        contacts=[lead.contact_id or 0],
    )
    made = interactions.log(ctx, entry)

    clock.heard(ctx, [type("E", (), {"record_id": made.id})()])

    found = fresh(ctx, lead)
    assert found.status == "working"
    assert found.response_minutes == 0


def test_a_mail_from_outside_and_a_note_do_not_stop_it(ctx: Context) -> None:
    lead = arrive(ctx)
    for values in ({"kind": "email", "direction": "inbound"}, {"kind": "note"}):
        made = interactions.log(
            ctx, interactions.Entry(values={**values, "body": "x"}, contacts=[lead.contact_id or 0])
        )
        clock.heard(ctx, [type("E", (), {"record_id": made.id})()])
    assert fresh(ctx, lead).first_contact_at is None


def test_owners_are_warned_and_overseers_told_once(ctx: Context, make: Make, monkeypatch: Any) -> None:
    ana, boss = make.user("rep", team="north"), make.user("manager", team="north")
    lead = arrive(ctx)
    cases.hand_to(ctx, lead.id, ana.id, "test")
    told: list[tuple[str, list[int]]] = []
    monkeypatch.setattr(
        clock.notifications, "send", lambda c, whom, topic, *a, **k: told.append((topic, list(whom)))
    )

    lead = fresh(ctx, lead)
    with ctx.unit():
        lead.respond_by = ctx.now - timedelta(minutes=1)
    clock.watch(ctx, {})
    clock.watch(ctx, {})

    assert told == [("sales.lead_late", [ana.id, boss.id])]


def test_the_report_gives_median_and_percentile(as_role: AsRole, ctx: Context) -> None:
    for n, minutes in enumerate((10, 20, 90)):
        lead = arrive(ctx, email=f"p{n}@x.example", channel="Fair")
        with ctx.unit():
            lead.first_contact_at, lead.response_minutes = ctx.now, minutes
    page: Any = soup(as_role("admin").get("/sales/leads/report"))
    cells = [td.text for td in page.select("#g2 tbody td")]
    assert cells[:4] == ["3", "3", "20 minutes", "1 hour"]


def test_a_representative_sees_no_lead_of_another_team(as_role: AsRole, ctx: Context, make: Make) -> None:
    lead = arrive(ctx)
    cases.hand_to(ctx, lead.id, make.user("rep", team="north").id, "test")
    person = as_role("rep", team="south")
    assert person.get(f"/sales/leads/{lead.id}").status_code == 404
    assert "Rosa" not in person.get("/list/sales.lead").text


def test_markup_of_strangers_is_shown_as_text(as_role: AsRole, ctx: Context) -> None:
    lead = arrive(
        ctx, person="<script>alert(1)</script>", message="<img src=x onerror=alert(1)>", channel="<b>"
    )
    for path in (f"/sales/leads/{lead.id}", "/sales/leads?view=all", "/list/sales.lead"):
        text = as_role("admin").get(path).text
        assert "<script>alert(1)" not in text
        assert "<img src=x" not in text


@pytest.mark.parametrize(
    "path",
    [
        "/sales/leads",
        "/sales/leads/report",
        "/list/sales.lead",
        "/list/sales.lead?view=sales.late_leads",
        "/",
    ],
)
def test_pages_open_for_a_reader(as_role: AsRole, ctx: Context, path: str) -> None:
    arrive(ctx)
    assert as_role("readonly").get(path).status_code == 200


def test_the_panel_of_a_contact_and_the_card_of_today(as_role: AsRole, ctx: Context) -> None:
    lead, person = arrive(ctx, topic="Roof"), as_role("admin")
    panel = person.get(f"/panel/sales/contact_leads?on=contact:{lead.contact_id}", htmx=True).text
    card = person.get("/panel/sales/waiting_leads?on=", htmx=True).text
    assert "Roof" in panel
    assert "1 lead is nobody" in card


def test_leads_of_a_renamed_contact_are_found_by_the_new_name(
    as_role: AsRole, ctx: Context, make: Make
) -> None:
    """Also those of others whom the one who renames does not see."""
    lead = arrive(ctx, topic="Roof")
    ana = as_role("rep", team="south")
    with ctx.unit():
        records.update(ctx, "contact", lead.contact_id, {"owner_id": ana.user.id})
        records.update(ctx, "sales.lead", lead.id, {"owner_id": make.user("rep").id})

    records.update(make.ctx(ana.user), "contact", lead.contact_id, {"family_name": "Zacarias"})

    found = as_role("admin").get("/search?q=zacarias").text
    assert f"/sales/leads/{lead.id}" in found
    assert fresh(ctx, lead).name == "Rosa Zacarias · Roof"


def test_what_a_lead_wrote_first_stands_in_the_timelines_of_deal_and_contact(
    as_role: AsRole, ctx: Context, make: Make
) -> None:
    lead = arrive(ctx, topic="Roof", message="Our roof has 800 square metres")
    deal = cases.convert(ctx, lead.id, name="Roof of the bakery")
    other = make("sales.deal", name="Another", contact_id=lead.contact_id)
    person = as_role("admin")

    for path in (
        f"/contacts/{lead.contact_id}",
        f"/sales/deals/{deal.id}",
        f"/timeline/sales.deal/{deal.id}",
    ):
        entries: Any = soup(person.get(path)).select(".tl-b")
        assert any("Our roof has 800 square metres" in one.text for one in entries), path
    assert "800 square metres" not in person.get(f"/timeline/sales.deal/{other.id}").text
    assert "800 square metres" not in person.get(f"/timeline/sales.deal/{deal.id}?kind=call").text
    assert "800 square metres" not in person.get(f"/timeline/sales.lead/{lead.id}").text
