"""What the commands share: how they are added to the program, and its exit codes."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    Subcommands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  # it has no other name

PASSED: Final = 0
FAILED: Final = 1
USAGE: Final = 2
