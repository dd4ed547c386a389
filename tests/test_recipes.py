"""Adding one of each touches the files that CONTRIBUTING.md names, and no others.

One step, fact, check, probe, cause, client tool, secret store and setting are added to a copy of the repository, and
the tests concerned run there. A list that somebody writes out a second time makes them fail.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".*_cache", ".hypothesis", "build", "dist", "bench", "nu")
TABLE = dict(re.findall(r"^\| (an? [^|]+?) \| (.+) \|$", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE))


@dataclass(frozen=True)
class Addition:
    """What an example adds: texts of new files, and changes to files that are there; ``most`` files in all."""

    new: Mapping[str, str]
    changed: Mapping[str, Callable[[str], str]]
    most: int
    written: tuple[str, ...] = field(default=())  # by the tests themselves

    def add_to(self, folder: Path) -> None:
        for name, text in self.new.items():
            assert not (folder / name).exists(), name
            (folder / name).write_text(text, encoding="utf-8")
        for name, change in self.changed.items():
            before = (folder / name).read_text(encoding="utf-8")
            after = change(before)
            assert after != before, name
            (folder / name).write_text(after, encoding="utf-8")


def after(pattern: str, text: str) -> Callable[[str], str]:
    """A change: ``text`` follows the first place that ``pattern`` (a regular expression) is found at."""
    return lambda before: re.sub(f"({pattern})", lambda found: found[1] + text, before, count=1, flags=re.MULTILINE)


EXAMPLES = {
    "a step": Addition(
        new={
            "wizard/web/steps/pastime.py": (
                '"""What do you like to do?"""\n\n'
                "from wizard.journey import Journey\n"
                "from wizard.web.forms import PastimeForm\n"
                "from wizard.web.steps.page import Page\n\n\n"
                "def _answer(form: PastimeForm, journey: Journey) -> Journey:\n"
                "    return journey\n\n\n"
                "PAGE = Page(PastimeForm, _answer)\n"
            ),
            "templates/steps/pastime.html": (
                '{% extends "step.html" %}\n'
                '{% from "components/button.html" import button %}\n'
                '{% from "components/field.html" import field %}\n'
                '{% from "components/form.html" import form_open, form_close %}\n'
                "{% block body %}\n"
                '{{ form_open(at("pastime")) }}\n'
                "{{ field(form.pastime) }}\n"
                '{{ button("Continue", icon="arrow") }}\n'
                "{{ form_close() }}\n"
                "{% endblock %}\n"
            ),
            "tests/web/steps/test_pastime.py": (
                "from tests.web.page_client import PageClient\n\n\n"
                "def test_the_step_comes_after_the_account(app):\n"
                "    client = PageClient(app)\n"
                '    page = client.visit("/steps/account").fill("account", "myorg-acct").press("Continue")\n'
                '    asked = client.visit("/steps/pastime")\n'
                '    assert (page.step, asked.step) == ("user", "pastime")\n'
                '    assert asked.fill("pastime", "chess").press("Continue").step == "user"\n'
            ),
        },
        changed={
            "wizard/walk.py": after(
                r'^        Step\("account",.*\n',
                '        Step("pastime", "Pastime", "Likes?", lambda journey: journey.account is not None),\n',
            ),
            "tests/web/walking.py": after(
                r'^        "account": lambda.*\n', '        "pastime": lambda so_far: so_far,\n'
            ),
            "tests/e2e/walker.py": after(r'^    "account": \{.*\n', '    "pastime": {"pastime": "chess"},\n'),
            "tests/test_journey.py": lambda before: before.replace('["account", ', '["account", "pastime", '),
            "wizard/web/forms.py": lambda before: (
                before + '\n\nclass PastimeForm(StepForm):\n    pastime = NameField("Pastime")\n'
            ),
            "wizard/web/steps/__init__.py": lambda before: after(
                r'^    "account": account.PAGE,\n', '    "pastime": pastime.PAGE,\n'
            )(before.replace("import account, handover, key, ", "import account, handover, key, pastime, ")),
        },
        most=9,
    ),
    "a fact that the journey keeps": Addition(
        new={},
        changed={
            "wizard/journey.py": after(
                r"^    described_at: .*\n",
                '    favourite: str = field(default="", metadata=stored("x", one_of(("chess", "go"))))\n',
            ),
            "tests/test_journey.py": after(r"^ONE_OF_EACH: .*\n", '    "favourite": "chess",\n'),
        },
        most=2,
    ),
    "a check of the live test": Addition(
        new={
            "wizard/checks/greeting.py": (
                '"""Is there anybody to greet?"""\n\n'
                "from wizard.checks.row import Row\n"
                "from wizard.checks.attempt import Attempt\n\n"
                'NAME = "greeting"\n'
                'TITLE = "The greeting"\n\n\n'
                "def check(attempt: Attempt, earlier: tuple[Row, ...]) -> Row:\n"
                '    return Row(NAME, "passed", f"Hello {attempt.login.name}.")\n'
            ),
            "tests/checks/test_greeting.py": (
                "from wizard.checks.runner import run_check\n\n\n"
                "def test_the_person_is_greeted(make_attempt):\n"
                '    assert run_check("greeting", make_attempt(), ()).sentence == "Hello JANE."\n'
            ),
        },
        changed={
            "wizard/checks/runner.py": lambda before: after(
                r"^    Check\(tls\.NAME.*\n", "    Check(greeting.NAME, greeting.TITLE, greeting.check),\n"
            )(before.replace("import clock, context, dns, ", "import clock, context, dns, greeting, ")),
            "tests/checks/test_rows.py": lambda before: before.replace('"tls", "clock"', '"tls", "greeting", "clock"'),
        },
        most=4,
    ),
    "a probe after a failed login": Addition(
        new={},
        changed={
            "wizard/diagnosis/probes.py": after(
                r"^PROBES: .*\n",
                '    Probe(\n        "probe-twin", "As the user’s twin", "twin",\n'
                '        lambda login, _names: replace(login, name=f"{login.name}_TWIN"),\n'
                '        shown=lambda login: login.name,\n        said="as the twin {}",\n'
                "        useful=lambda failure: _is_refused(failure, _OF_THE_USER),\n    ),\n",
            ),
            "wizard/diagnosis/facts.py": after(
                r'^        "accepted-login-name": .*\n',
                '        "accepted-twin": "The twin who was let in.",\n'
                '        "refused-twin": "The twin who was refused as well.",\n',
            ),
            "wizard/diagnosis/rules/probes.py": after(
                r'^        "login-name": "login-name-differs",\n', '        "twin": "login-name-differs",\n'
            ),
            "wizard/practice/scenarios.py": after(
                r'^    Scenario\("fine".*\n',
                '    Scenario(\n        "twins", "The twin has the name", "Mixed up.", "login-name-differs",\n'
                '        "login", sets=lambda user: replace(user, login_name=f"{user.name}_TWIN"), group="user",\n'
                '        mends="answer", probe="probe-twin",\n    ),\n',
            ),
        },
        most=4,
    ),
    "a cause of failure": Addition(
        new={},
        changed={
            "wizard/diagnosis/catalogue/session.py": after(
                r"^CAUSES = \(\n",
                '    Cause(\n        "teapot-answered",\n        "A teapot answered in Snowflake\'s place",\n'
                '        "Somebody has put a teapot where Snowflake should be, and a teapot lets nobody in.",\n'
                '        (you("Find Snowflake, and put the teapot back into the kitchen."),),\n'
                "        SQL_API_REFERENCE,\n"
                '        (says(100, "i am a teapot"),),\n    ),\n',
            ),
            "wizard/diagnosis/explained/session.py": after(
                r"^EXPLAINED = \{\n",
                '    "teapot-answered": Explanation(\n'
                '        (unlike("proxy-page", "The answer is no tea."),), "Lock the kitchen."\n    ),\n',
            ),
            "wizard/practice/scenarios.py": after(
                r'^    Scenario\("fine".*\n',
                '    Scenario(\n        "teapot", "A teapot answers", "Short, stout.", "teapot-answered", "login",\n'
                "        stands_in=replace(\n            stand_ins.GARBAGE, status=403,\n"
                '            body=b\'{"code": "001003", "message": "I am a teapot"}\',\n        ),\n'
                '        group="network",\n    ),\n',
            ),
            "README.md": after(
                r"^\| `clock-skew` \|.*\n", "| `teapot-answered` | A teapot answered in Snowflake's place |\n"
            ),
        },
        most=4,
    ),
    "a client tool": Addition(
        new={"templates/handover/teleprinter.txt.j2": "LOG IN {{ user | odbc }}\n"},
        changed={
            "wizard/handover/clients/command_line.py": after(
                r"^ROWS: .*\n",
                '    _row(\n        slug="teleprinter",\n        client="Teleprinter",\n        title="A tape",\n'
                '        language="text",\n        note="Punch it.",\n'
                '        source="https://docs.snowflake.com/",\n        template="teleprinter.txt.j2",\n    ),\n',
            ),
        },
        most=2,
        written=("tests/handover/golden/public/teleprinter.txt.golden",),
    ),
    "a secret store": Addition(
        new={
            "templates/handover/stores/drawer.j2": (
                "{% block store %}\ndrawer put {{ name | shell }} < {{ path }}\n{% endblock %}\n"
                "{% block read %}\ndrawer get {{ name | shell }} > {{ new }}\n{% endblock %}\n"
            ),
        },
        changed={
            "wizard/handover/stores.py": after(
                r"^STORES: .*\n",
                '    Store("drawer", "A drawer", "It takes what it is given.", "https://example.com/", longest=9),\n',
            ),
        },
        most=2,
    ),
    "a setting": Addition(
        new={},
        changed={
            "wizard/settings.py": after(r"^TABLE: .*\n", '    Setting("TEACUPS", "6", "How many teacups."),\n'),
            "README.md": after(r"^\| `WIZARD_HOST` \|.*\n", "| `WIZARD_TEACUPS` | 6 | How many teacups. |\n"),
        },
        most=2,
    ),
}

CONCERNED = [
    *(
        f"tests/test_journey.py::{test}"
        for test in (
            "test_steps_know_their_order_and_not_each_other",
            "test_each_answer_opens_the_next_step",
            "test_changing_an_answer_reopens_exactly_what_depends_on_it_and_putting_it_back_closes_it",
            "test_every_fact_comes_back",
        )
    ),
    "tests/web/steps/test_pastime.py",
    "tests/e2e/test_harness.py::test_the_walker_answers_every_step_before_the_test",
    "tests/checks/test_greeting.py",
    "tests/checks/test_rows.py::test_the_rows_are_in_this_order",
    "tests/checks/test_rows.py::test_the_test_stops_where_going_on_would_mislead_and_says_what_was_not_tried",
    "tests/web/steps/test_test.py::test_the_rows_come_one_by_one_where_htmx_asks",
    "tests/practice/test_scenarios.py::test_every_scenario_ends_as_it_says[fine]",
    "tests/practice/test_scenarios.py::test_every_scenario_ends_as_it_says[teapot]",
    "tests/practice/test_scenarios.py::test_a_probe_settles_what_one_refusal_leaves_open[twins]",
    "tests/diagnosis/test_probes.py::test_every_probe_has_its_facts",
    "tests/diagnosis/test_catalogue.py::test_a_cause_says_what_is_wrong_why_and_what_to_do[teapot-answered]",
    "tests/diagnosis/test_catalogue.py::test_its_words_are_kind_and_plain[teapot-answered]",
    "tests/web/test_causes.py::test_a_cause_has_a_page_that_begins_with_what_is_wrong_and_how_to_mend_it[teapot-answered]",
    "tests/handover/test_tools.py::test_every_text_is_as_it_was_when_somebody_last_read_it",
    "tests/handover/test_tools.py::test_every_row_has_a_template_of_its_name_and_every_template_a_row",
    "tests/handover/test_tools.py::test_every_row_says_what_to_do_and_where_its_settings_are_documented",
    "tests/handover/test_stores.py::test_every_store_has_a_template_of_its_name_and_every_template_a_row",
    "tests/handover/test_stores.py::test_a_store_takes_the_key_gives_it_back_and_says_where_that_is_documented[drawer]",
    "tests/web/test_key_stores.py::test_the_page_is_open_without_a_walk_and_says_that_the_name_is_an_example",
    "tests/test_settings.py::test_without_settings_the_wizard_listens_on_this_machine_only",
    "tests/test_readme.py::test_every_setting_is_in_the_readme_with_its_default_and_meaning[TEACUPS]",
    "tests/test_readme.py::test_every_cause_is_in_the_readme[teapot-answered]",
    "tests/test_readme.py::test_the_readme_names_no_setting_and_no_cause_that_is_gone",
]


def named(what: str) -> list[str]:
    """The files that a row of CONTRIBUTING.md names, as patterns."""
    paths = re.findall(r"`([\w./<>*]+\.[\w*.]+)`", TABLE[what])
    return [re.sub(r"<\w+>", "*", path) for path in paths]


@pytest.mark.parametrize("what", EXAMPLES)
def test_a_recipe_names_every_file_there_is_to_touch_and_no_more(what: str) -> None:
    example = EXAMPLES[what]
    touched = [*example.new, *example.changed]
    for file in touched:
        assert any(fnmatch(file, pattern) for pattern in named(what)), f"CONTRIBUTING.md does not name {file}"
    for pattern in named(what):
        everything = [*touched, *example.written]
        assert any(fnmatch(file, pattern) for file in everything), f"{pattern} needs no touch"
    assert len(touched) <= example.most


def test_what_was_added_by_the_recipes_works(tmp_path: Path) -> None:
    copy = tmp_path / "repository"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    for example in EXAMPLES.values():
        example.add_to(copy)

    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "--no-nu", "-p", "no:cacheprovider", *CONCERNED],
        cwd=copy, env={**os.environ, "UPDATE_GOLDEN": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ran.returncode == 0, ran.stdout[-4_000:] + ran.stderr[-1_000:]
    assert " passed" in ran.stdout
    written = EXAMPLES["a client tool"].written
    assert (copy / written[0]).read_text(encoding="utf-8") == "LOG IN JANE\n"
