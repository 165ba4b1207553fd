"""Names of colleagues are remembered, and never longer than they hold."""

from __future__ import annotations

from app.services import accounts, people
from app.services.context import as_system
from app.testing.factories import Make


def test_a_new_name_of_a_colleague_is_seen_at_once(make: Make) -> None:
    ana = make.user("administrator", name="Ana Lima")
    for ctx in (lambda: make.ctx(ana), lambda: as_system("test")):
        assert people.user_names(ctx(), [ana.id]) == {ana.id: "Ana Lima"}
        accounts.change_profile(make.ctx(ana), name="Ana Costa", locale="", zone="", theme="")
        assert people.user_names(ctx(), [ana.id]) == {ana.id: "Ana Costa"}
        accounts.change_profile(make.ctx(ana), name="Ana Lima", locale="", zone="", theme="")
