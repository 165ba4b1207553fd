from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.services import people
from app.testing.factories import Make


def test_the_roles_of_many_are_read_at_once(make: Make, queries: Callable[[], Any]) -> None:
    ana, rui = make.user("rep"), make.user("manager")
    ctx, ids = make.ctx(), [ana.id, rui.id, 9999]
    with queries() as seen:
        found = people.roles_of(ctx, ids)
    assert found == {
        ids[0]: frozenset({"representative"}),
        ids[1]: frozenset({"manager"}),
        9999: frozenset(),
    }
    assert len(seen) == 1
    assert ("manager", "Manager") in people.roles(ctx)
