"""``keypair-wizard test``: the live test of the page, for jobs and for people on servers."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.web.walking import private_pem, public_base64
from wizard.checks.network import Limits, Network
from wizard.cli import _parser
from wizard.commands.test import Surroundings, log_in_once
from wizard.practice.practice import Practice
from wizard.practice.sql import first_session
from wizard.practice.users import HOST
from wizard.practice.wire import Asked, Reply

ACCOUNT = "practice-snowflake"
ROOT = Path(__file__).parents[1]


@dataclass
class Ran:
    """What the command said, and with which code it ended."""

    code: int
    out: str
    progress: str

    @property
    def told(self) -> dict:
        told: dict = json.loads(self.out)
        return told

    @property
    def causes(self) -> list[str]:
        return [finding["cause"] for finding in self.told["findings"]]


@pytest.fixture(scope="module")
def practice(rsa_2048: rsa.RSAPrivateKey) -> Iterator[Practice]:
    with Practice() as started:
        yield started


@pytest.fixture
def registered(practice: Practice, rsa_2048: rsa.RSAPrivateKey) -> Iterator[Practice]:
    """The practice Snowflake, which holds the key of JANE and behaves."""
    sql = f"ALTER USER JANE SET RSA_PUBLIC_KEY='{public_base64(rsa_2048)}';"
    assert not practice.run(sql, first_session(practice, "PRACTICE_ADMIN")).failed
    yield practice
    practice.forget()


Run = Callable[..., Ran]


@pytest.fixture
def run(registered: Practice, tmp_path: Path, rsa_2048: rsa.RSAPrivateKey) -> Run:
    """Run the command with JANE's key; arguments and what the machine gives can be said otherwise."""
    file = tmp_path / "rsa_key.p8"
    file.write_bytes(private_pem(rsa_2048))
    skipped: list[float] = []

    def ran(
        *more: str,
        key: Path = file,
        ask: Callable[[str], str] | None = None,
        progress: io.StringIO | None = None,
        **environment: str,
    ) -> Ran:
        arguments = ["test", "--account", ACCOUNT, "--user", "JANE", "--private-key-file", str(key), *more]
        out, progress = io.StringIO(), progress or io.StringIO()
        network = Network(
            practice=registered.endpoint_for,
            monotonic=lambda: time.monotonic() + sum(skipped),
            sleep=skipped.append,
            limits=Limits(read=2.0, exchange=4.0),
        )
        here = Surroundings({"WIZARD_TRUSTED_HOSTS": HOST} | environment, lambda _: network, ask, out, progress)
        return Ran(log_in_once(_parser().parse_args(arguments), here), out.getvalue(), progress.getvalue())

    return ran


def refused(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program as a person does, with arguments that it doesn't take."""
    return subprocess.run(
        [sys.executable, "-m", "wizard", "test", *arguments],
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"} | environment,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_a_key_pair_that_is_restricted_to_a_role_wants_that_role(
    run: Run, registered: Practice, rsa_2048: rsa.RSAPrivateKey
) -> None:
    key = public_base64(rsa_2048)
    sql = (
        "ALTER USER JANE UNSET RSA_PUBLIC_KEY;"
        f"ALTER USER JANE ADD KEY PAIR A PUBLIC_KEY = '{key}' ROLE_RESTRICTION = 'ANALYST';"
    )
    assert not registered.run(sql, first_session(registered, "PRACTICE_ADMIN")).failed
    assert run("--json").causes[0] == "role-not-granted"
    assert run("--role", "analyst").code == 0
    other = run("--role", "LOADER")
    assert other.code == 1 and "did not let this key in with the role LOADER" in other.progress


# --- a login that works -----------------------------------------------------------------------------------------------
def test_a_login_that_works_ends_with_0_and_each_check_on_a_line(run: Run) -> None:
    ran = run()
    assert ran.code == 0
    lines = ran.progress.splitlines()
    assert lines[0] == f"The login of JANE at {HOST}"
    assert [line.split()[0] for line in lines[2:]] == ["passed"] * 7
    assert "The private key: The private key opens." in lines[2]
    assert ran.out == "\nIt connects.\n\n"


def test_a_row_is_printed_as_soon_as_its_check_has_ended(run: Run, registered: Practice) -> None:
    progress, printed_before = io.StringIO(), []
    answer = registered.answer

    def noting(asked: Asked) -> Reply:
        printed_before.append(progress.getvalue())
        return answer(asked)

    registered.answer = noting  # type: ignore[method-assign]
    try:
        assert run(progress=progress).code == 0
    finally:
        del registered.answer
    assert "passed   The private key" in printed_before[0]
    assert "The login: " not in printed_before[0]
    assert "passed   The login: " in printed_before[-1]


def test_it_passes_with_a_remark_where_only_the_role_is_missing(run: Run, registered: Practice) -> None:
    registered.play("role-not-granted")
    ran = run("--json")
    assert (ran.code, ran.told["verdict"], ran.causes) == (0, "passed", ["role-not-granted"])


# --- a login that fails -----------------------------------------------------------------------------------------------
def test_a_login_that_fails_ends_with_1_the_cause_and_what_mends_it(
    run: Run, registered: Practice, rsa_2048: rsa.RSAPrivateKey
) -> None:
    registered.play("key-not-registered")
    ran = run()
    assert ran.code == 1
    assert "failed   The login: " in ran.progress
    assert "skipped  The user and the account: Not tried" in ran.progress
    assert "It does not connect yet." in ran.out
    assert "The public key is not on this user (key-not-registered; " in ran.out
    assert f"ALTER USER JANE SET RSA_PUBLIC_KEY='{public_base64(rsa_2048)}';" in ran.out
    assert "More: /causes/key-not-registered\n" in ran.out
    assert "keypair-wizard serve" in ran.out


def test_the_address_of_a_causes_page_is_whole_where_the_wizards_is_known(run: Run, registered: Practice) -> None:
    registered.play("network-policy")
    ran = run(WIZARD_PUBLIC_URL="https://keys.example.com")
    assert "More: https://keys.example.com/causes/network-policy\n" in ran.out


def test_the_same_as_data(run: Run, registered: Practice) -> None:
    registered.play("network-policy")
    ran = run("--json")
    assert ran.code == 1
    assert ran.told["verdict"] == "failed"
    assert (ran.told["host"], ran.told["user"]) == (HOST, "JANE")
    assert [row["status"] for row in ran.told["checks"]] == [*["passed"] * 4, "failed", *["skipped"] * 2]
    assert ran.causes[0] == "network-policy"
    assert ran.told["findings"][0]["page"] == "/causes/network-policy"
    assert ran.told["findings"][0]["fixes"][0]["who"] == "your Snowflake administrator"
    assert "failed   The login" in ran.progress


def test_the_login_name_goes_into_the_token_and_the_user_name_into_the_statements(
    run: Run, registered: Practice
) -> None:
    registered.play("login-name-differs")
    assert "login-name-differs" in run("--json").causes
    assert run("--login-name", "jane@practice.example").code == 0


def test_a_refused_login_name_is_followed_by_the_user_name_which_settles_it(run: Run, registered: Practice) -> None:
    ran = run("--login-name", "jane@elsewhere.example")
    assert ran.code == 1
    assert "2 tokens were signed, in case one is refused" in ran.progress
    rows = [line for line in ran.progress.splitlines() if ": " in line and "|" not in line]
    order = [line.partition(":")[0].split(maxsplit=1) for line in rows]
    assert order[4:6] == [["failed", "The login"], ["passed", "The other login name"]]
    assert "(login-name-differs; this is the cause)" in ran.out
    assert "Enter JANE as the login name" in ran.out
    told = run("--login-name", "jane@elsewhere.example", "--json")
    assert [row["check"] for row in told.told["checks"]][4:6] == ["login", "probe-name"]
    assert told.causes == ["login-name-differs"]


def test_the_accounts_other_name_is_tried_as_well(run: Run) -> None:
    ran = run("--account", "jdbc:snowflake://practice-snowflake.localhost/?account=PX00000", "--json")
    assert (ran.code, ran.causes) == (1, ["account-form"])
    assert {row["check"]: row["status"] for row in ran.told["checks"]}["probe-account"] == "passed"
    assert f"jdbc:snowflake://{HOST}/?account=PRACTICE-SNOWFLAKE" in ran.told["findings"][0]["fixes"][0]["what"]


def test_a_locked_user_is_asked_for_once(run: Run, registered: Practice) -> None:
    registered.play("locked")
    ran = run("--login-name", "jane", "--json")
    assert ran.causes[0] == "user-locked"
    assert not [row for row in ran.told["checks"] if row["check"].startswith("probe-")]


# --- the key file and its passphrase ----------------------------------------------------------------------------------
def sealed(folder: Path, key: rsa.RSAPrivateKey) -> Path:
    file = folder / "sealed.p8"
    file.write_bytes(private_pem(key, "a long passphrase"))
    return file


def test_the_passphrase_comes_by_a_variable(run: Run, tmp_path: Path, rsa_2048: rsa.RSAPrivateKey) -> None:
    file = sealed(tmp_path, rsa_2048)
    assert run(key=file, PRIVATE_KEY_PASSPHRASE="a long passphrase").code == 0
    assert run("--passphrase-env", "OURS", key=file, OURS="a long passphrase").code == 0


def test_it_is_asked_for_where_somebody_can_answer(run: Run, tmp_path: Path, rsa_2048: rsa.RSAPrivateKey) -> None:
    assert run(key=sealed(tmp_path, rsa_2048), ask=lambda _: "a long passphrase").code == 0


def test_nobody_is_asked_for_a_passphrase_that_is_not_needed(run: Run) -> None:
    assert run(ask=lambda _: pytest.fail("asked")).code == 0


def test_a_missing_passphrase_names_the_variable(run: Run, tmp_path: Path, rsa_2048: rsa.RSAPrivateKey) -> None:
    ran = run("--json", key=sealed(tmp_path, rsa_2048))
    assert (ran.code, ran.causes) == (1, ["passphrase-missing"])
    assert "PRIVATE_KEY_PASSPHRASE" in ran.told["checks"][0]["sentence"]


def test_no_answer_is_a_missing_passphrase(run: Run, tmp_path: Path, rsa_2048: rsa.RSAPrivateKey) -> None:
    def hangs_up(_: str) -> str:
        raise EOFError

    assert run("--json", key=sealed(tmp_path, rsa_2048), ask=hangs_up).causes == ["passphrase-missing"]


def test_a_wrong_passphrase_is_the_cause_and_is_said_nowhere(
    run: Run, tmp_path: Path, rsa_2048: rsa.RSAPrivateKey
) -> None:
    ran = run("--json", key=sealed(tmp_path, rsa_2048), PRIVATE_KEY_PASSPHRASE="another passphrase")
    assert (ran.code, ran.causes) == (1, ["passphrase-wrong"])
    assert "another passphrase" not in ran.out + ran.progress


@pytest.mark.parametrize("name", ["no_such_key.p8", "."])
def test_a_file_that_is_not_there_is_named_as_the_cause(run: Run, tmp_path: Path, name: str) -> None:
    ran = run("--json", key=tmp_path / name)
    assert (ran.code, ran.causes[0]) == (1, "key-file-missing")
    assert [row["status"] for row in ran.told["checks"]] == ["failed", *["skipped"] * 6]


def test_neither_key_nor_token_is_printed(run: Run, registered: Practice, rsa_2048: rsa.RSAPrivateKey) -> None:
    registered.play("wrong-key")
    for ran in (run(), run("--json")):
        printed = ran.out + ran.progress
        assert "PRIVATE KEY" not in printed
        assert "eyJ" not in printed


# --- arguments that can't be used -------------------------------------------------------------------------------------
GIVEN = ("--account", "myorg-acct", "--user", "JANE", "--private-key-file", "rsa_key.p8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--user", "JANE"), "--account"),
        (("--account", "what?", *GIVEN[2:]), "account"),
        (("--account", "xy12345", *GIVEN[2:]), "with its region: xy12345.eu-central-1"),
        ((*GIVEN[:2], "--user", " ", *GIVEN[4:]), "The user name is empty."),
        ((*GIVEN, "--passphrase-env", "hunter2hunter2"), "no variable of the given name is set"),
        ((*GIVEN, "--passphrase", "hunter2hunter2"), "can be read by everybody on this machine"),
    ],
)
def test_what_can_not_be_used_ends_with_2_and_says_why(arguments: tuple[str, ...], said: str) -> None:
    ended = refused(*arguments)
    assert ended.returncode == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "hunter2" not in ended.stderr + ended.stdout


def test_a_setting_that_can_not_be_used_ends_with_2() -> None:
    ended = refused(*GIVEN, WIZARD_TRUSTED_HOSTS="https://somewhere/")
    assert ended.returncode == 2
    assert "WIZARD_TRUSTED_HOSTS" in ended.stderr


def test_no_secret_key_of_the_wizards_is_made_for_it(tmp_path: Path) -> None:
    ended = refused(*GIVEN, WIZARD_DATA_DIR=str(tmp_path), WIZARD_TRUSTED_HOSTS="/")
    assert ended.returncode == 2
    assert list(tmp_path.iterdir()) == []
