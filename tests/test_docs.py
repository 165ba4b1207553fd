"""The documents say what is there: the map, the settings, the hooks, the commands.

`python tests/test_docs.py` writes docs/map.md anew from the first lines of the modules' docstrings.
"""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MAP = ROOT / "docs" / "map.md"
FOLDERS = ("app", "plugins", "bench")
HEAD = """# The map

One line for each module, from its docstring; a test compares this page with the disk.
`python tests/test_docs.py` writes it anew. The layers and why they are so: `docs/architecture.md`.

"""


def first_line(path: Path) -> str:
    """Return the first line of a module's docstring."""
    text = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return text.split("\n")[0]


def modules() -> list[Path]:
    """Return the modules that the map lists."""
    found = [p for folder in FOLDERS for p in (ROOT / folder).rglob("*.py")]
    skipped = ("versions", "tests", "__pycache__")
    return sorted(p for p in found if not any(part in skipped for part in p.relative_to(ROOT).parts))


def listed() -> set[str]:
    """Return the plugins that the map lists: one that somebody is just writing beside them need not be there."""
    return set(re.findall(r"^## plugins/(\w+)/", MAP.read_text("utf-8"), re.MULTILINE))


def written(plugins: set[str] | None = None) -> str:
    """Return what the map should say, of the named plugins or of all."""
    lines: list[str] = []
    folder = ""
    for path in modules():
        parts = path.relative_to(ROOT).parts
        if plugins is not None and parts[0] == "plugins" and len(parts) > 2 and parts[1] not in plugins:
            continue
        here = path.relative_to(ROOT).parent.as_posix()
        if here != folder:
            folder = here
            about = first_line(path) if path.name == "__init__.py" else ""
            lines += ["", f"## {folder}/", "", *([about, ""] if about else [])]
        if path.name != "__init__.py" or not first_line(path):
            lines.append(f"- `{path.name}` {first_line(path)}")
    return HEAD + "\n".join(lines).strip() + "\n"


def test_the_map_is_the_disk() -> None:
    assert MAP.read_text("utf-8") == written(listed()), "run: python tests/test_docs.py"


def test_every_module_says_what_it_is_for() -> None:
    assert [p for p in modules() if not first_line(p)] == []


def test_every_setting_stands_in_the_readme() -> None:
    settings = tomllib.loads((ROOT / "config" / "default.toml").read_text("utf-8"))
    text = (ROOT / "README.md").read_text("utf-8")
    assert [s for s in settings if f"`{s}`" not in text] == []


def test_every_hook_stands_in_the_plugin_page() -> None:
    from app.kernel.hookspecs import Plugin

    text = (ROOT / "docs" / "plugins.md").read_text("utf-8")
    hooks = [name for name in vars(Plugin) if name.startswith("kith_")]
    assert [h for h in hooks if f"`{h}`" not in text] == []


def test_links_between_documents_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "plugins").rglob("*.md")]
    lost = []
    for page in pages:
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text("utf-8")):
            if (
                "://" not in target
                and not target.startswith("mailto:")
                and not (page.parent / target).exists()
            ):
                lost.append(f"{page.name}: {target}")
    assert lost == []


if __name__ == "__main__":
    MAP.write_text(written(), "utf-8")
