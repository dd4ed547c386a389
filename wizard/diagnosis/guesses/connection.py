"""Guesses at what stands between this server and Snowflake: names, addresses, certificates, clocks, proxies."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wizard.diagnosis.guesses.guess import Guess, Guesses, host_of, is_privatelink, skew_of
from wizard.diagnosis.symptom import Background, Symptom


def name_not_found(_symptom: Symptom, background: Background) -> Guesses:
    host = host_of(background)
    if is_privatelink(background):
        yield Guess(
            "privatelink-name", f"{host} is a PrivateLink name, and this machine's name servers don't know it.", 90
        )
    yield Guess(
        "host-not-found",
        f"The name servers of this machine don't know {host}.",
        80,
        certain=not is_privatelink(background),
    )


def address(symptom: Symptom, background: Background) -> Guesses:
    address = symptom.facts.get("ip", "") or "an address inside a private network"
    host = host_of(background)
    yield Guess(
        "address-not-vouched", f"{host} resolves to {address}, and nobody has vouched for this host.", 90, certain=True
    )
    if not is_privatelink(background):
        yield Guess(
            "privatelink-name",
            "The public name leads into a private network, as it does where PrivateLink is set up for it.",
            40,
        )
        yield Guess("proxy-page", "A name server or proxy may be answering in Snowflake's place.", 20)


def public_address(symptom: Symptom, background: Background) -> Guesses:
    address = symptom.facts.get("ip", "") or "a public address"
    yield Guess(
        "privatelink-name",
        f"{host_of(background)} is a PrivateLink name, but resolves here to {address}, which is public.",
        90,
        certain=True,
    )


def no_connection(symptom: Symptom, background: Background) -> Guesses:
    host = host_of(background)
    seen = {
        "timeout": f"{host} resolves, but nothing answered in time.",
        "refused": f"{host} resolves, but the connection was refused.",
        "reset": f"The connection to {host} was cut off on the way.",
        "cut": f"The answer from {host} ended before it was complete.",
    }[symptom.kind]
    yield Guess("connection-blocked", seen, 80)
    if is_privatelink(background):
        yield Guess(
            "privatelink-name", f"{host} can only be reached from inside the private network it belongs to.", 85
        )
    if symptom.kind in ("reset", "cut"):
        yield Guess("tls-intercepted", "Inspecting proxies often cut connections that they can't open.", 40)
    if symptom.kind in ("timeout", "cut"):
        yield Guess("snowflake-unavailable", "Snowflake itself may be slow at the moment.", 20)


def certificate_issuer(symptom: Symptom, _background: Background) -> Guesses:
    issuer = symptom.facts.get("issuer", "")
    seen = (
        f"The certificate was issued by {issuer}, which this machine does not trust."
        if issuer
        else ("The certificate's issuer is not one that this machine trusts.")
    )
    yield Guess("tls-intercepted", seen, 90, certain=bool(issuer))


def certificate_name(symptom: Symptom, background: Background) -> Guesses:
    host = host_of(background)
    names = symptom.facts.get("names", "")
    seen = f"The certificate is for {names}, not for {host}." if names else f"The certificate is not for {host}."
    if "_" in host:
        yield Guess("account-underscore", f"There is an underscore in {host}.", 92)
    yield Guess("tls-name-mismatch", seen, 90, certain="_" not in host and "snowflakecomputing" in names)
    if "snowflake" not in names:
        yield Guess("tls-intercepted", "A proxy that opens connections may show its own certificate.", 60)
    if background.account and background.account.locator:
        yield Guess("account-not-found", "The account is given as a locator, whose region may be wrong.", 50)


def tls(_symptom: Symptom, background: Background) -> Guesses:
    host = host_of(background)
    if "_" in host:
        yield Guess("account-underscore", f"There is an underscore in {host}.", 92)
    yield Guess("tls-intercepted", "The encrypted connection could not be set up.", 70)
    yield Guess("connection-blocked", "Something between this machine and Snowflake may cut connections off.", 60)
    yield Guess("tls-name-mismatch", f"The server behind {host} may not be the one for this account.", 30)


_CLOCKS: Mapping[str, str] = MappingProxyType(
    {
        "server": "the clock of the server that runs this wizard",
        "browser": "the clock of your computer",
        "yours": "the clock of the computer that signed the token",
    }
)


def clock(symptom: Symptom, _background: Background) -> Guesses:
    whose = symptom.facts.get("whose_clock", "") or "one of the clocks"
    whose = _CLOCKS.get(whose, whose)
    seconds = abs(skew_of(symptom))
    by = f"by {seconds:.0f} seconds " if seconds else ""
    yield Guess(
        "clock-skew",
        f"Compared with Snowflake's clock, {whose} is off {by}.".replace(" .", "."),
        90,
        certain=bool(seconds),
    )


def not_json(symptom: Symptom, background: Background) -> Guesses:
    status = symptom.http_status
    host = host_of(background)
    if status in (403, 404):
        yield Guess(
            "account-not-found", f"{host} answered {status} with something else than Snowflake's usual message.", 90
        )
        if background.account and background.account.locator and not background.account.region:
            yield Guess(
                "account-not-found",
                f"{host} answered {status}, and the locator is given without a region, which means AWS US "
                f"West (Oregon).",
                95,
            )
    if status == 407:
        yield Guess("connection-blocked", "The proxy on the way out asks for a user and a password.", 95, certain=True)
    if status == 429:
        yield Guess("rate-limited", "The answer was 429, too many requests.", 95, certain=True)
    if status >= 500:
        yield Guess("snowflake-unavailable", f"The answer was {status}, which is a fault on the server's side.", 80)
    yield Guess("proxy-page", f"The answer{f' with status {status}' if status else ''} is not JSON.", 60)


def redirect(_symptom: Symptom, background: Background) -> Guesses:
    yield Guess(
        "proxy-page",
        f"The request to {host_of(background)} was sent elsewhere, which Snowflake's interface does not do.",
        80,
    )
    yield Guess("account-not-found", "The account may have been renamed or moved.", 30)


def too_large(_symptom: Symptom, background: Background) -> Guesses:
    yield Guess(
        "proxy-page", f"{host_of(background)} sent more than one megabyte where Snowflake sends a few lines.", 80
    )
