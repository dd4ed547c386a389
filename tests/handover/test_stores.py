"""Secret stores: commands that a shell reads as they are meant, whatever the user is called, and that hold no key."""

from __future__ import annotations

import re
import shlex
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]
from hypothesis import given

from tests.handover.connections import CONNECTIONS, PUBLIC, hostile
from wizard.handover import STORES, Connection, Store, store_texts, stores_for, tool_named

TEMPLATES = Path(__file__).parents[2] / "templates" / "handover" / "stores"
ODD = ["JANE", "jane.o'\"brien@example.com", "$(rm -rf ~)", "`x`; exit", "Müller & Söhne", "日本", "-x", "a" * 255, "_"]

# What each store says of a secret's name.
NAMES = {
    "1password": r"[\w-]+",
    "aws": r"(?!.*-.{6}$)[A-Za-z0-9/_+=.@-]{1,512}",  # no hyphen before the last six: an ARN goes on like that
    "azure": r"[0-9A-Za-z-]{1,127}",
    "google": r"[0-9A-Za-z_-]{1,255}",
    "vault": r"[a-z0-9-]+(/[a-z0-9-]+)*",
    "kubernetes": r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
    "github": r"(?!GITHUB_)[A-Z_][A-Z0-9_]*",
}


def commands(store: Store, connection: Connection = PUBLIC, tool: str = "") -> dict[str, str]:
    """The commands of a store, by what they do."""
    texts = store_texts(store, connection, tool_named(tool))
    return {text.name: text.text for text in texts if text.language == "shell"}


def store(slug: str) -> Store:
    return next(row for row in STORES if row.slug == slug)


def test_every_store_has_a_template_of_its_name_and_every_template_a_row() -> None:
    assert {f"{row.slug}.j2" for row in STORES} == {path.name for path in TEMPLATES.iterdir()}


@pytest.mark.parametrize("row", STORES, ids=lambda row: row.slug)
def test_a_store_takes_the_key_gives_it_back_and_says_where_that_is_documented(row: Store) -> None:
    assert {"store", "read"} - set(commands(row)) == (set() if row.readable else {"read"})
    assert row.note.endswith(".")
    assert row.source.startswith("https://")


@pytest.mark.parametrize("row", STORES, ids=lambda row: row.slug)
@pytest.mark.parametrize("user", ODD)
def test_a_secret_is_named_for_its_user_by_the_rule_of_its_store(row: Store, user: str) -> None:
    name = row.name_for(user)
    assert re.fullmatch(NAMES[row.slug], name)
    assert name.lower().startswith("snowflake")
    for command in commands(row, replace(PUBLIC, user=user)).values():
        assert name in command or "mv " in command


def test_the_names_of_users_stay_recognisable() -> None:
    assert store("azure").name_for("jane.o'brien@example.com") == "snowflake-jane-o-brien-example-com"
    assert store("github").name_for("SVC_ETL") == "SNOWFLAKE_PRIVATE_KEY_SVC_ETL"
    assert store("aws").name_for("Müller") == "snowflake/muller"
    assert store("kubernetes").name_for("日本") == "snowflake-key"


@pytest.mark.parametrize("row", STORES, ids=lambda row: row.slug)
@pytest.mark.parametrize("case", CONNECTIONS)
def test_a_shell_can_read_every_command(row: Store, case: str) -> None:
    for name, command in commands(row, CONNECTIONS[case]).items():
        subprocess.run(["bash", "-n"], input=command, text=True, check=True, capture_output=True)
        assert shlex.split(command), name


@given(user=hostile, folder=hostile)
def test_no_name_and_no_folder_gets_out_of_its_word(user: str, folder: str) -> None:
    told = replace(PUBLIC, user=user, key_folder=f"/{folder}")
    plain = replace(PUBLIC, user="x", key_folder="/y")
    for row in STORES:
        for name, command in commands(row, told).items():
            expected = shlex.split(commands(row, plain)[name])
            found = shlex.split(command)
            assert len(found) == len(expected)
            changed = {word for word, usual in zip(found, expected, strict=True) if word != usual}
            assert all(f"/{folder}" in word or row.name_for(user) in word for word in changed)


@pytest.mark.parametrize("row", STORES, ids=lambda row: row.slug)
def test_what_is_read_back_is_its_owner_s_alone_and_whole_before_it_replaces_anything(row: Store) -> None:
    if not row.readable:
        return
    told = commands(row)["read"]
    assert told.startswith('(umask 077; mkdir -p "$HOME"/.snowflake/keys && cd "$HOME"/.snowflake/keys &&\n')
    assert told.endswith(" &&\n  mv rsa_key.p8.new rsa_key.p8)")
    assert "rsa_key.p8.new" in told.splitlines()[1]


@pytest.mark.parametrize("failing", [False, True])
def test_a_store_that_does_not_answer_costs_nobody_the_key_that_is_there(tmp_path: Path, failing: bool) -> None:
    keys = tmp_path / ".snowflake" / "keys"
    keys.mkdir(parents=True)
    (keys / "rsa_key.p8").write_text("the old one")
    stand_in = f"aws() {{ echo 'the new one'; return {int(failing)}; }}\n"
    subprocess.run(
        ["bash", "-c", stand_in + commands(store("aws"))["read"]],
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert (keys / "rsa_key.p8").read_text().strip() == ("the old one" if failing else "the new one")
    if not failing:
        assert (keys / "rsa_key.p8").stat().st_mode & 0o777 == 0o600


def test_a_tool_that_opens_no_encrypted_key_gets_the_copy_without_a_passphrase() -> None:
    encrypted = replace(PUBLIC, encrypted=True)
    assert "rsa_key_plain.p8" in commands(store("vault"), encrypted, "spark")["store"]
    assert "rsa_key_plain.p8" not in commands(store("vault"), encrypted, "dbt")["store"]


def test_github_is_told_the_name_that_its_workflow_reads() -> None:
    tool = tool_named("github-actions")
    assert stores_for(tool)[0].slug == "github"
    assert commands(store("github"), tool="github-actions")["store"].startswith(
        "gh secret set SNOWFLAKE_PRIVATE_KEY_RAW <"
    )


def test_the_lines_for_a_platform_are_yaml_and_its_step_writes_the_key_as_it_was(tmp_path: Path) -> None:
    texts = {row.slug: [t.text for t in store_texts(row, PUBLIC) if t.language == "yaml"] for row in STORES}
    mounted = yaml.safe_load(texts["kubernetes"][0])
    assert mounted["volumes"][0]["secret"] == {"secretName": "snowflake-jane", "defaultMode": 0o400}
    [step] = yaml.safe_load(texts["github"][0])
    assert step["env"] == {"PRIVATE_KEY": "${{ secrets.SNOWFLAKE_PRIVATE_KEY_JANE }}"}
    key = "-----BEGIN KEY-----\nAAAA%s\\n\n-----END KEY-----"
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "PRIVATE_KEY": key}
    subprocess.run(["bash", "-e", "-c", step["run"]], env=environment, check=True)
    written = tmp_path / ".snowflake" / "keys" / "rsa_key.p8"
    assert written.read_text() == key + "\n"
    assert written.stat().st_mode & 0o777 == 0o600
