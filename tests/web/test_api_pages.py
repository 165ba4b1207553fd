"""The pages that explain the API: made from its document, for whoever reads them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.testing.clients import Person, soup


@pytest.fixture(scope="session")
def kith_plugins() -> tuple[str, ...]:
    """Records of plugins are explained like the core's."""
    return ("gifts", "sales")


def test_every_kind_of_record_has_its_page(as_role: Callable[..., Person]) -> None:
    reader = as_role("admin")
    links = [str(a["href"]) for a in soup(reader.get("/api")).select("#kinds a")]
    assert "/api/contact" in links
    assert "/api/sales.deal" in links
    for link in links:
        page = reader.get(link)
        assert page.status_code == 200
        assert len(soup(page).select("#operations li")) >= 5


def test_a_page_tells_fields_and_operations(as_role: Callable[..., Person]) -> None:
    page = soup(as_role("admin").get("/api/contact"))
    told = {li.code.text: li.get_text(" ", strip=True) for li in page.select("#fields li") if li.code}
    assert "text" in told["given_name"]
    assert "list of Reach" in told["emails"]
    assert "read only" in told["created_at"]
    assert "customer" in told["lifecycle_stage"]
    asked = page.select_one("#operations")
    assert asked is not None
    assert "PATCH" in asked.text


def test_what_a_reader_may_not_do_is_not_told(as_role: Callable[..., Person]) -> None:
    asked = soup(as_role("readonly").get("/api/contact")).select_one("#operations")
    assert asked is not None
    assert "GET" in asked.text
    assert "PATCH" not in asked.text
    assert as_role("readonly").get("/api/nothing").status_code == 404
    assert as_role(None).get("/api").status_code == 303
