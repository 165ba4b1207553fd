"""Cards dragged with a finger, in a Chromium with a touch screen: held, lifted, carried to another column, dropped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from waitress.server import create_server

from app.sdk.services import records
from app.testing.clients import Person
from app.testing.factories import Make

from ..deals import service, stages

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    server = create_server(app, host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    server.task_dispatcher.shutdown()
    thread.join(5)


@pytest.fixture
def board(as_role: Callable[..., Person], site: str, browser: Any) -> Iterator[Any]:
    """A page with the board of an administrator, on a phone."""
    cookie = as_role("admin").client.get_cookie("kith")
    assert cookie is not None
    context = browser.new_context(**PHONE, base_url=site)
    context.add_cookies([{"name": "kith", "value": cookie.value, "url": site}])
    yield context.new_page()
    context.close()


def touching(page: Any) -> Callable[..., None]:
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *at: float) -> None:
        points = [{"x": at[0], "y": at[1]}] if at else []
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    return touch


def test_a_card_is_carried_to_the_next_column_by_a_finger(board: Any, make: Make) -> None:
    ctx = make.ctx()
    deal = service.open_deal(ctx, {"name": "Roof", "contact_id": make.contact().id})
    records.update(ctx, "sales.deal", deal.id, {"checked": ["The need is understood"]})
    deal_id = deal.id
    to = next(stage.id for stage in stages.known(ctx).stages if stage.name == "Needs analysed")
    board.goto("/sales/board")
    box = board.locator(f"#d{deal_id}").bounding_box()
    x, y = box["x"] + 100, box["y"] + box["height"] - 12
    touch = touching(board)

    touch("touchStart", x, y)
    board.wait_for_selector(".card.lifted")
    touch("touchMove", 380, y)  # at the edge, where the next column looks in
    board.wait_for_selector(f"#st{to}.over-drop")
    with board.expect_response(lambda answer: answer.request.method == "POST") as posted:
        touch("touchEnd")

    assert posted.value.status == 200
    board.wait_for_selector(f"#st{to} #d{deal_id}")
    board.wait_for_selector(".card.lifted", state="detached")
    ctx.session.rollback()
    assert records.get(ctx, "sales.deal", deal_id).stage_id == to


def test_a_finger_that_moves_on_scrolls_and_lifts_nothing(board: Any, make: Make) -> None:
    ctx = make.ctx()
    for n in range(12):
        service.open_deal(ctx, {"name": f"Roof {n}"})
    board.goto("/sales/board")
    touch = touching(board)
    touch("touchStart", 150, 600)
    for n in range(1, 11):
        touch("touchMove", 150, 600 - 30 * n)
    board.wait_for_function("scrollY > 50")
    assert board.locator(".card.lifted").count() == 0
    touch("touchEnd")
    assert board.locator(".over-drop").count() == 0
