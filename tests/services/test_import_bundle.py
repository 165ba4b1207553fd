"""A zip with several related files: told apart, imported in order, tied by their ids; and zips that mean no good."""

from __future__ import annotations

import io
import stat
import zipfile
from typing import Any

import pytest
from sqlalchemy import select

from app.formats import zip_files
from app.kernel.errors import Invalid
from app.models import Affiliation, Company, Contact, ImportRun, Interaction, Task
from app.services import import_bundle, import_running, importing, interaction_ties
from app.services import task_fields as task_values
from app.services.context import HouseContext
from app.services.import_options import Options
from app.testing.factories import Make

FILES = {
    "export/notes.csv": "id,contact_id,company_id,text,date,owner_email\n1,11,7,Met at the fair,2026-03-01 10:00,\n",
    "export/contacts.csv": "id,first_name,last_name,email,company_id,tags,owner_email\n"
    '11,Ana,Lima,ana@acme.pt,7,"vip, fair",OWNER\n12,Rui,Faria,rui@bolt.pt,8,,\n14,,,,,,\n13,Zoe,Sá,zoe@x.pt,99,,\n',
    "export/tasks.csv": "id,task,contact_id\n5,Call Ana,11\n",
    "export/companies.csv": "id,name\n7,Acme\n8,Bolt\n",
    "export/readme.txt": "Thank you for flying with us.\n",
    "__MACOSX/._contacts.csv": "x",
}


@pytest.fixture
def ctx(make: Make) -> HouseContext:
    return make.ctx(make.user("manager"))


def packed(files: dict[str, str | bytes]) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    made.seek(0)
    return made


def work_off(ctx: HouseContext, made: ImportRun) -> list[importing.Report]:
    ids = [one.id for one in import_bundle.parts(ctx, made)]
    for run_id in ids:
        import_running.run(ctx, run_id)
    return [importing.report(ctx, run_id) for run_id in ids]


def related(ctx: HouseContext) -> ImportRun:
    files: dict[str, str | bytes] = {n: t.replace("OWNER", ctx.user.email) for n, t in FILES.items()}
    return import_bundle.start(ctx, "crm.zip", packed(files))


def test_related_files_are_imported_in_order_and_tied(ctx: HouseContext) -> None:
    made = related(ctx)
    names = [one.name for one in import_bundle.parts(ctx, made)]
    assert names == ["companies.csv", "contacts.csv", "tasks.csv", "notes.csv"]
    assert [one.name for one in import_bundle.left(made)] == ["readme.txt"]
    import_bundle.begin(ctx, made.id)
    reports = work_off(ctx, made)
    assert [(one.created, one.failed) for one in reports] == [(2, 0), (3, 1), (1, 0), (1, 0)], [
        one.lines for one in reports
    ]
    assert "14" in reports[1].lines[0][1], "a row with nothing but an id has its receipt, too"
    assert "99" in reports[1].lines[1][2]
    people = {c.given_name: c for c in ctx.session.execute(select(Contact)).scalars()}
    firms = {c.name: c.id for c in ctx.session.execute(select(Company)).scalars()}
    places = {p.contact_id: p.company_id for p in ctx.session.execute(select(Affiliation)).scalars()}
    assert places == {people["Ana"].id: firms["Acme"], people["Rui"].id: firms["Bolt"]}
    assert people["Ana"].owner_id == ctx.user.id
    tags = ctx.schema.field("contact", "tags").load
    assert tags is not None
    assert tags(ctx, [people["Ana"].id])[people["Ana"].id] == ["fair", "vip"]
    note = ctx.session.execute(select(Interaction)).scalars().one()
    assert (note.kind, note.body) == ("note", "Met at the fair")
    tied = [interaction_ties.load(name)(ctx, [note.id])[note.id] for name in ("contacts", "about")]
    assert tied == [[people["Ana"].id], [f"company:{firms['Acme']}"]]
    task = ctx.session.execute(select(Task)).scalars().one()
    assert task_values.load_about(ctx, [task.id])[task.id] == [f"contact:{people['Ana'].id}"]
    assert import_bundle.state(ctx, made) == "done"


def test_the_same_zip_again_makes_nothing_new(ctx: HouseContext) -> None:
    for created in (7, 0):
        made = related(ctx)
        import_bundle.begin(ctx, made.id)
        assert sum(one.created for one in work_off(ctx, made)) == created


def test_a_file_is_taken_for_something_else_or_left_out(ctx: HouseContext) -> None:
    files: dict[str, str | bytes] = {"list.csv": "id,name\n1,Acme\n", "people.csv": "id,first name\n1,Ana\n"}
    made = import_bundle.start(ctx, "crm.zip", packed(files))
    ids = {one.name: one.id for one in import_bundle.parts(ctx, made)}
    kinds = {ids["list.csv"]: "company", ids["people.csv"]: ""}
    import_bundle.choose(ctx, made.id, kinds, Options(duplicates="fill", system="other"))
    import_bundle.begin(ctx, made.id)
    work_off(ctx, made)
    assert [c.name for c in ctx.session.execute(select(Company)).scalars()] == ["Acme"]
    assert ctx.session.execute(select(Contact)).scalars().all() == []


def test_a_zip_is_paused_ended_and_taken_back(ctx: HouseContext) -> None:
    made = related(ctx)
    import_bundle.begin(ctx, made.id)
    import_bundle.pause(ctx, made.id)
    assert import_bundle.state(ctx, made) == "paused"
    import_bundle.begin(ctx, made.id)
    work_off(ctx, made)
    import_bundle.undo(ctx, made.id)
    assert {one.state for one in import_bundle.parts(ctx, made)} == {"undoing"}
    other = related(ctx)
    import_bundle.discard(ctx, other.id)
    assert ctx.session.get(ImportRun, other.id) is None


def bomb() -> dict[str, str | bytes]:
    return {"contacts.csv": b"a" * 30_000_000}


@pytest.mark.parametrize(
    ("files", "word"),
    [
        (bomb(), "unpacks to"),
        ({"../contacts.csv": "Name\nAna\n"}, "points outside"),
        ({"/etc/contacts.csv": "Name\nAna\n"}, "points outside"),
        ({"inner.zip": "PK"}, "is an archive itself"),
        ({f"contacts{n}.csv": "x" for n in range(300)}, "At most 200"),
        ({"folder/": ""}, "holds no file"),
        ({"picture.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 50}, "No file of the zip"),
    ],
)
def test_a_zip_that_means_no_good_is_refused_with_a_sentence(
    ctx: HouseContext, files: dict[str, str | bytes], word: str
) -> None:
    with pytest.raises(Invalid) as error:
        import_bundle.start(ctx, "crm.zip", packed(files))
    assert word in error.value.problems["file"]
    assert ctx.session.execute(select(ImportRun)).scalars().all() == []


def test_links_and_hidden_archives_and_damage_are_seen(ctx: HouseContext) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo("contacts.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert "points outside" in refused(ctx, made)
    inner = packed({"a.csv": "Name\nAna\n"}).getvalue()
    assert "archive itself" in refused(ctx, packed({"contacts.csv": inner}))
    broken = packed({"contacts.csv": "Name,E-mail\n" + "Ana,a@x.pt\n" * 500}).getvalue()
    assert "damaged" in refused(ctx, io.BytesIO(broken[: len(broken) - 30]))
    middle = broken[:60] + bytes(20) + broken[80:]
    assert "cannot be unpacked" in refused(ctx, io.BytesIO(middle))


def refused(ctx: HouseContext, stream: io.BytesIO) -> str:
    stream.seek(0)
    with pytest.raises(Invalid) as error:
        import_bundle.start(ctx, "crm.zip", stream)
    return str(error.value.problems["file"])


def test_no_more_is_unpacked_than_the_zip_says(monkeypatch: Any) -> None:
    found = zip_files.members(packed({"a.csv": "x" * 100}).getvalue())
    assert isinstance(found, list)
    with zip_files.opened(packed({"a.csv": "x" * 100}).getvalue(), found[0]) as stream:
        assert len(stream.read()) == found[0].size == 100
