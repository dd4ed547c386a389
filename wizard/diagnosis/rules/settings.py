"""The settings of a client: what is given, what is missing, what stands in the wrong place, and what to write there."""

from __future__ import annotations

import re
from typing import Final

from wizard.diagnosis.facts import Evidence
from wizard.diagnosis.rules.bare_refusal import CAREFUL
from wizard.diagnosis.rules.opinion import Opinion, Opinions, ruled_out
from wizard.diagnosis.settings.form import BY_SLUG, Form, setting_of
from wizard.diagnosis.settings.fragment import PLACEHOLDERS, Correction
from wizard.problem import Problem
from wizard.quoting import hcl
from wizard.snowflake.account import Account, read_account
from wizard.snowflake.account.regions import looks_like_suffix

_JWT: Final = "snowflake_jwt"
_RELATIVE: Final = re.compile(r"(?!/|[A-Za-z]:|\\\\|file:|%|\$|\{)")
_EXPANDED: Final = re.compile(r"~|\$HOME|\$\{HOME\}|%USERPROFILE%")
_PLAIN_NAME: Final = re.compile(r"[A-Z0-9_$]+|[a-z0-9_$]+")


def settings(evidence: Evidence) -> Opinions:
    """What each settings fragment says against a login by key pair."""
    for form in evidence.all("settings"):
        there = Given(BY_SLUG[form.value], form.source, evidence.of(form.source), evidence)
        yield from _way_in(there)
        yield from _account(there)
        yield from _key(there)
        yield from _what_goes_with_the_key(there)
        yield from _names(there)


class Given:
    """The settings of one connection, beside all that is known."""

    def __init__(self, form: Form, source: str, given: Evidence, known: Evidence) -> None:
        self.form, self.source, self.given, self.known = form, source, given, known

    def held(self, setting: str) -> str | None:
        """What a setting says, None where it isn't there."""
        return self.given.held(f"setting-{setting}")

    @property
    def has_key(self) -> bool:
        """Whether a key is given at all."""
        return self.held("key-path") is not None or self.held("key-content") is not None

    @property
    def client(self) -> str:
        """The program that reads them, as far as it is known."""
        return self.form.client or self.known.get("client")

    def set(self, setting: str, value: str, **more: object) -> tuple[Correction, ...]:
        """The correction that makes a setting say something."""
        return (Correction(self.source, setting, value, **more),)  # type: ignore[arg-type]

    def drop(self, setting: str) -> tuple[Correction, ...]:
        """The correction that takes a setting out."""
        return (Correction(self.source, setting, remove=True),)

    def key_file(self, path: str) -> tuple[Correction, ...]:
        """The corrections that give the key by the path of its file, in place of whatever stands there."""
        here = "key-path" if self.held("key-path") is not None else "key-content"
        if self.form.slug == "terraform":
            quoted = f"pathexpand({hcl(path)})" if path.startswith("~") else hcl(path)
            return self.set(here, f"file({quoted})", name="private_key", code=True)
        if self.form.client == "airflow" or self.form.name_for("key-path") not in ("", "privateKey"):
            name = "" if here == "key-path" else self.form.name_for("key-path")
            return self.set(here, path, name=name)
        return self.set("key-content", PLACEHOLDERS["key-content"])

    def authenticator(self) -> tuple[Correction, ...]:
        """The corrections that switch a login by key pair on."""
        if not self.form.name_for("authenticator"):
            return self.drop("authenticator")
        small = self.form.slug in ("jdbc", "dotnet")
        return self.set("authenticator", _JWT if small else _JWT.upper())


def _way_in(there: Given) -> Opinions:
    authenticator = there.held("authenticator")
    dropped = there.drop("password") if there.held("password") and not there.form.password_opens_key else ()
    switched_on = (*there.authenticator(), *dropped)
    if authenticator is not None and there.form.slug == "profiles-yml":
        if authenticator.casefold() in ("jwt", "oauth"):
            seen = f"To dbt, authenticator {authenticator} means OAuth; it stands in {there.source}."
            yield Opinion("keypair-mode-off", seen, 116, corrections=switched_on)
    elif authenticator and authenticator.casefold() != _JWT:
        seen = f"Another way to log in is asked for in {there.source}: {authenticator}."
        yield Opinion("keypair-mode-off", seen, 110, corrections=switched_on)
    elif not authenticator and there.has_key and there.form.silent:
        seen = f"There is a key and no authenticator in {there.source}."
        yield Opinion("keypair-mode-off", seen, there.form.silent, corrections=switched_on)
    elif authenticator and there.has_key and not dropped and not there.given.all("setting-unread"):
        yield ruled_out("keypair-mode-off", f"There are a key and {authenticator} in {there.source}.")
    if not there.has_key and there.form.slug not in ("env", "command-line"):
        added = there.set("key-path", PLACEHOLDERS["key-path"]) if there.form.slug != "terraform" else ()
        yield Opinion(
            "keypair-mode-off", f"There is no private key in {there.source}.", 64, corrections=(*switched_on, *added)
        )
    if dropped and there.has_key:
        seen = f"There is a password beside the key in {there.source}."
        chosen = (authenticator or "").casefold() == _JWT  # then the password is only left over
        yield Opinion("keypair-mode-off", seen, 24 if chosen else 58, corrections=switched_on)
    yield from _unread(there, switched_on)


def _unread(there: Given, switched_on: tuple[Correction, ...]) -> Opinions:
    """Names that the client passes over."""
    for unread in there.given.all("setting-unread"):
        setting = setting_of(unread.value)
        name = there.form.name_for(setting)
        some = unread.value.lower() in there.form.also
        seen = (
            f"Not every program that reads {there.source} knows {unread.value}: {name} is known to all of them."
            if some
            else f"Nothing reads {unread.value} in {there.source}: it has to be {name}."
        )
        renamed = there.set(setting, "", name=name)
        if setting == "key-path" and there.form.slug == "terraform":
            renamed = there.key_file(there.held("key-path") or PLACEHOLDERS["key-path"])
        elif setting == "key-path" and name == "privateKey":
            renamed = there.set(setting, PLACEHOLDERS["key-content"], name=name)
        cause = {"user": "user-empty", "account": "account-empty"}.get(setting, "keypair-mode-off")
        if setting == "passphrase":
            cause = "passphrase-missing"
        with_key = switched_on if cause == "keypair-mode-off" and there.form.silent else ()
        yield Opinion(cause, seen, 52 if some else 88, corrections=(*renamed, *(with_key if not some else ())))


def _account(there: Given) -> Opinions:
    account = there.held("account")
    if account is None:
        if there.held("host") is not None:
            yield from _host(there)
        return
    lowered = account.casefold()
    behind = lowered.partition(".")[2]
    read = _read(account)
    right = there.set("account", read.identifier if read else lowered.partition(".")[0])
    if not account:
        yield Opinion(
            "account-empty", f"The account in {there.source} is empty.", 118,
            corrections=there.set("account", PLACEHOLDERS["account"]),
        )  # fmt: skip
    elif "://" in lowered or "snowflakecomputing" in lowered or "/" in lowered:
        seen = f"The account in {there.source} is an address: {account}."
        yield Opinion("account-url-pasted", seen, 112, corrections=right)
    elif "privatelink" in behind or looks_like_suffix(behind):
        yield from _region(there, account, read)
    elif behind:
        yield Opinion(
            "account-dot-form",
            f"In the account of {there.source}, {account}, what follows the dot is no region. A hyphen belongs there.",
            112,
            corrections=right,
        )
    if account and not behind and "-" not in lowered and not there.held("host") and not there.held("region"):
        yield from _bare_locator(there, account)
    region = there.held("region")
    if region and "-" in lowered.partition(".")[0] and "." not in lowered:
        yield Opinion(
            "account-not-found",
            f"A region stands beside {account} in {there.source}, and that account has none in its address.",
            84,
            corrections=there.drop("region"),
        )
    host = (there.held("host") or lowered).casefold()
    if "_" in host.partition(".")[0] and not there.held("host"):
        yield Opinion(
            "account-underscore",
            f"The account in {there.source} has an underscore, and no host stands beside it.",
            28,
            corrections=there.set("host", read.host) if read and there.form.name_for("host") else (),
        )


def _bare_locator(there: Given, account: str) -> Opinions:
    """A locator alone is right in one region; a host that knows no such account says that it is in another."""
    asked = there.known.get("http-status") in ("403", "404") or there.known.get("code") in _NO_ACCOUNT
    yield Opinion(
        "account-not-found",
        f"The account in {there.source}, {account}, looks like a locator, and without a region it leads to AWS US West "
        "(Oregon) alone.",
        106 if asked else 0,
        corrections=there.set("account", PLACEHOLDERS["account"]),
    )


_NO_ACCOUNT: Final = ("290403", "290404")


def _region(there: Given, account: str, read: Account | None) -> Opinions:
    """What stands behind the account: a name of two parts has no region; a locator needs it for the address alone."""
    name = account.partition(".")[0].casefold()
    if "-" in name and "privatelink" not in account.casefold():
        yield Opinion(
            "account-region-in-claim",
            f"The account in {there.source} has a region, which a name with a hyphen never has: {account}.",
            90,
            corrections=there.set("account", name),
        )
    elif there.client not in CAREFUL:
        has_host = bool(read and there.form.name_for("host"))
        corrections = (*there.set("account", name), *there.set("host", read.host)) if read and has_host else ()
        seen = f"The account in {there.source} has more than the name: {account}."
        yield Opinion("account-region-in-claim", seen, 58, corrections=corrections)


def _host(there: Given) -> Opinions:
    """The address, where that is all that names the account."""
    host = (there.held("host") or "").casefold()
    label, _, behind = host.removeprefix("https://").partition(".")
    suffix = behind.partition("snowflakecomputing.")[0].strip(".")
    if "-" in label and suffix and looks_like_suffix(suffix):
        right = f"{label}.snowflakecomputing.{'cn' if host.endswith('.cn') else 'com'}"
        yield Opinion(
            "account-not-found",
            f"The address in {there.source} has a region, which a name with a hyphen never has: {host}.",
            90,
            corrections=there.set("host", right),
        )
    elif "_" in label and "privatelink" not in host:
        yield Opinion(
            "account-underscore",
            f"The address in {there.source} has an underscore: {host}.",
            28,
            corrections=there.set("host", host.replace(label, label.replace("_", "-"), 1)),
        )


def _key(there: Given) -> Opinions:
    path, content = there.held("key-path"), there.held("key-content")
    example = PLACEHOLDERS["key-path"]
    if path == "" or content == "empty":
        yield Opinion("key-empty", f"The key in {there.source} is empty.", 114, corrections=there.key_file(example))
    if content == "path":
        meant = there.held("path-as-content") or example
        yield Opinion(
            "key-is-path",
            f"In {there.source} a path stands where the text of the key belongs.",
            118,
            corrections=there.drop("key-content") if path else there.key_file(meant),
        )
    if path == "content":
        yield Opinion(
            "key-is-path",
            f"In {there.source} the text of a key stands where its path belongs.",
            118,
            corrections=there.key_file(example),
        )
    elif path and there.given.all("setting-escapes"):
        yield Opinion(
            "key-file-missing",
            f"In {there.source} a backslash begins something else in double quotes: {path} arrives as another path.",
            96,
            corrections=there.set("key-path", path),
        )
    elif path and _EXPANDED.match(path):
        seen = f"Not every program expands the path in {there.source}: {path}."
        whole = _EXPANDED.sub("/home/YOU", path, count=1)
        yield Opinion("key-file-missing", seen, 45, corrections=there.set("key-path", whole))
    elif path and _RELATIVE.match(path):
        seen = f"The path in {there.source} begins where the program runs: {path}."
        whole = "/path/to/" + re.split(r"[/\\]", path)[-1]
        yield Opinion("key-file-missing", seen, 40, corrections=there.set("key-path", whole))
    if path and content and path != "content" and content not in ("path", "empty"):
        yield Opinion(
            "key-is-path",
            f"There are a key file and the text of a key in {there.source}. One of the two.",
            60,
            corrections=there.drop("key-content"),
        )
    if content == "public":
        yield Opinion(
            "key-is-public",
            f"In {there.source} a public key stands where the private key belongs.",
            118,
            corrections=there.key_file(example),
        )


def _what_goes_with_the_key(there: Given) -> Opinions:
    """The passphrase, the form of the key, and its line breaks: what to write where something else has told of them."""
    path, opens_with = there.held("key-path"), there.held("passphrase")
    given = there.set("passphrase", PLACEHOLDERS["passphrase"]) if there.form.name_for("passphrase") else ()
    if there.form.password_opens_key:
        given = there.set("password", PLACEHOLDERS["passphrase"], name="password")
    if opens_with in ("missing", "empty"):
        yield Opinion("passphrase-missing", "", 0, corrections=given)
    if opens_with == "given":
        yield Opinion("passphrase-unneeded", "", 0, corrections=there.drop("passphrase"))
    if path and not path.endswith(".p8"):
        converted = f"{path.rpartition('.')[0] or path}.p8"
        yield Opinion("key-pkcs1", "", 0, corrections=there.set("key-path", converted))
    if there.form.ends_at_the_line and there.held("key-content") == "text" and there.known.has("key-breaks", "kept"):
        yield Opinion(
            "key-encoding",
            f"The key in {there.source} has its BEGIN and END lines: the value ends with the first of them.",
            118,
            corrections=there.set("key-content", PLACEHOLDERS["key-line"]),
        )
    if there.held("key-content") == "text":
        for cause in ("key-newlines-lost", "key-markers-missing", "key-stray-characters", "key-truncated"):
            yield Opinion(cause, "", 0, corrections=there.key_file(PLACEHOLDERS["key-path"]))


def _names(there: Given) -> Opinions:
    if there.held("user") == "":
        yield Opinion(
            "user-empty",
            f"The user in {there.source} is empty.",
            118,
            corrections=there.set("user", PLACEHOLDERS["user"]),
        )
    if login := there.known.get("described-login-name"):
        yield Opinion("login-name-differs", "", 0, corrections=there.set("user", login))
    role = there.held("role")
    if role and not role.startswith('"') and not _PLAIN_NAME.fullmatch(role):
        yield Opinion(
            "role-not-granted",
            f"The role in {there.source}, {role}, loses its small letters unless it is quoted twice.",
            36,
            corrections=there.set("role", '"' + role.replace('"', '""') + '"'),
        )


def _read(account: str) -> Account | None:
    try:
        return read_account(account)
    except Problem:
        return None
