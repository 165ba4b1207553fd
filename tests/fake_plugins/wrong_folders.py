"""Wrong plugins that need files of their own: made by the scaffold, then spoilt."""

from __future__ import annotations

from pathlib import Path

from app.cli.scaffold import Plan, write

LEAKY_PANEL = """
def of_contact(ctx, contact):
    rows = ctx.session.connection().execute(Item.__table__.select()).all()
    return "<p>" + ", ".join(str(escape(row.name)) for row in rows) + "</p>"
"""

LEAKY_PAGE = '''
@pages.get("/all")
@signed_in
def everything() -> Response:
    """Show every item to everybody."""
    rows = ctx().session.connection().execute(Item.__table__.select()).all()
    names = ", ".join(str(escape(row.name)) for row in rows)
    return Response("<main>" + names + "<a href='/leaky/nowhere'>More</a></main>")
'''

BACK_DOOR = """
class BackDoor:
    def init_app(self, app):
        def enter():
            return "here"
        enter.kith_access = ("public", "a back door")
        app.add_url_rule("/leaky/door", "leaky_back_door", enter)
"""


def make(folder: Path) -> tuple[str, ...]:
    """Write all of them below a folder; returns their names."""
    drifter(folder)
    leaky(folder)
    shy(folder)
    return ("drifter", "leaky", "shy")


def drifter(folder: Path) -> None:
    """Its migration makes less than the models say, holds contacts fast, and leaves its table behind."""
    write(Plan("drifter", ("entity",)), folder / "drifter")
    file = folder / "drifter" / "migrations" / "0001_items.py"
    source = file.read_text()
    source = source.replace('sa.Column("note",', 'sa.Column("remark", sa.Text()),\n        sa.Column("note",')
    source = source.replace('    op.drop_table("drifter_item")\n', "")
    head, tail = source.split('name=op.f("fk_drifter_item_contact_id"),', 1)
    source = head + 'name=op.f("fk_drifter_item_contact_id"),' + tail.replace('ondelete="SET NULL",', "", 1)
    file.write_text(source)
    entities = folder / "drifter" / "entities.py"
    entities.write_text(entities.read_text().replace('        subject="contact_id",\n', ""))


def leaky(folder: Path) -> None:
    """It shows everything to everybody, imports what it should not, and has a back door."""
    home = folder / "leaky"
    write(Plan("leaky", ("entity", "panel", "page")), home)
    panels = home / "panels.py"
    source = panels.read_text()
    start, end = source.index("def of_contact"), source.index("ALL = (")
    source = source[:start] + LEAKY_PANEL + "\n\n" + source[end:]
    source = source.replace('        permission="leaky.item.view",\n', "")
    panels.write_text(
        source.replace("from . import items", "from markupsafe import escape\nfrom .models import Item")
    )
    pages = home / "pages.py"
    source = pages.read_text().replace("BLUEPRINTS =", LEAKY_PAGE + "\n\nBLUEPRINTS =")
    source = source.replace(
        "import Response, render, requires", "import Response, ctx, render, requires, signed_in"
    )
    source = source.replace(
        "pages = Blueprint", "from markupsafe import escape\nfrom .models import Item\n\npages = Blueprint"
    )
    pages.write_text(source)
    (home / "odd.py").write_text(
        '"""Odd."""\n\nfrom app.models import Contact\n\n\ndef odd(ctx):\n    ctx.session.commit()\n'
        '    ctx.events.emit("leaky.nothing")\n'
    )
    (home / "templates" / "bad.html").write_text('<p onclick="x()">Hello</p>')
    (home / "static").mkdir()
    (home / "static" / "big.js").write_text("//" + "x" * 20_000)
    (home / "docs.md").write_text("# Leaky\n")
    plugin = home / "plugin.py"
    source = plugin.read_text().replace("class Leaky", BACK_DOOR + "\n\nclass Leaky")
    source += (
        "\n    @hookimpl\n    def kith_setup(self, setup):\n        setup.init_extension(BackDoor())\n"
        "\n    @hookimpl\n    def kith_commands(self):\n        import click\n\n"
        '        return [click.Command("mute", callback=lambda: None)]\n'
    )
    plugin.write_text(source)


def shy(folder: Path) -> None:
    """It takes a name that another plugin has: in its company one of both is not loaded."""
    write(Plan("shy", ("field",)), folder / "shy")
    file = folder / "shy" / "fields.py"
    file.write_text(file.read_text().replace('name="count"', 'name="gifts.last_on"'))


BROKEN = {
    "boots_with_everything": ("shy", "is not loaded"),
    "imports_only_the_sdk": ("leaky", "odd.py:3"),
    "leaves_the_core_its_work": ("leaky", "calls commit()"),
    "templates_are_harmless": ("leaky", "onclick"),
    "static_files_are_light": ("leaky", "big.js"),
    "docs_mention_everything": ("leaky", "leaky.item"),
    "migrations_go_up_down_and_up": ("drifter", "already exists"),
    "models_and_migrations_agree": ("drifter", "differ"),
    "removing_leaves_no_table": ("drifter", "drifter_item"),
    "foreign_keys_let_go": ("drifter", "stops rows of “contact”"),
    "personal_data_has_a_subject": ("drifter", "write subject="),
    "panels_stay_closed": ("leaky", "who may not see them"),
    "pages_open": ("leaky", "/leaky/nowhere"),
    "pages_stay_closed": ("leaky", "shows records to somebody"),
    "nothing_told_is_undeclared": ("leaky", "leaky.nothing"),
    "commands_explain_themselves": ("leaky", "“mute”"),
    "disabled_hides_everything": ("leaky", "/leaky/door"),
}
"""Check → the plugin of a folder that it finds something wrong with, and a part of the sentence."""
