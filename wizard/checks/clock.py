"""Do the clocks agree? A token carries the time it was signed at, and Snowflake refuses old ones.

https://docs.snowflake.com/en/user-guide/key-pair-auth-troubleshooting: a token must arrive within 60 seconds of its
issue (394302), before it expires (394303). Checked 2026-11.
"""

from __future__ import annotations

from dataclasses import replace
from email.utils import parsedate_to_datetime

from wizard.checks.attempt import Attempt
from wizard.checks.network import Endpoint, Network, Trouble
from wizard.checks.row import Row
from wizard.checks.transport import ask
from wizard.diagnosis.symptom import Symptom
from wizard.snowflake.clock import CLOSE_ENOUGH, LOGIN_AGE
from wizard.snowflake.token import issued_at

NAME = "clock"
TITLE = "The clocks"

_SECONDS_TO_ASK = 8.0


def check(attempt: Attempt, earlier: tuple[Row, ...]) -> Row:
    """Compare the Date that the host answers with to this server's clock, and to the signer's."""
    before = attempt.network.now()
    try:
        date = _date(attempt.network, attempt.endpoint)
    except Trouble as trouble:
        return Row(
            NAME, "skipped", "The clocks could not be compared: the host did not say what time it is.", trouble.words
        )
    return compare(date, before, attempt.network.now(), attempt, earlier)


def snowflake_ahead(network: Network, endpoint: Endpoint) -> float:
    """Return by how many seconds Snowflake's clock is ahead of this server's, 0.0 when the host doesn't say."""
    before = network.now()
    try:
        theirs = _read_date(_date(network, endpoint))
    except Trouble:
        return 0.0
    return theirs - (before + network.now()) / 2 if theirs is not None else 0.0


def _date(network: Network, endpoint: Endpoint) -> str:
    # Any answer will do: even a refusal carries the time.
    reply = ask(network, endpoint, "HEAD", "/", headers={"Accept": "*/*"}, seconds=_SECONDS_TO_ASK)
    return reply.headers.get("date", "")


def _read_date(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp() + 0.5  # the header leaves the part of a second out
    except (ValueError, TypeError, OverflowError):
        return None


def compare(date: str, before: float, after: float, attempt: Attempt, earlier: tuple[Row, ...]) -> Row:
    """Judge the clocks by a ``Date`` header that came between ``before`` and ``after``, in Unix seconds here."""
    theirs = _read_date(date)
    if theirs is None:
        return Row(NAME, "skipped", "The clocks could not be compared: the host did not say what time it is.")
    row = _judged(date, theirs, before, after, attempt, earlier)
    if issued := issued_at(attempt.token):
        row = replace(row, facts={**row.facts, "token_ahead": str(round(issued - theirs))})
    return row


def _judged(date: str, theirs: float, before: float, after: float, attempt: Attempt, earlier: tuple[Row, ...]) -> Row:
    middle = (before + after) / 2
    server_off = middle - theirs
    words = f"Date: {date[:60]}\nThis server's clock minus Snowflake's: {server_off:+.1f} s"
    issued = issued_at(attempt.token)
    signer = _signer(earlier)

    if signer == "person":
        return _of_own_tools(issued - theirs if issued else 0.0, server_off, words)
    if signer == "browser" and abs(server_off) > CLOSE_ENOUGH and abs(server_off + attempt.snowflake_ahead) < 5:
        return _of_corrected(server_off, words)
    facts = {"skew_seconds": str(round(server_off)), "whose_clock": "server"}
    if abs(server_off) > LOGIN_AGE:
        sentence = (
            f"The clock of the server that runs this wizard is {_amount(server_off)} {_side(server_off)} Snowflake's. "
            "Tokens signed by it are refused, so the test stops here."
        )
        return Row(NAME, "failed", sentence, words, symptom=Symptom("clock", message=words, facts=facts), facts=facts)
    if abs(server_off) > CLOSE_ENOUGH:
        sentence = (
            f"The clock of the server that runs this wizard is {_amount(server_off)} {_side(server_off)} Snowflake's. "
            "That is just close enough; set it right before it drifts further."
        )
        return Row(NAME, "warned", sentence, words, symptom=Symptom("clock", message=words, facts=facts), facts=facts)
    if attempt.browser_clock is not None and issued:
        browser_off = attempt.browser_clock - issued + server_off + attempt.snowflake_ahead
        if abs(browser_off) > CLOSE_ENOUGH:
            facts = {"skew_seconds": str(round(browser_off)), "whose_clock": "browser"}
            sentence = (
                f"Your computer's clock is {_amount(browser_off)} {_side(browser_off)} Snowflake's. This test does not "
                "suffer, because its token is timed by this server; your own tools will."
            )
            words += f"\nThe browser's clock minus Snowflake's: {browser_off:+.1f} s"
            symptom = Symptom("clock", message=words, facts=facts)
            return Row(NAME, "warned", sentence, words, symptom=symptom, facts=facts)
    return Row(NAME, "passed", f"The clocks agree to within {max(1, round(abs(server_off)))} s.", words, facts=facts)


def _of_corrected(server_off: float, words: str) -> Row:
    """A token that the browser timed by Snowflake's clock: this server's may be as wrong as it likes, but is told."""
    facts = {"skew_seconds": str(round(server_off)), "whose_clock": "server"}
    sentence = (
        f"The clock of the server that runs this wizard is {_amount(server_off)} {_side(server_off)} Snowflake's. This "
        "token does not suffer: your browser timed it by Snowflake's clock."
    )
    return Row(NAME, "warned", sentence, words, symptom=Symptom("clock", message=words, facts=facts), facts=facts)


def _of_own_tools(signed_ahead: float, server_off: float, words: str) -> Row:
    """A token signed elsewhere: only its own time matters, and one from the past may just be some seconds old."""
    words += f"\nThe token's issue time minus Snowflake's: {signed_ahead:+.1f} s"
    if signed_ahead > CLOSE_ENOUGH:
        facts = {"skew_seconds": str(round(signed_ahead)), "whose_clock": "yours"}
        symptom = Symptom("clock", message=words, facts=facts)
        sentence = f"The token comes from a computer whose clock is {_amount(signed_ahead)} ahead of Snowflake's."
        hopeless = signed_ahead > LOGIN_AGE
        return Row(NAME, "failed" if hopeless else "warned", sentence, words, symptom=symptom, facts=facts)
    facts = {"skew_seconds": str(round(server_off)), "whose_clock": "server"}
    if abs(server_off) > CLOSE_ENOUGH:
        sentence = (
            f"The clock of the server that runs this wizard is {_amount(server_off)} {_side(server_off)} Snowflake's. "
            "Your token does not suffer, because it was signed elsewhere."
        )
        symptom = Symptom("clock", message=words, facts=facts)
        return Row(NAME, "warned", sentence, words, symptom=symptom, facts=facts)
    return Row(NAME, "passed", "The clocks agree.", words, facts=facts)


def _signer(earlier: tuple[Row, ...]) -> str:
    return next((row.facts.get("signed_by", "") for row in earlier if row.check == "key"), "")


def _amount(seconds: float) -> str:
    amount = abs(round(seconds))
    if amount < 120:
        return f"{amount} seconds"
    return f"{amount} seconds ({amount / 60:.0f} minutes)" if amount < 7200 else f"{amount / 3600:.0f} hours"


def _side(seconds: float) -> str:
    return "ahead of" if seconds > 0 else "behind"
