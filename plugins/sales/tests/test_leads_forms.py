from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.sdk import Context
from app.sdk.models import Contact
from app.testing.clients import Person, soup
from app.testing.factories import Make

from ..leads import intake, stamps, submissions
from ..leads.models import Lead, LeadForm, Submission

AsRole = Callable[..., Person]
ORIGIN = "https://www.example.org"


@pytest.fixture
def ctx(make: Make) -> Context:
    return make.ctx()


@pytest.fixture
def form(make: Make, ctx: Context) -> LeadForm:
    made: LeadForm = make("sales.lead_form", name="Roof", token="roof", channel="Website")
    with ctx.unit():
        made = ctx.session.merge(made)
        made.fields = [
            {"name": n, "label": n.title(), "needed": n == "email"}
            for n in ("person", "email", "message", "q1")
        ]
        made.origins = [ORIGIN]
        made.consent_text = "You may answer me."
    return made


@pytest.fixture
def stranger(app: Any) -> FlaskClient:
    client: FlaskClient = app.test_client()
    return client


def stamped(ctx: Context, seconds: float = 10) -> str:
    return stamps.fresh("roof", ctx.now - timedelta(seconds=seconds))


def send(stranger: FlaskClient, stamp: str, origin: str = "http://localhost", **values: str) -> Any:
    data = {
        "stamp": stamp,
        "person": "Eva Brandt",
        "email": "eva@brandt.example",
        "message": "Hello",
        **values,
    }
    return stranger.post("/sales/form/roof", data=data, headers={"Origin": origin})


def kept(ctx: Context) -> list[Submission]:
    ctx.session.expire_all()
    ctx.session.info["ctx"] = ctx  # a request has looked through other eyes
    return list(ctx.session.execute(select(Submission).order_by(Submission.id)).scalars())


def only_lead(ctx: Context) -> Lead:
    ctx.session.expire_all()
    ctx.session.info["ctx"] = ctx
    return ctx.session.execute(select(Lead)).scalar_one()


def count(ctx: Context, model: Any) -> int:
    ctx.session.expire_all()
    ctx.session.info["ctx"] = ctx
    return ctx.session.execute(select(func.count(model.id))).scalar() or 0


def test_a_stranger_becomes_a_lead_with_where_he_came_from(
    stranger: FlaskClient, form: LeadForm, ctx: Context
) -> None:
    page: Any = soup(stranger.get("/sales/form/roof?utm_source=news&utm_campaign=Spring&landing_page=/roofs"))
    told = {i["name"]: i["value"] for i in page.select("form input[type=hidden]")}

    answer = send(
        stranger, stamped(ctx), consent="1", q1="120 m²", **{k: v for k, v in told.items() if k != "stamp"}
    )

    assert answer.location == "/sales/form/roof/thanks"
    assert "Thank you" in stranger.get(answer.location).text
    lead = only_lead(ctx)
    assert (lead.name, lead.channel, lead.campaign) == ("Eva Brandt", "Website", "Spring")
    assert (lead.utm_source, lead.landing_page) == ("news", "/roofs")
    assert (lead.consent_text, lead.consent_at is not None) == ("You may answer me.", True)
    assert lead.message == "Hello\n\nQ1: 120 m²"
    assert kept(ctx)[0].state == "taken"


def test_the_same_page_sent_twice_makes_one_lead(stranger: FlaskClient, form: LeadForm, ctx: Context) -> None:
    stamp = stamped(ctx)
    first, second = send(stranger, stamp), send(stranger, stamp)
    assert first.location == second.location
    assert count(ctx, Lead) == 1


def test_the_answer_does_not_tell_whether_somebody_is_known(
    stranger: FlaskClient, form: LeadForm, ctx: Context, make: Make
) -> None:
    make.contact(given_name="Eva", family_name="B.", email="eva@brandt.example")
    known = send(stranger, stamped(ctx))
    new = send(stranger, stamped(ctx), email="new@brandt.example")
    assert (known.status_code, known.location) == (new.status_code, new.location)
    assert count(ctx, Contact) == 2


@pytest.mark.parametrize(
    ("values", "seconds", "why"),
    [({"homepage": "http://spam"}, 10, "do not see"), ({}, 1, "three seconds")],
)
def test_what_looks_like_spam_is_kept_and_can_still_become_a_lead(
    stranger: FlaskClient, form: LeadForm, ctx: Context, as_role: AsRole, values: Any, seconds: int, why: str
) -> None:
    answer = send(stranger, stamped(ctx, seconds), **values)

    assert answer.location == "/sales/form/roof/thanks"
    assert count(ctx, Lead) == 0
    (held,) = kept(ctx)
    assert why in held.why

    person = as_role("admin")
    assert "eva@brandt.example" in person.get("/sales/lead-rules/kept").text
    person.post(f"/sales/lead-rules/kept/{held.id}", {"do": "take"})
    assert count(ctx, Lead) == 1


def test_without_the_work_that_was_asked_for_it_is_kept_with_it_it_is_taken(
    stranger: FlaskClient, form: LeadForm, ctx: Context
) -> None:
    with ctx.unit():
        ctx.session.get_one(LeadForm, form.id).proof = True
    stamp = stamped(ctx)
    number = next(n for n in itertools.count() if stamps.is_proof(stamp, str(n)))

    send(stranger, stamped(ctx, 20))
    send(stranger, stamp, proof=str(number))

    assert [s.state for s in kept(ctx)] == ["held", "taken"]


def test_a_failure_is_kept_and_tried_again(
    stranger: FlaskClient, form: LeadForm, ctx: Context, monkeypatch: Any
) -> None:
    def fails(*args: Any) -> Any:
        raise LookupError("away")

    with monkeypatch.context() as broken:
        broken.setattr(submissions.intake, "create", fails)
        answer = send(stranger, stamped(ctx))
    assert answer.location == "/sales/form/roof/thanks"
    assert [s.state for s in kept(ctx)] == ["failed"]

    assert submissions.again(ctx, kept(ctx)[0].id)
    assert count(ctx, Lead) == 1


def test_plain_html_of_another_site_is_checked_once_more_here(
    stranger: FlaskClient, form: LeadForm, ctx: Context
) -> None:
    answer = stranger.post(
        "/sales/form/roof", data={"email": "eva@brandt.example"}, headers={"Origin": ORIGIN}
    )
    page: Any = soup(answer)
    assert answer.status_code == 200
    assert page.select_one("[name=email]")["value"] == "eva@brandt.example"
    assert page.select_one("[name=stamp]")["value"]
    assert count(ctx, Submission) == 0


def test_a_site_that_was_not_named_may_neither_send_nor_show_it(
    stranger: FlaskClient, form: LeadForm, ctx: Context
) -> None:
    assert send(stranger, stamped(ctx), origin="https://evil.example").status_code == 403
    policy = stranger.get("/sales/form/roof").headers["Content-Security-Policy"]
    assert f"frame-ancestors {ORIGIN}" in policy
    assert "frame-ancestors 'none'" in stranger.get("/login").headers["Content-Security-Policy"]


def test_fields_that_the_form_does_not_have_are_refused(
    stranger: FlaskClient, form: LeadForm, ctx: Context
) -> None:
    for name in ("owner_id", "status", "score"):
        assert send(stranger, stamped(ctx), **{name: "1"}).status_code == 422
    assert count(ctx, Lead) == 0


def test_what_is_missing_is_said_at_its_place(stranger: FlaskClient, form: LeadForm, ctx: Context) -> None:
    answer = send(stranger, stamped(ctx), email="nowhere")
    assert answer.status_code == 422
    assert "This is no e-mail address." in answer.text
    assert "Hello" in answer.text
    assert count(ctx, Submission) == 0


def test_too_many_and_too_large_are_refused(stranger: FlaskClient, form: LeadForm, ctx: Context) -> None:
    assert send(stranger, stamped(ctx), message="x" * 70_000).status_code == 413
    for n in range(14):
        last = send(stranger, stamped(ctx), email=f"p{n}@x.example")
    assert last.status_code == 429
    assert int(last.headers["Retry-After"]) > 0


def test_a_closed_form_and_a_forged_stamp(stranger: FlaskClient, form: LeadForm, ctx: Context) -> None:
    forged = send(stranger, "1.abc.00")
    assert "One more step" in forged.text
    with ctx.unit():
        ctx.session.get_one(LeadForm, form.id).active = False
    assert stranger.get("/sales/form/roof").status_code == 404
    assert send(stranger, stamped(ctx)).status_code == 404


def test_a_form_is_made_and_gives_its_html(as_role: AsRole, ctx: Context) -> None:
    person = as_role("manager")
    data = {
        "name": "Fair",
        "fields": ["person", "email"],
        "needed": ["email"],
        "questions": "How large is your roof? *",
        "origins": ORIGIN,
        "consent_text": "Yes",
        "active": "y",
    }

    done = person.post("/sales/lead-forms/new", data)

    assert done.status_code == 303
    page = person.get(done.location).text
    assert "&lt;form action=" in page
    assert "How large is your roof?" in page
    assert count(ctx, LeadForm) == 1
    made = ctx.session.execute(select(LeadForm).where(LeadForm.name == "Fair")).scalar_one()
    assert [f["needed"] for f in made.fields] == [False, True, True]
    assert person.post("/sales/lead-forms/new", {**data, "origins": "http://x"}).status_code == 422
    assert person.post("/sales/lead-forms/new", {**data, "fields": ["person"]}).status_code == 422


def test_what_was_sent_is_told_and_forgotten_with_the_person(
    ctx: Context, form: LeadForm, stranger: FlaskClient
) -> None:
    from ..leads import privacy

    send(stranger, stamped(ctx))
    lead = only_lead(ctx)
    contact_id = lead.contact_id or 0

    assert privacy.export(ctx, contact_id)[0]["values"]["email"] == "eva@brandt.example"
    with ctx.unit():
        privacy.erase(ctx, contact_id)
    assert kept(ctx) == []


def test_old_submissions_are_forgotten(ctx: Context, form: LeadForm, stranger: FlaskClient) -> None:
    send(stranger, stamped(ctx))
    ctx.now += timedelta(days=91)
    submissions.forget(ctx, {})
    assert kept(ctx) == []
    assert intake.entered(Lead(person="", email="", phone="", company="")) == {}


def test_a_form_made_without_its_page_has_an_address_and_asks_something(
    make: Make, stranger: FlaskClient
) -> None:
    """By a workflow or an import of another program, say."""
    made = make("sales.lead_form", name="Spring fair")
    assert len(made.token) == 16
    page: Any = soup(stranger.get(f"/sales/form/{made.token}"))
    assert [
        page.select_one(f"#f-{name}") is not None for name in ("person", "email", "message", "phone")
    ] == [
        True,
        True,
        True,
        False,
    ]
