"""Reads what ``SYSTEM$GET_LOGIN_FAILURE_DETAILS`` printed: the exact reason of a refused login.

Shape and codes: https://docs.snowflake.com/en/sql-reference/functions/system_get_login_failure_details
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from wizard.diagnosis.symptom import Symptom
from wizard.problem import Problem
from wizard.snowflake.codes import FAILURE_NAMES

MAX_BYTES = 64 * 1024
"""Longest text that is read, in bytes of UTF-8. The real output is one short line."""

_NUMBERS = {name: number for number, name in FAILURE_NAMES.items()}
_FIELD = re.compile(
    r'"{1,4}(clientIP|clientType|clientVersion|username|errorCode|timestamp)"{1,4} ?: ?'
    r'(?:"{1,4}([^"\n]{0,400})"|(-?\d{1,20}|null))'
)
_NAME_ALONE = re.compile(r"\bJWT_TOKEN_[A-Z_]{4,60}\b")
_CODE_ALONE = re.compile(rf"(?<!\d)(?:{'|'.join(FAILURE_NAMES)})(?!\d)")


class FailureDetailsError(Problem):
    """The text is not the output of ``SYSTEM$GET_LOGIN_FAILURE_DETAILS``."""


@dataclass(frozen=True, slots=True)
class FailureDetails:
    """What Snowflake wrote down about one refused login.

    * ``code``: ``394304`` and the like; a word where Snowflake gives one that has no number here
    * ``username``: the login that was tried, ``""`` when it was not recognised
    * ``client_ip``: the address it came from, as Snowflake saw it
    * ``timestamp``: as printed: epoch seconds or a date
    """

    code: str
    username: str = ""
    client_ip: str = ""
    timestamp: str = ""

    @property
    def symptom(self) -> Symptom:
        """The same, ready for :func:`wizard.diagnosis.diagnose`."""
        facts = {"user": self.username, "ip": self.client_ip}
        message = FAILURE_NAMES.get(self.code, self.code)
        return Symptom("answer", self.code, message=message, facts={k: v for k, v in facts.items() if v})


def read_failure_details(text: str) -> FailureDetails:
    """Read the pasted output: a JSON object, in a grid cell, in CSV with doubled quotes, or in a drawn table.

    Raises :class:`FailureDetailsError` when there is no error code in it.
    """
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise FailureDetailsError("This text is longer than 64 kB.", "Paste only the result of the statement.")
    if not text.strip():
        raise FailureDetailsError("Nothing was pasted.", "Run the statement in Snowflake and paste what it prints.")
    fields = _from_json(text) or _from_fragments(text)
    number = _number(fields.get("errorCode", ""))
    if not number:
        # A row of the login history, or a sentence that names the code.
        alone = _NAME_ALONE.search(text) or _CODE_ALONE.search(text)
        number = _number(alone[0]) if alone and "SYSTEM$" not in text.upper() else ""
    if not number:
        raise _not_the_output(text)
    if number == "OVERFLOW_FAILURE_EVENTS_ELIDED":
        raise FailureDetailsError(
            "Snowflake kept no details of this login: there were too many failed logins at that time.",
            "Run the test once more, and ask for the details of the new failure.",
        )
    return FailureDetails(number, fields.get("username", ""), fields.get("clientIP", ""), fields.get("timestamp", ""))


def _number(code: str) -> str:
    word = code.strip().upper()
    return _NUMBERS.get(word, word if re.fullmatch(r"\d{6}|[A-Z][A-Z0-9_]{3,60}", word) else "")


def _from_json(text: str) -> dict[str, str]:
    start = text.find("{")
    if start < 0:
        return {}
    try:
        value, _ = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return {}
    if isinstance(value, dict) and "errorCode" not in value and len(value) == 1:
        # snow --format json: one column, whose text is JSON again.
        inner = next(iter(value.values()))
        return _from_json(inner) if isinstance(inner, str) else {}
    if not isinstance(value, dict):
        return {}
    return {str(k): str(v)[:400] for k, v in value.items() if isinstance(v, str | int) and not isinstance(v, bool)}


def _from_fragments(text: str) -> dict[str, str]:
    """Fields out of a text whose quotes were doubled, escaped, or wrapped by a terminal."""
    lines = (line.strip().strip("|│").strip() for line in text.replace('\\"', '"').split("\n"))
    return {m[1]: "" if m[3] == "null" else m[2] or m[3] or "" for m in _FIELD.finditer("".join(lines))}


def _not_the_output(text: str) -> FailureDetailsError:
    lowered = text.lower()
    if "insufficient privileges" in lowered or "not authorized" in lowered or "access control" in lowered:
        return FailureDetailsError(
            "Snowflake answered that your role may not see the details of logins.",
            "Ask an administrator with the MONITOR privilege on the account, or ACCOUNTADMIN, to run the statement.",
        )
    if "select" in lowered and "system$" in lowered:
        return FailureDetailsError(
            "This is the statement itself, not what Snowflake printed for it.",
            "Run it in Snowflake, then copy the result and paste that here.",
        )
    if lowered.strip(' \n\t"|') in ("null", "none", "{}"):
        return FailureDetailsError(
            "Snowflake knows no details for this id.",
            "Check that the whole id was copied, and that it is this account's.",
        )
    return FailureDetailsError(
        "There is no errorCode in this text.",
        "Paste the whole result of the statement. It begins with { and contains errorCode.",
    )
