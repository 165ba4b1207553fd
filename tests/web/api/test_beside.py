"""What stands beside records: timeline, files, actions; and the search."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from app.testing.factories import Make
from app.testing.programs import Program

Programs = Callable[..., Program]


@pytest.fixture(scope="session")
def kith_plugins() -> tuple[str, ...]:
    """Records and entries of plugins are there, too."""
    return ("gifts", "sales")


def test_a_timeline_is_told_page_by_page(program: Programs) -> None:
    asking = program()
    ana = asking.make("contact", given_name="Ana")
    for n in range(5):
        asking.make(
            "interaction",
            kind="call",
            subject=f"Call {n}",
            occurred_at=f"2026-03-0{n + 1}T09:00:00Z",
            contacts=[ana["uid"]],
        )
    gift = asking.make("gifts.gift", name="Tulips", contact_id=ana["uid"], given_on="2026-03-03")
    assert gift["fields"]["contact_id"] == ana["uid"]
    path, seen = f"/contact/{ana['uid']}/timeline?limit=2", []
    after = ""
    while after is not None:
        found = asking.read(path + (f"&after={after}" if after else ""))
        seen += [e["subject"] for e in found["data"]]
        after = found["next"]
    assert [s for s in seen if s.startswith("Call")] == ["Call 4", "Call 3", "Call 2", "Call 1", "Call 0"]
    assert len(seen) == 6
    assert asking.get(f"{path}&after=x").status_code == 422
    assert asking.get(f"{path}&since=2026").status_code == 422


def test_files_are_put_on_a_record_and_fetched(program: Programs) -> None:
    asking = program()
    ana = asking.make("contact", given_name="Ana")
    path = f"/api/v1/contact/{ana['uid']}/files"
    told = {"Authorization": f"Bearer {asking.token}", "Idempotency-Key": "f1"}

    def send(key: str) -> Any:
        parts = {"file": (io.BytesIO(b"hello"), "offer.txt")}
        return asking.client.post(path, data=parts, headers={**told, "Idempotency-Key": key})

    made = send("f1")
    assert made.status_code == 201, made.text
    assert send("f1").json == made.json
    files = asking.read(f"/contact/{ana['uid']}/files")["data"]
    assert [(f["name"], f["size"]) for f in files] == [("offer.txt", 5)]
    fetched = asking.client.get(files[0]["url"], headers=told)
    assert fetched.data == b"hello"
    assert fetched.headers["Content-Disposition"].startswith("attachment")
    fetched.close()
    other = program("rep", team="north")
    assert other.get(f"/files/{files[0]['uid']}").status_code == 404
    assert asking.ask("DELETE", f"/files/{files[0]['uid']}").status_code == 204
    assert asking.read(f"/contact/{ana['uid']}/files")["data"] == []


def test_actions_that_are_offered_to_programs_are_run(program: Programs) -> None:
    asking = program()
    ana = asking.make("contact", given_name="Ana")
    offered = {a["name"]: a for a in asking.read(f"/contact/{ana['uid']}/actions")["data"]}
    assert {"name", "price"} <= {f["name"] for f in offered["gifts.note"]["asks"]}
    path = "/contact/actions/gifts.note"
    wrong = asking.ask("POST", path, {"uids": [ana["uid"]], "data": {}})
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "name")
    done = asking.ask("POST", path, {"uids": [ana["uid"]], "data": {"name": "Tulips", "given": True}})
    assert (done.status_code, done.json["changed"]) == (200, 1)
    assert asking.read("/gifts.gift")["data"][0]["title"] == "Tulips"
    assert asking.ask("POST", "/contact/actions/nothing", {"uids": [ana["uid"]]}).status_code == 404
    gone = asking.ask("POST", path, {"uids": ["0198c0de-0000-7000-8000-000000000000"], "data": {"name": "x"}})
    assert gone.status_code == 404
    readonly = program("readonly")
    assert readonly.ask("POST", path, {"uids": [ana["uid"]], "data": {"name": "x"}}).status_code == 403


def test_a_search_finds_what_a_person_finds(program: Programs, make: Make) -> None:
    make.contact(given_name="Ana", family_name="Lima")
    asking = program()
    found = asking.read("/search?q=lima")
    assert [(h["entity"], h["title"]) for g in found["groups"] for h in g["hits"]] == [
        ("contact", "Ana Lima")
    ]
    uid = found["groups"][0]["hits"][0]["uid"]
    assert asking.read(f"/contact/{uid}")["title"] == "Ana Lima"
    assert program("rep", team="north").read("/search?q=lima")["groups"] == []
    assert asking.get("/search?q=").status_code == 422
    assert asking.get("/search?q=x&entity=nothing").status_code == 404


def test_records_of_plugins_are_there_like_the_core_s(program: Programs) -> None:
    asking = program()
    acme = asking.make("company", name="Acme")
    deal = asking.make("sales.deal", name="Big one", company_id=acme["uid"], amount="1200.50")
    assert deal["fields"]["amount"] == "1200.50"
    assert deal["fields"]["company_id"] == acme["uid"]
    assert asking.read("/sales.deal?filter=company.name = Acme&fields=name")["data"][0]["uid"] == deal["uid"]
    assert asking.read("/company?fields=sales.open_deals")["data"][0]["fields"] == {"sales.open_deals": 1}
    assert asking.get("/sales.pipeline").status_code == 404


def test_figures_are_explained_and_told_to_programs(program: Programs) -> None:
    asking = program()
    asking.make("contact", given_name="Ana")
    told = {one["key"]: one for one in asking.read("/metrics")["data"]}
    assert told["contact_no_email"]["definition"].startswith("People whose record")
    now = asking.read("/metrics/contact_no_email")
    assert (now["value"], now["more"], now["unit"]) == ("1", False, "count")
    assert asking.get("/metrics/nothing").status_code == 404
