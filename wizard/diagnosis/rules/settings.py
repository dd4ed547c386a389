"""The settings of a client: what is given, what is missing, and what stands in the wrong place."""

from __future__ import annotations

import re
from typing import Final

from wizard.diagnosis.facts import Evidence
from wizard.diagnosis.rules.bare_refusal import CAREFUL
from wizard.diagnosis.rules.opinion import Opinion, Opinions, ruled_out
from wizard.snowflake.account.regions import looks_like_suffix

_JWT: Final = "snowflake_jwt"
_RELATIVE: Final = re.compile(r"(?!/|[A-Za-z]:|\\\\|file:|%|\$|\{)")
_EXPANDED: Final = re.compile(r"~|\$HOME|\$\{HOME\}|%USERPROFILE%")
_PLAIN_NAME: Final = re.compile(r"[A-Z0-9_$]+|[a-z0-9_$]+")


def settings(evidence: Evidence) -> Opinions:
    """What a settings fragment says against a login by key pair."""
    form = evidence.first("settings")
    if form is None:
        return
    yield from _way_in(form.value, form.source, evidence)
    yield from _account(form.source, evidence)
    yield from _key(form.source, evidence)
    yield from _names(form.source, evidence)


def _way_in(form: str, source: str, evidence: Evidence) -> Opinions:
    has_key = evidence.held("setting-key-path") is not None or evidence.held("setting-key-content") is not None
    authenticator = evidence.held("setting-authenticator")
    if authenticator is not None and form == "profiles-yml":
        if authenticator.casefold() in ("jwt", "oauth"):
            yield Opinion("keypair-mode-off", f"{source}: to dbt, authenticator {authenticator} means OAuth.", 116)
    elif authenticator and authenticator.casefold() != _JWT:
        yield Opinion("keypair-mode-off", f"{_capital(source)} asks for another way to log in: {authenticator}.", 110)
    elif not authenticator and has_key and form in ("connections-toml", "env", "odbc", "terraform", "go-dsn", "dotnet"):
        yield Opinion("keypair-mode-off", f"{_capital(source)} gives a key and no authenticator.", 66)
    elif authenticator and has_key:
        yield ruled_out("keypair-mode-off", f"{_capital(source)} gives a key and {authenticator}.")
    if not has_key and form not in ("env", "command-line"):
        yield Opinion("keypair-mode-off", f"{_capital(source)} gives no private key.", 64)
    if evidence.get("setting-password") and has_key and form != "airflow":
        yield Opinion("keypair-mode-off", f"{_capital(source)} gives a password as well as a key.", 58)
    for unread in evidence.all("setting-unread"):
        yield Opinion("keypair-mode-off", f"{_capital(unread.source)}: {unread.value} is a name that is not read.", 88)


def _account(source: str, evidence: Evidence) -> Opinions:
    account = evidence.held("setting-account")
    if account is None:
        return
    lowered = account.casefold()
    behind = lowered.partition(".")[2]
    if not account:
        yield Opinion("account-empty", f"{_capital(source)} gives an empty account.", 118)
    elif "://" in lowered or "snowflakecomputing" in lowered:
        yield Opinion("account-url-pasted", f"The account in {source} is an address: {account}.", 112)
    elif "privatelink" in behind or looks_like_suffix(behind):
        if evidence.get("client") not in CAREFUL:
            yield Opinion("account-region-in-claim", f"The account in {source} has more than the name: {account}.", 58)
    elif behind:
        yield Opinion(
            "account-dot-form",
            f"In the account of {source}, {account}, what follows the dot is no region. A hyphen belongs there.",
            112,
        )
    host = (evidence.get("setting-host") or lowered).casefold()
    if "_" in host.partition(".")[0] and not evidence.get("setting-host"):
        yield Opinion(
            "account-underscore", f"The account in {source} has an underscore, and no host stands beside it.", 28
        )


def _key(source: str, evidence: Evidence) -> Opinions:
    path, content = evidence.held("setting-key-path"), evidence.held("setting-key-content")
    if path == "" or content == "empty":
        yield Opinion("key-empty", f"{_capital(source)} gives an empty key.", 114)
    if content == "path":
        yield Opinion("key-is-path", f"In {source} a path stands where the text of the key belongs.", 118)
    if path == "content":
        yield Opinion("key-is-path", f"In {source} the text of a key stands where its path belongs.", 118)
    elif path and _EXPANDED.match(path):
        yield Opinion("key-file-missing", f"Not every program expands the path in {source}: {path}.", 45)
    elif path and _RELATIVE.match(path):
        yield Opinion("key-file-missing", f"The path in {source} begins where the program runs: {path}.", 40)
    if path and content and path != "content" and content not in ("path", "empty"):
        yield Opinion("key-is-path", f"{_capital(source)} gives a key file and the text of a key. One of the two.", 60)
    if content == "public":
        yield Opinion("key-is-public", f"In {source} a public key stands where the private key belongs.", 118)
    if evidence.get("setting-passphrase") == "missing" and not evidence.get("key-form"):
        yield Opinion("passphrase-missing", f"{_capital(source)} gives no passphrase. An encrypted key needs one.", 22)


def _names(source: str, evidence: Evidence) -> Opinions:
    if evidence.held("setting-user") == "":
        yield Opinion("user-empty", f"{_capital(source)} gives an empty user.", 118)
    role = evidence.get("setting-role")
    if role and not role.startswith('"') and not _PLAIN_NAME.fullmatch(role):
        yield Opinion(
            "role-not-granted", f"The role in {source}, {role}, loses its small letters unless it is quoted twice.", 36
        )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
