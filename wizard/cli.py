"""The command ``keypair-wizard``: its parts, and what ends it."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence

from wizard.commands import diagnose, serve, test
from wizard.commands.program import USAGE
from wizard.settings import SettingsError

_INTERRUPTED, _UNREAD = 130, 141  # as shells count them: 128 and the number of the signal, SIGINT and SIGPIPE


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    0 after a clean stop, or for a login that passed; 1 for an address that can't be listened on, or a login that
    failed; 2 for arguments and settings that can't be used.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # what a terminal can't show doesn't end the program
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except SettingsError as error:
        print(f"keypair-wizard: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:  # whoever read along has read enough; Python would complain about it once more at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _UNREAD


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="keypair-wizard",
        description="A wizard that takes a person to a Snowflake key pair login that is proved to work.",
        epilog="Every setting is an environment variable as well (WIZARD_HOST, …); the README has the table.",
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    for command in (serve, test, diagnose):
        command.add_to(commands)
    return parser
