"""What stands between the wizard and Snowflake: names, addresses, certificates, clocks, proxies.

These rules are about the wizard's own test, which knows what it met; what another program's error says of the same
things is told by its sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from wizard.diagnosis.facts import Evidence
from wizard.diagnosis.rules.opinion import Opinion, Opinions


def met(evidence: Evidence) -> Opinions:
    """What the connection test met."""
    if evidence.get("search-domain"):
        seen = f"{_host(evidence)} does not exist; a search domain or the hosts file of this machine answered for it."
        yield Opinion("host-not-found", seen, 93)
    if entry := evidence.get("no-proxy"):
        seen = f"NO_PROXY has “{entry}”, so the host was asked without the proxy that leads out of this network."
        yield Opinion("connection-blocked", seen, 94)
    if evidence.get("proxy") and evidence.get("privatelink"):
        seen = f"{_host(evidence)} was asked through a proxy, which mostly can't reach into a private network."
        yield Opinion("privatelink-name", seen, 92)
    for check in evidence.all("check"):
        if check.value in _MET:
            yield from _MET[check.value](evidence)


def _host(evidence: Evidence) -> str:
    return evidence.get("account-host") or "the host"


def skew(evidence: Evidence) -> float:
    """Seconds that a clock is off; 0.0 where nobody has measured."""
    return evidence.number("skew-seconds") or 0.0


def _name_not_found(evidence: Evidence) -> Opinions:
    host, private = _host(evidence), bool(evidence.get("privatelink"))
    if private:
        yield Opinion(
            "privatelink-name", f"{host} is a PrivateLink name, and this machine's name servers don't know it.", 90
        )
    yield Opinion("host-not-found", f"The name servers of this machine don't know {host}.", 80, certain=not private)


def _address(evidence: Evidence) -> Opinions:
    address = evidence.get("ip") or "an address inside a private network"
    host = _host(evidence)
    yield Opinion(
        "address-not-vouched", f"{host} resolves to {address}, and nobody has vouched for this host.", 90, certain=True
    )
    if not evidence.get("privatelink"):
        yield Opinion(
            "privatelink-name",
            "The public name leads into a private network, as it does where PrivateLink is set up for it.",
            40,
        )
        yield Opinion("proxy-page", "A name server or proxy may be answering in Snowflake's place.", 20)


def _public_address(evidence: Evidence) -> Opinions:
    address = evidence.get("ip") or "a public address"
    yield Opinion(
        "privatelink-name",
        f"{_host(evidence)} is a PrivateLink name, but resolves here to {address}, which is public.",
        90,
        certain=True,
    )


def _no_connection(evidence: Evidence) -> Opinions:
    host, kind = _host(evidence), evidence.get("check")
    seen = {
        "timeout": f"{host} resolves, but nothing answered in time.",
        "refused": f"{host} resolves, but the connection was refused.",
        "reset": f"The connection to {host} was cut off on the way.",
        "cut": f"The answer from {host} ended before it was complete.",
    }[kind]
    yield Opinion("connection-blocked", seen, 80)
    if evidence.get("privatelink"):
        yield Opinion(
            "privatelink-name", f"{host} can only be reached from inside the private network it belongs to.", 85
        )
    if kind in ("reset", "cut"):
        yield Opinion("tls-intercepted", "Inspecting proxies often cut connections that they can't open.", 40)
    if kind in ("timeout", "cut"):
        yield Opinion("snowflake-unavailable", "Snowflake itself may be slow at the moment.", 20)


def _certificate_issuer(evidence: Evidence) -> Opinions:
    issuer, signer = evidence.get("issuer"), evidence.get("certificate-signer")
    seen = (
        f"The certificate was issued by {issuer}, which this machine does not trust."
        if issuer
        else "The certificate's issuer is not one that this machine trusts."
    )
    match signer:
        case "inspecting":
            seen = f"{issuer} is no public authority, and made a certificate for {_host(evidence)} itself."
        case "public":
            seen = f"{issuer} is a public authority, but this machine’s list of those is too old or lacks it."
        case "stranger":
            yield Opinion("proxy-page", f"Something with a certificate of {issuer} answered in Snowflake’s place.", 70)
    yield Opinion("tls-intercepted", seen, 90, certain=bool(issuer) and signer not in ("public", "stranger", "itself"))


def _certificate_name(evidence: Evidence) -> Opinions:
    host, names = _host(evidence), evidence.get("certificate-names")
    seen = f"The certificate is for {names}, not for {host}." if names else f"The certificate is not for {host}."
    if "_" in host:
        yield Opinion("account-underscore", f"There is an underscore in {host}.", 92)
    yield Opinion("tls-name-mismatch", seen, 90, certain="_" not in host and "snowflakecomputing" in names)
    if "snowflake" not in names:
        yield Opinion("tls-intercepted", "A proxy that opens connections may show its own certificate.", 60)
    if evidence.get("account-locator"):
        yield Opinion("account-not-found", "The account is given as a locator, whose region may be wrong.", 50)


def _tls(evidence: Evidence) -> Opinions:
    host = _host(evidence)
    if "_" in host:
        yield Opinion("account-underscore", f"There is an underscore in {host}.", 92)
    yield Opinion("tls-intercepted", "The encrypted connection could not be set up.", 70)
    yield Opinion("connection-blocked", "Something between this machine and Snowflake may cut connections off.", 60)
    yield Opinion("tls-name-mismatch", f"The server behind {host} may not be the one for this account.", 30)


_CLOCKS: Mapping[str, str] = MappingProxyType(
    {
        "server": "the clock of the server that runs this wizard",
        "browser": "the clock of your computer",
        "yours": "the clock of the computer that signed the token",
    }
)


def _clock(evidence: Evidence) -> Opinions:
    whose = evidence.get("whose-clock") or "one of the clocks"
    whose = _CLOCKS.get(whose, whose)
    seconds = abs(skew(evidence))
    by = f"by {seconds:.0f} seconds " if seconds else ""
    yield Opinion(
        "clock-skew",
        f"Compared with Snowflake's clock, {whose} is off {by}.".replace(" .", "."),
        90,
        certain=bool(seconds),
    )


def _not_json(evidence: Evidence) -> Opinions:
    status, host = int(evidence.number("http-status") or 0), _host(evidence)
    if status in (403, 404):
        yield Opinion(
            "account-not-found", f"{host} answered {status} with something else than Snowflake's usual message.", 90
        )
        if evidence.get("account-locator") and not evidence.get("account-region"):
            yield Opinion(
                "account-not-found",
                f"{host} answered {status}, and the locator is given without a region, which means AWS US "
                f"West (Oregon).",
                95,
            )
    if status == 407:
        yield Opinion(
            "connection-blocked", "The proxy on the way out asks for a user and a password.", 95, certain=True
        )
    if status == 429:
        yield Opinion("rate-limited", "The answer was 429, too many requests.", 95, certain=True)
    if status >= 500:
        yield Opinion("snowflake-unavailable", f"The answer was {status}, which is a fault on the server's side.", 80)
    yield Opinion("proxy-page", f"The answer{f' with status {status}' if status else ''} is not JSON.", 60)


def _redirect(evidence: Evidence) -> Opinions:
    yield Opinion(
        "proxy-page",
        f"The request to {_host(evidence)} was sent elsewhere, which Snowflake's interface does not do.",
        80,
    )
    yield Opinion("account-not-found", "The account may have been renamed or moved.", 30)


def _too_large(evidence: Evidence) -> Opinions:
    yield Opinion("proxy-page", f"{_host(evidence)} sent more than one megabyte where Snowflake sends a few lines.", 80)


_MET: Mapping[str, Callable[[Evidence], Opinions]] = MappingProxyType(
    {
        "name-not-found": _name_not_found,
        "address-refused": _address,
        "private-address": _address,
        "public-address": _public_address,
        "timeout": _no_connection,
        "refused": _no_connection,
        "reset": _no_connection,
        "cut": _no_connection,
        "certificate-issuer": _certificate_issuer,
        "certificate-name": _certificate_name,
        "tls": _tls,
        "clock": _clock,
        "not-json": _not_json,
        "redirect": _redirect,
        "too-large": _too_large,
    }
)
