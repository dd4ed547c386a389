"""``keypair-wizard test``: log in once with a key pair, check by check, and say what is wrong when it fails.

The same checks as the wizard's page runs, for a job or a machine that has the key file and no browser. A passphrase
comes by a variable or is asked for: arguments can be read by everybody on the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from getpass import getpass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, NoReturn

from wizard import __version__
from wizard.commands.program import FAILED, PASSED, USAGE
from wizard.problem import Problem
from wizard.secret import Secret
from wizard.settings import Outside

if TYPE_CHECKING:
    from wizard.checks.key import Signed
    from wizard.checks.network import Network
    from wizard.checks.row import Row
    from wizard.commands.program import Subcommands
    from wizard.diagnosis import Background, Finding
    from wizard.snowflake.account import Account
    from wizard.snowflake.login import Login

VARIABLE: Final = "PRIVATE_KEY_PASSPHRASE"
"""Snowflake's own tools read the passphrase from this variable."""
_MOST_BYTES: Final = 1024 * 1024  # of a key file that is read; what is too long for a key says so itself


class _Refused(argparse.Action):
    """An option that isn't taken, because its value would be seen by others."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        parser.error(
            "a passphrase among the arguments can be read by everybody on this machine, and stays in the shell's "
            f"history. Put it into the variable {VARIABLE}, or run this in a terminal, which asks for it."
        )


def add_to(commands: Subcommands) -> None:
    """Add this command and its options to the program's."""
    parser = commands.add_parser(
        "test",
        help="log in once with a key pair, and say what is wrong when it fails",
        description="Log in once with a key pair: the checks of the wizard's live test, each printed as it ends, and "
        "the likely causes when one fails.",
        epilog="Exit codes: 0 the login passed, 1 it failed, 2 the arguments or settings can't be used. HTTPS_PROXY, "
        "NO_PROXY, REQUESTS_CA_BUNDLE and WIZARD_TRUSTED_HOSTS count as they do for the wizard.",
        allow_abbrev=False,
    )
    parser.set_defaults(run=run)
    parser.add_argument("--account", required=True, help="the account, in any form: myorg-my_account, an address …")
    parser.add_argument("--user", required=True, help="NAME of the user, as in SQL")
    parser.add_argument("--login-name", default="", help="LOGIN_NAME of the user, where it differs")
    parser.add_argument("--role", default="", help="the one role that the key's named key pair is restricted to")
    parser.add_argument("--private-key-file", required=True, type=Path, metavar="FILE", help="the private key")
    parser.add_argument(
        "--passphrase-env",
        metavar="NAME",
        help=f"the variable that holds the key's passphrase (default {VARIABLE}); in a terminal it is asked for",
    )
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON, and the progress on stderr")
    parser.add_argument("--passphrase", action=_Refused, help=argparse.SUPPRESS)


@dataclass(frozen=True)
class Surroundings:
    """What the command is given by the machine. ``ask`` asks for a secret, None where nobody can answer."""

    environment: Mapping[str, str]
    network: Callable[[Outside], Network]
    ask: Callable[[str], str] | None
    out: IO[str]
    progress: IO[str]


def run(options: argparse.Namespace) -> int:
    """Test the login, and return the exit code. Raises :class:`SettingsError`."""
    return log_in_once(
        options,
        Surroundings(
            environment=dict(os.environ),
            network=_network,
            ask=getpass if sys.stdin.isatty() else None,
            out=sys.stdout,
            progress=sys.stderr if options.json else sys.stdout,
        ),
    )


def _network(outside: Outside) -> Network:
    from wizard.checks.network import Network

    return Network(
        trusted_hosts=outside.trusted_hosts, environment=dict(os.environ), now=time.time, version=__version__
    )


def log_in_once(options: argparse.Namespace, here: Surroundings) -> int:
    """Test the login that ``options`` name. Returns the exit code; raises :class:`SettingsError`."""
    from wizard.checks.attempt import Attempt
    from wizard.checks.causes import causes_of
    from wizard.checks.probe import others as others_of
    from wizard.checks.runner import next_check, not_run, run_check, verdict
    from wizard.diagnosis import Background
    from wizard.snowflake.user import read_login_name, read_role_name, read_user_name

    outside = Outside.from_environment(here.environment)
    try:
        account = _account(options.account, outside)
        user = read_user_name(options.user).name
        name = read_login_name(options.login_name) if options.login_name else user
        role = read_role_name(options.role) if options.role else ""
        passphrase = _given_passphrase(options.passphrase_env, here)
    except Problem as problem:
        print(f"keypair-wizard test: {problem.message} {problem.fix}".rstrip(), file=sys.stderr)
        return USAGE
    tell = partial(_tell, here.progress)
    network = here.network(outside)
    print(f"The login of {name} at {account.host}\n", file=here.progress, flush=True)
    known = Background(account=account, user_name=user, login_name=name)
    login, (first, token, signed) = _key(options, passphrase, account, (name, user), network.now(), here)
    tell(first)
    rows: tuple[Row, ...] = (first,)
    if login is not None and token is not None:
        known = replace(known, fingerprint=login.key.fingerprint, public_key=login.key.base64)
        others = others_of(login, (name, user), signed, token)
        attempt = Attempt(login=login, token=token, network=network, user_name=user, restricted_to=role, others=others)
        while (due := next_check(rows)) is not None:
            rows = (*rows, run_check(due, attempt, rows))
            tell(rows[-1])
    for row in not_run(rows):
        rows = (*rows, row)
        tell(row)
    why, remarked = causes_of(rows, known)
    ended = _Ended(verdict(rows) == "passed", rows, why or remarked, known)
    (_print_data if options.json else _print_words)(ended, outside.public_url, here.out)
    return PASSED if ended.passed else FAILED


def _account(text: str, outside: Outside) -> Account:
    from wizard.snowflake.account import RegionMissing, read_account

    try:
        return read_account(text, vouched=outside.trusted_hosts)
    except RegionMissing as missing:
        raise Problem(
            missing.message, "Give --account as organization-account, or with its region: xy12345.eu-central-1."
        ) from None


def _given_passphrase(variable: str | None, here: Surroundings) -> Secret:
    if variable is not None and variable not in here.environment:
        # Not its name in the message: who has mistaken the option has put the passphrase there.
        raise Problem(
            "--passphrase-env takes the name of a variable, and no variable of the given name is set.",
            f"Leave it out where the variable is {VARIABLE}.",
        )
    return Secret(here.environment.get(variable or VARIABLE, ""))


def _key(
    options: argparse.Namespace,
    passphrase: Secret,
    account: Account,
    names: tuple[str, str],
    now: float,
    here: Surroundings,
) -> tuple[Login | None, Signed]:
    """Open the key file and sign a token for the first of ``names``; the other is what a probe may try.

    Returns the login where that worked, and what was signed.
    """
    from wizard.checks.key import Signed, check_key_alone, unusable

    try:
        content = _content(options.private_key_file)
        try:
            return check_key_alone(content, passphrase, account, names[0], now, names)
        except Problem as problem:
            if problem.cause != "passphrase-missing":
                raise
            if here.ask is None:
                variable = options.passphrase_env or VARIABLE
                raise Problem(
                    problem.message,
                    f"Set it in the variable {variable}, or run this in a terminal, which asks for it.",
                    cause=problem.cause,
                ) from None
            asked = Secret(_answer(here.ask))
            return check_key_alone(content, asked, account, names[0], now, names)
    except Problem as problem:
        return None, Signed(unusable(problem))


def _answer(ask: Callable[[str], str]) -> str:
    try:
        return ask("Passphrase of the private key: ")
    except EOFError:
        return ""


def _content(file: Path) -> bytes:
    """Return what is in the key file. Raises :class:`Problem` for one that can't be read, with its cause."""
    try:
        with file.expanduser().open("rb") as opened:
            return opened.read(_MOST_BYTES)
    except PermissionError:
        raise Problem(
            "This user may not read the key file.",
            "Run this as the user whose file it is.",
            cause="key-file-unreadable",
        ) from None
    except (OSError, RuntimeError, ValueError):  # a home folder that isn't known, a path with a NUL
        what = "That is a folder, and not a file." if _is_folder(file) else "There is no file at this path."
        raise Problem(what, f"Looked for: {file.absolute()}", cause="key-file-missing") from None


def _is_folder(file: Path) -> bool:
    with suppress(OSError, ValueError):
        return file.is_dir()
    return False


@dataclass(frozen=True)
class _Ended:
    """A test that has ended: its rows, the causes that they speak for, and what was known of the login."""

    passed: bool
    rows: Sequence[Row]
    findings: Sequence[Finding]
    known: Background


# --- telling ----------------------------------------------------------------------------------------------------------
def _tell(stream: IO[str], row: Row) -> None:
    """Print a row as soon as there is one; of what failed, the machine's own words too."""
    from wizard.checks.row import plain
    from wizard.checks.runner import TITLES

    took = f" ({row.milliseconds} ms)" if row.milliseconds else ""
    print(f"{row.status:8} {TITLES[row.check]}: {plain(row.sentence)}{took}", file=stream, flush=True)
    if row.status in ("failed", "warned"):
        for line in plain(row.words).splitlines():
            print(f"         | {line}", file=stream, flush=True)


def _print_words(ended: _Ended, public_url: str, out: IO[str]) -> None:
    from wizard.commands.findings import findings_in_words

    heading = "It connects." if ended.passed else "It does not connect yet."
    remarks = " It works, but fix this:" if ended.passed and ended.findings else ""
    print(f"\n{heading}{remarks}\n", file=out)
    for line in findings_in_words(ended.findings, public_url):
        print(line, file=out)


def _print_data(ended: _Ended, public_url: str, out: IO[str]) -> None:
    from wizard.commands.findings import findings_as_data

    known = ended.known
    told = {
        "verdict": "passed" if ended.passed else "failed",
        "host": known.account.host if known.account else "",
        "account": known.account.claim if known.account else "",
        "user": known.user_name,
        "login_name": known.login_name,
        "fingerprint": known.fingerprint,
        "checks": [
            {
                "check": row.check,
                "status": row.status,
                "sentence": row.sentence,
                "words": row.words,
                "milliseconds": row.milliseconds,
            }
            for row in ended.rows
        ],
        "findings": findings_as_data(ended.findings, public_url),
    }
    print(json.dumps(told, indent=2), file=out)
