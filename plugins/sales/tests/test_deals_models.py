from __future__ import annotations

from flask import Flask

from app.house import house


def test_the_migration_of_deals_makes_what_its_models_say(app: Flask) -> None:
    own = ("'sales_deal", "'sales_pipeline'", "'sales_stage", "'sales_reason'", "'sales_rate'")
    with app.app_context():
        drift = house(app).host.migrations.check().get("sales", [])
    assert [one for one in drift if any(name in str(one) for name in own) and "remove_table" not in one] == []
