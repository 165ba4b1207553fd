"""The contract: one class gives a plugin's tests some forty checks, each of which names what is wrong and what to do.

class TestContract(PluginContract):
    plugin = Gifts
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, ClassVar

import pytest
from flask import Flask

from app import paths
from app.kernel.hookspecs import Plugin
from app.testing.contract import acting, happening, shown, source, switching, tables, values
from app.testing.contract.case import Answers, Builders, Case, Lasting
from app.testing.plugins import app_with

Check = Callable[[Case], Iterator[str]]

CHECKS: Mapping[str, Check] = {
    check.__name__: check
    for check in (
        switching.boots_alone,
        switching.boots_with_everything,
        switching.uses_nothing_deprecated,
        source.imports_only_the_sdk,
        source.leaves_the_core_its_work,
        source.names_carry_its_name,
        source.says_what_it_is,
        source.texts_can_be_translated,
        source.templates_are_harmless,
        source.static_files_are_light,
        source.docs_mention_everything,
        tables.migrations_go_up_down_and_up,
        tables.models_and_migrations_agree,
        tables.removing_leaves_no_table,
        tables.foreign_keys_let_go,
        tables.personal_data_has_a_subject,
        shown.panels_render,
        shown.panels_stay_closed,
        shown.timeline_renders,
        shown.pages_open,
        shown.pages_stay_closed,
        shown.links_lead_somewhere,
        values.fields_answer_for_a_page,
        values.fields_cost_the_same_for_many,
        values.fields_agree_with_their_sql,
        values.fields_filter_and_sort,
        values.sorts_use_an_index,
        acting.actions_run_from_everywhere,
        acting.actions_are_undone,
        acting.actions_stay_closed,
        acting.writes_pass_the_journal,
        happening.events_twice_are_harmless,
        happening.nothing_told_is_undeclared,
        happening.jobs_run_twice,
        happening.demo_data_come_twice,
        happening.health_is_answered,
        happening.search_answers,
        happening.services_keep_their_protocol,
        happening.commands_explain_themselves,
        happening.rules_are_expressions,
        happening.privacy_is_answered,
        happening.datasets_select,
        happening.settings_have_defaults,
        switching.disabled_hides_everything,
        switching.failures_stay_its_own,
    )
}
"""Every check by its name; the first line of its docstring says what it is about."""


class PluginContract:
    """The checks that every plugin passes. `plugin` is its class, or its name if it is installed.

    `answers` fill forms of actions ({"note": {"name": "Tea"}}) where a plausible text is not enough; `builders` make
    records ({"sales.deal": build}) where values by kind are not enough: each gets the kit's `make` and the values. `lasting` names columns that
    are meant to stay when an action is undone ({"sales.issue": {"sales_quote.number"}}): say why beside it.
    """

    plugin: ClassVar[type[Plugin] | str]
    answers: ClassVar[Answers] = {}
    builders: ClassVar[Builders] = {}
    lasting: ClassVar[Lasting] = {}

    @pytest.fixture(scope="class")
    @classmethod
    def kith_app(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
        """An application of its own in which the plugin and those that it requires are all there is."""
        name, more = found(cls.plugin, cls)
        with ExitStack() as stack:
            folder = tmp_path_factory.mktemp(f"contract_{name}")
            yield stack.enter_context(app_with(folder, name, **more))

    @pytest.mark.parametrize("check", CHECKS)
    def test_the_plugin(self, app: Flask, check: str) -> None:
        """One check; its name says which."""
        name, _more = found(self.plugin, type(self))
        told = Case(app, name, answers=self.answers, builders=self.builders, lasting=self.lasting)
        held(check, told)


def held(check: str, case: Case) -> None:
    """Run a check by name and fail with everything it says."""
    complaints = list(dict.fromkeys(CHECKS[check](case)))
    if complaints:
        pytest.fail("\n".join(f"- {complaint}" for complaint in complaints), pytrace=False)


def found(plugin: type[Plugin] | str, test: type[Any] | None = None) -> tuple[str, dict[str, Any]]:
    """Return a plugin's name and the settings under which it and its requirements alone are loaded.

    `test` is the class that asks: a plugin that is named only may lie in the folder above its file.
    """
    name = plugin if isinstance(plugin, str) else plugin.name
    requires = () if isinstance(plugin, str) else plugin.requires
    names = (name, *_required(name), *(more for other in requires for more in (other, *_required(other))))
    file = Path(inspect.getfile(plugin if isinstance(plugin, type) else test or PluginContract)).resolve()
    home = file.parent if isinstance(plugin, type) else file.parent.parent
    lies = (home / "plugin.py").is_file() and home.name == name and home.parent != paths.PLUGINS.resolve()
    return name, {
        "plugins": tuple(dict.fromkeys(names)),
        **({"plugin_dirs": (str(home.parent),)} if lies else {}),
    }


def _required(name: str) -> tuple[str, ...]:
    try:
        module = importlib.import_module(f"plugins.{name}.plugin")
    except ModuleNotFoundError:
        return ()
    own = [
        one
        for one in vars(module).values()
        if inspect.isclass(one) and issubclass(one, Plugin) and one.name == name
    ]
    return tuple(more for cls in own for other in cls.requires for more in (other, *_required(other)))
