"""What the README says is what the code does."""

from pathlib import Path

import pytest

from wizard.diagnosis import CATALOGUE
from wizard.diagnosis.cause import Cause
from wizard.settings import TABLE, Setting

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("setting", TABLE, ids=lambda setting: setting.name)
def test_every_setting_is_in_the_readme_with_its_default_and_meaning(setting: Setting) -> None:
    assert f"| `{setting.variable}` | {setting.default or '–'} | {setting.meaning} |" in README


@pytest.mark.parametrize("cause", CATALOGUE.values(), ids=lambda cause: cause.id)
def test_every_cause_is_in_the_readme(cause: Cause) -> None:
    assert f"| `{cause.id}` | {cause.title} |" in README


def test_the_readme_names_no_setting_and_no_cause_that_is_gone() -> None:
    rows = [line.split("|")[1].strip(" `") for line in README.splitlines() if line.startswith("| `")]
    assert set(rows) == {setting.variable for setting in TABLE} | set(CATALOGUE)


def test_the_pictures_of_the_readme_are_there() -> None:
    assert (Path(__file__).parents[1] / "docs" / "screenshot.png").stat().st_size > 10_000
