from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

from app.sdk.models import Interaction
from app.sdk.services import acting, plugin_settings
from app.testing.factories import Make

from .. import tiles
from ..models import Territory
from . import placed

AREAS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": f"Area {n}"},
            "geometry": {"type": "Polygon", "coordinates": [[[n, 0], [n + 1, 0], [n + 1, 1], [n, 0]]]},
        }
        for n in range(3)
    ],
}


def territories(make: Make) -> list[str]:
    ctx = make.ctx()
    with acting(ctx):
        return [one.name for one in ctx.session.query(Territory).order_by(Territory.name)]


def test_areas_of_a_file_become_territories_all_or_none(as_role: Callable[..., Any], make: Make) -> None:
    admin = as_role("admin")
    broken = json.loads(json.dumps(AREAS))
    broken["features"][2]["geometry"]["coordinates"] = [[[0, 0], [1, 1]]]
    for body, status in ((broken, 422), (AREAS, 303)):
        file = (io.BytesIO(json.dumps(body).encode()), "areas.json")
        answer = admin.post("/territories/territory/import", {"file": file, "parent_id": "0"})
        assert answer.status_code == status
        assert territories(make) == ([] if status == 422 else ["Area 0", "Area 1", "Area 2"])


def test_a_territory_is_looked_at_before_it_is_saved(as_role: Callable[..., Any], make: Make) -> None:
    placed.person(make, "Ana", "Berlin", "10115")
    admin = as_role("admin")
    form = {
        "name": "North",
        "borders": "country DE",
        "parent_id": "0",
        "owner_id": "0",
        "team_id": "0",
        "priority": "0",
    }
    looked = admin.post("/territories/territory/new", {**form, "do": "look"})
    assert "1 record moves" in looked.text
    assert territories(make) == []
    admin.post("/territories/territory/new", {**form, "do": "save"})
    assert territories(make) == ["North"]
    wrong = admin.post("/territories/territory/new", {**form, "borders": "planet Mars", "do": "save"})
    assert wrong.status_code == 422
    assert "planet Mars" in wrong.text


def test_why_says_by_what_a_record_is_held(as_role: Callable[..., Any], make: Make) -> None:
    placed.territory(make, "North", "postal DE 10000-14999")
    ana = placed.person(make, "Ana", "Berlin", "10115")
    page = as_role("admin").get(f"/territories/why/contact/{ana.id}").text
    assert "North" in page
    assert "10115" in page


def test_a_check_in_is_a_visit_with_place_and_time(as_role: Callable[..., Any], make: Make) -> None:
    ana = placed.person(make, "Ana", "Berlin", "10115")
    form = {"latitude": "52.53", "longitude": "13.38", "note": "Coffee", "nonce": "n1"}
    admin = as_role("admin")
    for _twice in range(2):
        assert admin.post(f"/territories/visit/contact/{ana.id}", form).status_code == 303
    wrong = admin.post(f"/territories/visit/contact/{ana.id}", {**form, "latitude": "north", "nonce": "n2"})
    assert wrong.status_code == 422
    ctx = make.ctx()
    with acting(ctx):
        (found,) = ctx.session.query(Interaction).filter_by(kind="visit").all()
    assert found.location.startswith("52.53000, 13.38000")
    assert found.body == "Coffee"


def test_an_address_that_is_not_found_waits_to_be_corrected(as_role: Callable[..., Any], make: Make) -> None:
    lost = make.contact(given_name="Lost", addresses=placed.address("Nowhere at all", "", ""))
    placed.look_up(make, lost.id)
    admin = as_role("admin")
    assert "Lost" in admin.get("/territories/lost").text
    admin.post(f"/territories/pin/contact/{lost.id}", {"place": "48.1, 11.5", "do": "pin"})
    assert "Lost" not in admin.get("/territories/lost").text
    assert "48.1000" in admin.get(f"/territories/why/contact/{lost.id}").text


def test_lists_filter_by_territory_and_area(as_role: Callable[..., Any], make: Make) -> None:
    north = placed.territory(make, "North", "postal DE 10")
    around = placed.territory(make, "Around Berlin", "within 40 km of Berlin", marks=True)
    placed.person(make, "Ana", "Berlin", "10115")
    placed.person(make, "Bob", "Potsdam", "14467")
    placed.person(make, "Zoe", "Hamburg", "20095")
    admin = as_role("admin")
    for where, names in (
        (f"territories.territory = {north.id}", {"Ana"}),
        (f"territories.areas = {around.id}", {"Ana", "Bob"}),
        (f"not territories.areas = {around.id}", {"Zoe"}),
    ):
        page = admin.get("/contacts", query_string={"where": where}).text
        assert {name for name in ("Ana", "Bob", "Zoe") if name in page} == names


def test_whoever_has_a_territory_sees_what_is_in_it_as_the_setting_says(
    as_user: Callable[..., Any], make: Make
) -> None:
    mine, other = make.user("representative", team="north"), make.user("representative", team="south")
    placed.territory(make, "North", "postal DE 10", owner_id=mine.id)
    placed.person(make, "Ana", "Berlin", "10115", owner=other)
    placed.person(make, "Bob", "Hamburg", "20095", owner=make.user("representative", team="north"))
    expected = {"role": {"Bob"}, "more": {"Ana", "Bob"}, "only": {"Ana"}}
    for setting, names in expected.items():
        plugin_settings.save(make.ctx(), "territories", {"visibility": setting})
        page = as_user(mine).get("/contacts").text
        assert {name for name in ("Ana", "Bob") if name in page} == names, setting


def test_the_overview_counts_only_what_somebody_may_see(as_user: Callable[..., Any], make: Make) -> None:
    mine, other = make.user("representative", team="north"), make.user("representative", team="south")
    for number, owner in enumerate((mine, other, other)):
        placed.person(make, f"P{number}", "Berlin", "10115", owner=owner)
    ctx = make.ctx()
    with acting(ctx):
        tiles.rebuild(ctx)
    assert "1 contact<" in as_user(mine).get("/territories/?m=contacts").text
    assert "2 contacts<" in as_user(other).get("/territories/?m=contacts").text


def test_a_tile_is_fetched_from_the_server_of_the_settings_alone(
    as_role: Callable[..., Any], no_network: Any
) -> None:
    admin = as_role("admin")
    assert admin.get("/territories/tiles/1/0/0").status_code == 404


def test_the_map_says_how_many_are_where_and_leads_nearer(as_role: Callable[..., Any], make: Make) -> None:
    for number in range(3):
        placed.person(make, f"P{number}", "Berlin", "10115")
    placed.person(make, "Zoe", "Potsdam", "14467")
    admin = as_role("admin")
    page = admin.get("/territories/map?at=13.2,52.45,400")
    assert "4 contacts here" in page.text
    assert "3 contacts together" in page.text
    assert "Zoe" in page.text
    part = admin.get("/territories/map?at=13.2,52.45,400", htmx=True)
    assert part.text.lstrip().startswith("<div")
    assert admin.get("/territories/map?at=nonsense").status_code == 200
