"""One login more, with one thing otherwise, after a login that failed. Which are made, :mod:`wizard.diagnosis.probes`
says; each is a row of its own, and what came of it is a fact that the diagnosis concludes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from wizard.checks import login as login_check
from wizard.checks.attempt import Attempt, Other
from wizard.checks.row import Row
from wizard.diagnosis.probes import PROBE_NAMED, Failure, Probe, speaks_of_a_lock, tried_by_probes, useful_probes
from wizard.secret import Secret
from wizard.snowflake.codes import meaning_of
from wizard.snowflake.login import Login

PATIENCE: Final = 15.0
"""Seconds for which the same token waits at most until it is no longer from the future."""
_A_MOMENT: Final = 2.0
ENDS: Final = "ends"
"""The fact of a row after which nothing more is tried."""


def others(login: Login, names: Iterable[str], signed: Mapping[str, Secret], usual: Secret) -> Mapping[str, Other]:
    """Return what each probe would send, by its name: a token that was ``signed`` for it, or the ``usual`` one."""
    sends: dict[str, Other] = {}
    for name, tried in tried_by_probes(login, names).items():
        token = signed.get(name) if PROBE_NAMED[name].own_token else usual
        if token:
            sends[name] = Other(tried, token)
    return sends


def probes_after(failed: Row, attempt: Attempt, earlier: tuple[Row, ...]) -> tuple[str, ...]:
    """Return the names of the probes that ``failed`` makes useful, in their order."""
    if failed.symptom is None or failed.facts.get(ENDS):
        return ()
    return useful_probes(Failure(failed.symptom, _ahead(earlier)), attempt.others)


def next_probe(failed: Row, answered: Mapping[str, Row]) -> str | None:
    """The name of the probe to make after the check that ``failed``; ``None`` when there is none left to make."""
    for name in failed.facts.get("probes", "").split():
        row = answered.get(name)
        if row is None:
            return name if name in PROBE_NAMED else None
        if row.facts.get(ENDS):
            return None
    return None


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a probe was answered: the row of the login check, and what a session of it would be."""

    row: Row
    waited: float

    @property
    def user(self) -> str:
        return self.row.facts.get("user", "")


def check(name: str, attempt: Attempt, earlier: tuple[Row, ...]) -> Row:
    """Make the probe of that name. Raises ``KeyError`` for one that this attempt has nothing to send for."""
    probe, other = PROBE_NAMED[name], attempt.others[name]
    waited = _wait(attempt, earlier) if probe.tells == "later" else 0.0
    there = replace(attempt, login=other.login, token=other.token, others={})
    answer = _Answer(login_check.check(there, ()), waited)
    shown, row = probe.shown(other.login), answer.row
    value = f"{waited:.0f}" if probe.tells == "later" else shown
    if row.facts.get("authenticated"):
        return _accepted(probe, shown, value, answer, attempt)
    if row.symptom is None or row.symptom.kind == "token":
        return Row(name, "skipped", f"Not tried: {row.sentence}", facts={ENDS: "yes"})
    if probe.tells != "host" and row.symptom.kind != "answer":
        return Row(name, "skipped", f"This could not be found out. {row.sentence}", row.words, facts={ENDS: "yes"})
    if probe.tells != "host" and speaks_of_a_lock(row.symptom):
        meaning = meaning_of(row.symptom.code) or row.sentence
        facts = {ENDS: "yes"}
        if probe.tells == "login-name" and row.symptom.code:
            facts["recognised-login-name"] = value
        return Row(name, "failed", f"With {shown}: {meaning}", row.words, symptom=row.symptom, facts=facts)
    facts = {f"refused-{probe.tells}": value}
    if probe.tells == "later" and (_ahead(earlier) or 0.0) > PATIENCE:
        facts = {}  # it may still have been too new
    if probe.tells == "host":
        return Row(name, "failed", f"No better at {shown}: {row.sentence}", row.words, facts=facts)
    what = f"the same token {value} seconds later" if probe.tells == "later" else f"a token with {shown}"
    return Row(name, "failed", f"Snowflake refused {what} as well.", row.words, facts=facts)


def _accepted(probe: Probe, shown: str, value: str, answer: _Answer, attempt: Attempt) -> Row:
    words, expected = answer.row.words, attempt.user_name or attempt.login.name
    if answer.user and expected and answer.user.upper() != expected.upper():
        sentence = f"Snowflake accepted a token with {shown}, but for another user: the session is {answer.user}."
        return Row(probe.name, "warned", sentence, words, facts={ENDS: "yes"})
    when = f" after {value} seconds" if probe.tells == "later" else ""
    where = "the token at" if probe.tells == "host" else "a token with" if probe.own_token else ""
    sentence = f"Snowflake accepted {f'{where} {shown}'.strip()}{when}. That is what was wrong."
    return Row(probe.name, "passed", sentence, words, facts={f"accepted-{probe.tells}": value, ENDS: "yes"})


def _ahead(earlier: tuple[Row, ...]) -> float | None:
    """By how many seconds the token was from the future; ``None`` where the clocks could not be compared."""
    clock = next((row for row in earlier if row.check == "clock"), None)
    try:
        return float(clock.facts["token_ahead"]) if clock else None
    except (KeyError, ValueError):
        return None


def _wait(attempt: Attempt, earlier: tuple[Row, ...]) -> float:
    """Wait until the token is no longer from the future, for a moment at least, and say for how long that was."""
    seconds = min(max((_ahead(earlier) or 0.0) + 1.0, _A_MOMENT), PATIENCE)
    attempt.network.sleep(seconds)
    return seconds
