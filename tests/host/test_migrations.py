from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData, create_engine, inspect, text

from app import database, models
from app.config import Config
from app.host.migrations import CORE, Lineage, MigrationError, Migrations, NewerDatabase
from app.migrations import search_index
from app.testing.databases import address

HEAD = """
import sqlalchemy as sa
from alembic import op
revision = "{revision}"
down_revision = {before!r}
"""
CREATE = """
def upgrade():
    op.create_table("sales_deal", sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("contact_id", sa.Integer(),
            sa.ForeignKey("contact.id", name="fk_sales_deal_contact_id", ondelete="CASCADE")))

def downgrade():
    op.drop_table("sales_deal")
"""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with address(tmp_path) as url:
        config = Config(database_url=url)
        made = create_engine(config.database, **database.engine_options(config))
        database.prepare(made, config)
        yield made
        made.dispose()


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    """The folder of a plugin's migrations, with one that makes its table."""
    folder = tmp_path / "versions"
    write(folder, "0001", None, CREATE)
    return folder


def write(folder: Path, revision: str, before: str | None, body: str) -> None:
    folder.mkdir(exist_ok=True)
    source = HEAD.format(revision=revision, before=before) + textwrap.dedent(body)
    (folder / f"{revision}_x.py").write_text(source)


def over(engine: Engine, *lines: Lineage, metadata: MetaData | None = None) -> Migrations:
    return Migrations(lambda: engine, metadata or models.Model.metadata, lambda: (CORE, *lines))


def put(engine: Engine) -> None:
    """Store a contact with a deal."""
    table = models.Contact.__table__
    with engine.begin() as connection:
        contact = connection.execute(table.insert()).inserted_primary_key
        assert contact is not None
        connection.execute(
            text("INSERT INTO sales_deal (id, contact_id) VALUES (1, :id)"), {"id": contact[0]}
        )


def deals(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM sales_deal")).scalar_one())


def test_the_core_goes_up_down_and_up_again_without_drift(engine: Engine) -> None:
    core = over(engine)

    core.upgrade_all()
    assert core.check() == {}
    assert core.pending() == {}

    core.downgrade("core")
    assert inspect(engine).get_table_names() == []

    core.upgrade_all()
    assert core.check() == {}


def test_a_model_without_its_migration_is_found(engine: Engine) -> None:
    over(engine).upgrade_all()
    metadata = MetaData()
    for table in models.Model.metadata.tables.values():
        table.to_metadata(metadata)
    from sqlalchemy import Column, Integer

    metadata.tables["tag"].append_column(Column("weight", Integer))
    assert "weight" in over(engine, metadata=metadata).check()["core"][0]


def test_plugins_are_upgraded_once_they_are_installed(engine: Engine, versions: Path) -> None:
    both = over(engine, Lineage("sales", versions))
    assert [step.owner for step in both.upgrade_all()] == ["core"]
    assert both.pending() == {"sales": ("0001",)}

    both.upgrade("sales")
    write(versions, "0002", "0001", "def upgrade():\n    pass\n\ndef downgrade():\n    pass\n")

    assert [step.after for step in both.upgrade_all()] == [both.current()["core"], "0002"]


def test_the_core_is_upgraded_when_a_plugins_files_have_gone(engine: Engine, versions: Path) -> None:
    over(engine, Lineage("sales", versions)).upgrade_all(["sales"])
    assert over(engine).upgrade_all()[0].error == ""
    assert over(engine).check() == {}


def test_removing_a_plugin_takes_its_tables_and_nothing_else(engine: Engine, versions: Path) -> None:
    both = over(engine, Lineage("sales", versions))
    both.upgrade_all(["sales"])
    before = set(inspect(engine).get_table_names())

    both.downgrade("sales")

    gone = before - set(inspect(engine).get_table_names())
    assert gone == {"sales_deal", "kith_version_sales"}


def test_re_creating_a_table_of_the_core_keeps_the_rows_of_plugins(engine: Engine, versions: Path) -> None:
    both = over(engine, Lineage("sales", versions))
    both.upgrade_all(["sales"])
    put(engine)
    batch = """
    def upgrade():
        with op.batch_alter_table("contact", recreate="auto") as batch:
            batch.alter_column("nickname", type_=sa.String(201), existing_type=sa.String(200))

    def downgrade():
        pass
    """
    write(versions, "0002", "0001", batch)

    both.upgrade("sales")

    assert deals(engine) == 1


def test_a_failed_migration_leaves_nothing_and_can_be_run_again(engine: Engine, versions: Path) -> None:
    both = over(engine, Lineage("sales", versions))
    both.upgrade_all()
    write(
        versions, "0002", "0001", "def upgrade():\n    op.execute('NONSENSE')\n\ndef downgrade():\n    pass\n"
    )

    with pytest.raises(MigrationError, match="sales was rolled back"):
        both.upgrade("sales")
    assert not inspect(engine).has_table("sales_deal")

    write(versions, "0002", "0001", "def upgrade():\n    pass\n\ndef downgrade():\n    pass\n")
    assert both.upgrade("sales").after == "0002"


def test_a_failed_migration_of_a_plugin_stops_nobody_else(engine: Engine, versions: Path) -> None:
    write(
        versions, "0002", "0001", "def upgrade():\n    op.execute('NONSENSE')\n\ndef downgrade():\n    pass\n"
    )
    both = over(engine, Lineage("sales", versions))

    core, sales = both.upgrade_all(["sales"])

    assert core.error == ""
    assert "NONSENSE" in sales.error


def test_rows_that_would_point_to_nothing_stop_a_migration(engine: Engine, versions: Path) -> None:
    both = over(engine, Lineage("sales", versions))
    both.upgrade_all(["sales"])
    orphan = """
    def upgrade():
        op.execute("INSERT INTO sales_deal (id, contact_id) VALUES (7, 12345)")

    def downgrade():
        pass
    """
    write(versions, "0002", "0001", orphan)
    with pytest.raises(MigrationError):
        both.upgrade("sales")
    assert deals(engine) == 0


def test_a_database_of_a_newer_version_is_refused(engine: Engine) -> None:
    core = over(engine)
    core.upgrade_all()
    with engine.begin() as connection:
        connection.execute(text("UPDATE kith_version SET version_num = '9999'"))

    with pytest.raises(NewerDatabase, match="written by a newer version of Kith"):
        core.upgrade_all()
    with pytest.raises(NewerDatabase):
        core.pending()


def test_the_next_migration_is_written_from_the_difference(engine: Engine, tmp_path: Path) -> None:
    from sqlalchemy import Column, ForeignKey, Integer, Table

    metadata = MetaData(naming_convention=models.Model.metadata.naming_convention)
    for table in models.Model.metadata.tables.values():
        if "owner" not in table.info:
            table.to_metadata(metadata)
    key = ForeignKey("contact.id", ondelete="CASCADE")
    columns = [Column("id", Integer, primary_key=True), Column("contact_id", Integer, key)]
    Table("sales_deal", metadata, *columns, info={"owner": "sales"})
    both = over(engine, Lineage("sales", tmp_path / "new"), metadata=metadata)
    both.upgrade_all()

    path = both.revision("sales", "deals")

    assert path.name == "0001_deals.py"
    source = path.read_text()
    assert "create_table" in source
    assert "Alembic" not in source
    assert "info=" not in source
    assert both.upgrade("sales").after == "0001"
    assert both.check() == {}


def test_a_fork_in_the_history_is_refused(engine: Engine, versions: Path) -> None:
    write(versions, "0002a", "0001", CREATE)
    write(versions, "0002b", "0001", CREATE)
    with pytest.raises(Exception, match="no single chain"):
        over(engine, Lineage("sales", versions)).upgrade("sales")


def test_lost_search_indexes_are_made_anew(engine: Engine) -> None:
    core = over(engine)
    core.upgrade_all()
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER search_doc_fts_update"))
        else:
            connection.execute(text("DROP INDEX search_index_search_doc"))
        assert search_index.missing(connection)

    core.mend()

    with engine.connect() as connection:
        assert search_index.missing(connection) == []


def test_the_search_index_follows_every_change(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps its indexes itself")
    over(engine).upgrade_all()
    query = text("SELECT rowid FROM search_doc_fts WHERE search_doc_fts MATCH :words")

    def found(words: str) -> int:
        with engine.connect() as connection:
            return len(connection.execute(query, {"words": f'"{words}"'}).all())

    with engine.begin() as connection:
        row = "INSERT INTO search_doc (entity, record_id, doc) VALUES ('contact', 1, 'ana lima')"
        connection.execute(text(row))
    assert (found("lim"), found("lopes")) == (1, 0)
    with engine.begin() as connection:
        connection.execute(text("UPDATE search_doc SET doc = 'ana lopes'"))
    assert (found("lim"), found("lopes")) == (0, 1)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM search_doc"))
        connection.execute(text("INSERT INTO search_doc_fts (search_doc_fts) VALUES ('integrity-check')"))
    assert found("lopes") == 0


def test_two_processes_that_start_at_once_migrate_once(engine: Engine) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: over(engine).upgrade_all()[0], range(2))

    assert {first.before, second.before} == {"", first.after}
    assert over(engine).check() == {}
