"""What the operator gave: environment variables, and one TOML file that stands behind them.

Every value is asked for by its setting's name (``PORT``), wherever it came from. One that can't be used is refused with
a sentence that says where it stands: the variable, or the file and the line.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

PREFIX = "WIZARD_"
LARGEST_FILE = 64 * 1024  # bytes
LARGEST_NUMBER = 64  # bits, as TOML has them
# What tells the process itself where it runs, and what no file should hold that people pass on.
_NOT_IN_THE_FILE = {
    "CONFIG": "It names this file.",
    "CONTAINER": "The container image sets it.",
    "SECRET_KEY": "A file of settings is passed on and kept: name the key's own file in secret_key_file, or set "
    "WIZARD_SECRET_KEY.",
    "OLD_SECRET_KEYS": "A file of settings is passed on and kept: name the keys' own file in old_secret_keys_file, or "
    "set WIZARD_OLD_SECRET_KEYS.",
}

Value = str | tuple[str, ...] | dict[str, str]


class SettingsError(ValueError):
    """A setting that can't be used; the message is written for the operator."""


class Given:
    """The values by the names of their settings. An empty text is as good as none."""

    def __init__(self, environment: Mapping[str, str], known: Collection[str]) -> None:
        """Read the variables of ``environment``, and the file that WIZARD_CONFIG names. ``known`` are all settings.

        Raises :class:`SettingsError` for a file that can't be used. A variable that nobody knows is told in ``advice``.
        """
        ours = {name: value.strip() for name, value in environment.items() if name.startswith(PREFIX)}
        variables = sorted(PREFIX + name for name in known)
        self.advice = [
            f"{name} is not a setting of the wizard and does nothing. The settings are: {', '.join(variables)}."
            for name in sorted(ours.keys() - set(variables))
        ]
        for name in filter(ours.__contains__, variables):
            try:
                ours[name].encode()
            except UnicodeEncodeError:  # Python keeps such bytes, in a form that nothing can write
                raise SettingsError(f"{name} holds bytes that are no text; text in UTF-8 is expected.") from None
        self._variables = {name.removeprefix(PREFIX): value for name, value in ours.items() if value}
        self._file = _File(Path(self._variables["CONFIG"]), known) if "CONFIG" in self._variables else None

    def _value(self, name: str) -> Value:
        if name in self._variables:
            return self._variables[name]
        return self._file.values.get(name, "") if self._file else ""

    def _is_of_the_file(self, name: str) -> bool:
        return name not in self._variables and self._file is not None and name in self._file.values

    def where(self, name: str, *keys: str) -> str:
        """Say where a value stands: ``WIZARD_PORT``, or ``port (wizard.toml, line 3)``; ``keys`` lead into a table."""
        if self._file is None or not self._is_of_the_file(name):
            return PREFIX + name
        return f"{'.'.join((name.lower(), *keys))} ({self._file.path}, line {self._file.line_of(name, *keys)})"

    def refusal(self, name: str, expected: str) -> SettingsError:
        """Return the error that says what stands there, and what is ``expected``: a sentence, without its full stop."""
        value = self._value(name)
        shown = value if isinstance(value, str) else ", ".join(value)
        return SettingsError(f"{self.where(name)} is {shown!r}; {expected}.")

    def text(self, name: str, default: str = "") -> str:
        value = self._value(name)
        if not isinstance(value, str):
            raise self.refusal(name, "a single text is expected")
        return value or default

    def line(self, name: str, longest: int) -> str:
        """Return words for people: one line, of ``longest`` characters at most."""
        line = " ".join(self.text(name).split())
        if len(line) > longest or not line.isprintable():
            raise self.refusal(name, f"{longest} characters at most are expected, all of them to be seen")
        return line

    def number(self, name: str, default: int, lowest: int, highest: int) -> int:
        text = self.text(name)
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 10 and lowest <= int(text) <= highest):
            raise self.refusal(name, f"a whole number from {lowest} to {highest} is expected")
        return int(text)

    def switch(self, name: str, default: bool = False) -> bool:
        text = self.text(name).lower()
        if not text:
            return default
        if text in {"on", "1", "true", "yes"}:
            return True
        if text in {"off", "0", "false", "no"}:
            return False
        raise self.refusal(name, "on or off is expected")

    def file(self, name: str) -> Path | None:
        """Return the path of a file that is there. One that the TOML file names is looked for beside it."""
        text = self.text(name)
        if not text:
            return None
        path = self._file.path.parent / text if self._file and self._is_of_the_file(name) else Path(text)
        if not path.is_file():
            raise SettingsError(f"{self.where(name)} names {text!r}, and there is no such file.")
        return path

    def words(self, name: str) -> tuple[str, ...]:
        """Return a list: of the file, or separated by commas."""
        value = self._value(name)
        if isinstance(value, dict):
            raise self.refusal(name, "a list is expected")
        return tuple(filter(None, (word.strip() for word in (value.split(",") if isinstance(value, str) else value))))

    def pairs(self, name: str) -> dict[str, str]:
        """Return a table of names: one of the file, or ``name = value`` separated by commas. A value names itself."""
        value = self._value(name)
        if isinstance(value, dict):
            return value
        found: dict[str, str] = {}
        for first, equals, second in (word.partition("=") for word in self.words(name)):
            key = first.strip()
            if key in found:
                raise SettingsError(f"{self.where(name)}: {key!r} stands there twice; each name is expected once.")
            found[key] = (second if equals else first).strip()
        return found


class _File:
    """One TOML file: its values by the names of the settings."""

    def __init__(self, path: Path, known: Collection[str]) -> None:
        self.path = path
        try:
            content = path.read_bytes()
            if len(content) > LARGEST_FILE:
                raise SettingsError(f"WIZARD_CONFIG names {path}, which has more than {LARGEST_FILE // 1024} kB.")
            self._text = content.decode()
            told = tomllib.loads(self._text)
        except OSError as error:
            raise SettingsError(
                f"WIZARD_CONFIG names {str(path)!r}, which can't be read ({error.strerror}). The path of a TOML file "
                "is expected."
            ) from None
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise SettingsError(f"{path}, line {line}: text in UTF-8 is expected, as TOML asks for it.") from None
        except tomllib.TOMLDecodeError as error:
            words, _, place = str(error).partition(" (at ")
            raise SettingsError(
                f"{path}, {place.rstrip(')') or 'line 1'}: this can't be read as TOML. {words}."
            ) from None
        except RecursionError:
            raise SettingsError(f"{path}: lists and tables are nested too deeply to be read.") from None
        except ValueError:  # Python turns no more than 4,300 digits into a number
            raise SettingsError(f"{path}: a number has too many digits to be one.") from None
        names = {name.lower(): name for name in known}
        for key in told:
            self._refuse_unusable(key, names)
        self.values = {names[key]: self._usable(key, value) for key, value in told.items()}

    def line_of(self, name: str, *keys: str) -> int:
        """Return the number of the line that a value begins in.

        Its lines are those that make TOML of what stands before them and hold it, and that are none by themselves
        one line earlier: the reader of Python's library doesn't tell.
        """
        lines, before = self._text.split("\n"), 0
        for number in range(1, len(lines) + 1):
            try:
                told: Any = tomllib.loads("\n".join(lines[:number]))
            except tomllib.TOMLDecodeError:
                continue
            for key in (name.lower(), *keys):
                told = told.get(key) if isinstance(told, dict) else None
            if told is not None:
                return before + 1
            before = number
        return 1

    def _refuse_unusable(self, key: str, names: Mapping[str, str]) -> None:
        if key not in names:
            near = get_close_matches(key.lower(), names, 1)
            expected = f"Is {near[0]} meant?" if near else f"The settings are: {', '.join(sorted(names))}."
            raise SettingsError(f"{self._place_of(key)}: {key!r} is not a setting of the wizard. {expected}")
        if names[key] in _NOT_IN_THE_FILE:
            raise SettingsError(f"{self._place_of(key)}: {key} can't be set here. {_NOT_IN_THE_FILE[names[key]]}")

    def _place_of(self, key: str) -> str:
        return f"{self.path}, line {self.line_of(key)}" if key == key.lower() else str(self.path)

    def _usable(self, key: str, value: object) -> Value:
        if isinstance(value, bool):
            return "on" if value else "off"
        if isinstance(value, int) and value.bit_length() > LARGEST_NUMBER:
            raise SettingsError(f"{self._place_of(key)}: {key} is a number of too many digits.")
        if isinstance(value, str | int):
            return str(value).strip()
        if isinstance(value, list) and all(isinstance(word, str) for word in value):
            return tuple(value)
        if isinstance(value, dict) and all(isinstance(word, str) for word in value.values()):
            names = [name.strip() for name in value]
            if twice := [name for name in names if names.count(name) > 1]:
                raise SettingsError(
                    f"{self._place_of(key)}: {twice[0]!r} stands there twice; each name is expected once."
                )
            return dict(zip(names, map(str.strip, value.values()), strict=True))
        raise SettingsError(
            f"{self._place_of(key)}: {key} {_shown(value)}; a text, a whole number, true or false, or a list or a "
            "table of texts is expected."
        )


def _shown(value: object) -> str:
    try:
        return f"is {value!r}"
    except ValueError:  # a number inside of it that has too many digits to be written
        return "can't be shown"
