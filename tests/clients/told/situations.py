"""Everything that is tried with every client: what is wrong, and so the causes that are a right answer.

A situation is data. What a client makes of it (nothing, for many) is seen when it runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from wizard.practice.scenarios import SCENARIOS
from wizard.practice.wire import Reply

ACCOUNT, USER = "practice-snowflake", "JANE"
DEFAULT_KEY = "keys/rsa_key.p8"
"""Where the key is, below the home."""


@dataclass(frozen=True)
class Network:
    """What is wrong on the way: the route, the certificate, a proxy's answer, a refusal behind a good login."""

    route: str = ""
    certificate: str = "own"
    proxy: Reply | None = None
    refusal: tuple[str, str, str] = ("", "", "")
    """Code, message and SQLSTATE."""
    at_login: bool = False


@dataclass(frozen=True)
class Situation:
    """One thing that is wrong; ``causes`` are its right answers, any of them.

    ``settings`` go over the right ones, ``None`` leaves one out. ``way`` is how the client gets the key: ``file`` (the
    path), ``text`` (the content), ``loaded`` (by the program's own lines), ``bytes`` (the file's bytes); ``key`` names
    one of :mod:`tests.clients.told.broken_keys`. ``passphrase`` is what the client is given; ``place`` where the key
    file is, ``mode`` its mode, ``files`` what else stands in the home. ``only`` are the clients concerned, all without.
    ``unless`` are words in a text that show that something else was met.
    """

    slug: str
    causes: tuple[str, ...]
    key: str = "plain"
    way: str = ""
    passphrase: str | None = None
    settings: Mapping[str, str | None] = field(default_factory=dict)
    path: str | None = None
    mode: int = 0o600
    place: str = DEFAULT_KEY
    scenario: str = "fine"
    network: Network = Network()
    token: str = ""
    config: str = ""
    only: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


FINE = Situation("fine", ())

# --- keys -------------------------------------------------------------------------------------------------------------

_PEM_KEYS: dict[str, tuple[str, ...]] = {
    "no-line-breaks": ("key-newlines-lost",),
    "spaces-for-line-breaks": ("key-newlines-lost",),
    "literal-line-breaks": ("key-newlines-lost",),
    "backslash-r-n": ("key-newlines-lost",),
    "markers-cut": ("key-markers-missing",),
    "markers-cut-one-line": ("key-markers-missing",),
    "first-marker-cut": ("key-markers-missing",),
    "last-marker-cut": ("key-markers-missing", "key-truncated"),
    "short-dashes": ("key-markers-missing", "key-stray-characters"),
    "pkcs1": ("key-pkcs1",),
    "openssh": ("key-openssh",),
    "ssh-line": ("key-openssh", "key-is-public"),
    "public": ("key-is-public",),
    "certificate": ("key-is-public",),
    "empty": ("key-empty",),
    "blank": ("key-empty",),
    "nothing-between": ("key-empty", "key-truncated"),
    "first-half": ("key-truncated",),
    "half-of-the-body": ("key-truncated",),
    "a-line-lost": ("key-truncated",),
    "end-of-body-lost": ("key-truncated",),
    "ec": ("key-type",),
    "ec-sec1": ("key-type",),
    "ed25519": ("key-type",),
    "1024-bits": ("key-too-short",),
    "bom": ("key-stray-characters",),
    "double-quotes": ("key-stray-characters",),
    "single-quotes": ("key-stray-characters",),
    "indented": ("key-stray-characters",),
    "export-line": ("key-stray-characters",),
    "trailing-comma": ("key-stray-characters",),
    "a-blank-inside": ("key-stray-characters",),
    "long-dashes": ("key-stray-characters", "key-markers-missing"),
    "utf-16": ("key-encoding", "key-stray-characters"),
    "base64-of-pem": ("key-encoding",),
    "der": ("key-encoding",),
    "placeholder": ("key-empty", "key-truncated", "key-stray-characters"),
    "variable-name": ("key-is-path", "key-empty"),
    "a-path": ("key-is-path",),
}
_SEALED_KEYS: dict[str, tuple[str, ...]] = {
    "sealed-scrypt": ("key-cipher",),
    "sealed-pbes1-sha1-3des": ("key-cipher",),
    "sealed-pbes1-md5-des": ("key-cipher",),
    "sealed-pbes2-3des": ("key-cipher",),
    "sealed-proc-type": ("key-cipher", "key-pkcs1"),
    "sealed-no-line-breaks": ("key-newlines-lost",),
    "sealed-literal-line-breaks": ("key-newlines-lost",),
    "sealed-markers-cut": ("key-markers-missing",),
    "sealed-first-half": ("key-truncated",),
}
_EC = frozenset({"ec", "ec-sec1", "ec-body"})
_EC_IS_TAKEN = ("JWT token",)
"""A client that signs with such a key has nothing against it; then this one is only not registered."""
RIGHT, WRONG = "correct horse battery", "incorrect donkey"


def key_situations(way: str) -> list[Situation]:
    """What can be wrong with a key that a client takes as PEM by ``way``."""
    found = [
        Situation(f"key-{key}-as-{way}", causes, key=key, way=way, unless=_EC_IS_TAKEN if key in _EC else ())
        for key, causes in _PEM_KEYS.items()
    ]
    found += [
        Situation(f"key-{key}-as-{way}", causes, key=key, way=way, passphrase=RIGHT)
        for key, causes in _SEALED_KEYS.items()
    ]
    passphrases = (
        ("missing", "sealed", None), ("wrong", "sealed", WRONG), ("empty", "sealed", ""),
        ("with-line-break", "sealed", f"{RIGHT}\n"), ("unneeded", "plain", RIGHT), ("unneeded-pkcs1", "pkcs1", RIGHT),
        ("missing-proc-type", "sealed-proc-type", None), ("wrong-proc-type", "sealed-proc-type", WRONG),
    )  # fmt: skip
    causes = {
        "missing": ("passphrase-missing",), "wrong": ("passphrase-wrong",), "empty": ("passphrase-missing",),
        "with-line-break": ("passphrase-wrong",), "unneeded": ("passphrase-unneeded",),
        "unneeded-pkcs1": ("passphrase-unneeded",), "missing-proc-type": ("passphrase-missing",),
        "wrong-proc-type": ("passphrase-wrong",),
    }  # fmt: skip
    found += [
        Situation(f"passphrase-{name}-as-{way}", causes[name], key=key, way=way, passphrase=given)
        for name, key, given in passphrases
    ]
    return found


def der_situations(way: str) -> list[Situation]:
    """What can be wrong with a key that a client takes as base64 of DER by ``way``."""
    keys: dict[str, tuple[str, ...]] = {
        "plain": ("key-encoding",),
        "base64-of-pem": ("key-encoding",),
        "pkcs1-body": ("key-pkcs1",),
        "public-body": ("key-is-public",),
        "ec-body": ("key-type",),
        "first-half-of-the-body": ("key-truncated",),
        "body-in-quotes": ("key-stray-characters",),
        "empty": ("key-empty",),
        "a-path": ("key-is-path",),
        "ssh-line": ("key-openssh", "key-is-public"),
        "openssh": ("key-openssh",),
    }
    found = [
        Situation(f"key-{key}-as-{way}", causes, key=key, way=way, unless=_EC_IS_TAKEN if key in _EC else ())
        for key, causes in keys.items()
    ]
    found.append(Situation(f"passphrase-missing-as-{way}", ("passphrase-missing",), key="sealed-body", way=way))
    found.append(
        Situation(f"passphrase-wrong-as-{way}", ("passphrase-wrong",), key="sealed-body", way=way, passphrase=WRONG)
    )
    return found


# --- files ------------------------------------------------------------------------------------------------------------

FILES = (
    Situation("file-missing", ("key-file-missing",), path="/home/jane/keys/rsa_key.p8", place="elsewhere.p8"),
    Situation("file-relative", ("key-file-missing",), path="rsa_key.p8"),
    Situation("file-directory", ("key-file-missing",), path="/home/jane/keys"),
    Situation("file-unreadable", ("key-file-unreadable",), mode=0),
    Situation("file-folder-unreadable", ("key-file-unreadable",), place="locked/rsa_key.p8"),
    Situation("file-wide-mode", ("key-file-unreadable",), mode=0o644),
    Situation("file-tilde", ("key-file-missing",), path="~/keys/rsa_key.p8"),
    Situation("file-home-variable", ("key-file-missing",), path="$HOME/keys/rsa_key.p8"),
    Situation("file-quoted-path", ("key-file-missing",), path='"/home/jane/keys/rsa_key.p8"'),
    Situation("file-trailing-blank", ("key-file-missing",), path="/home/jane/keys/rsa_key.p8 "),
    Situation("file-url", ("key-file-missing",), path="file:///home/jane/keys/rsa_key.p8"),
    Situation("file-windows-path", ("key-file-missing",), path="C:\\Users\\jane\\keys\\rsa_key.p8"),
    Situation("file-is-content", ("key-is-path",), path="<content>"),
    Situation("file-empty-path", ("key-file-missing", "key-empty", "keypair-mode-off"), path=""),
    Situation("file-pub-path", ("key-is-public",), key="public", path="/home/jane/keys/rsa_key.pub",
              place="keys/rsa_key.pub"),
)  # fmt: skip

# --- settings ---------------------------------------------------------------------------------------------------------

HOST = f"{ACCOUNT}.snowflakecomputing.com"
SETTINGS = (
    Situation("authenticator-missing", ("keypair-mode-off",), settings={"authenticator": None}),
    Situation("authenticator-misspelt", ("keypair-mode-off",), settings={"authenticator": "SNOWFLAKE_JTW"}),
    Situation("authenticator-password", ("keypair-mode-off",), settings={"authenticator": "snowflake"}),
    Situation("authenticator-and-password", ("keypair-mode-off",),
              settings={"authenticator": None, "password": "not-my-password"}),
    Situation("key-not-named", ("keypair-mode-off", "key-empty"), way="none"),
    Situation("user-empty", ("user-empty",), settings={"user": ""}),
    Situation("user-missing", ("user-empty",), settings={"user": None}),
    Situation("account-empty", ("account-empty",), settings={"account": ""}),
    Situation("account-missing", ("account-empty",), settings={"account": None}),
    Situation("account-url", ("account-url-pasted",), settings={"account": f"https://{HOST}"}),
    Situation("account-url-slash", ("account-url-pasted",), settings={"account": f"https://{HOST}/"}),
    Situation("account-host", ("account-url-pasted",), settings={"account": HOST}),
    Situation("account-console-url", ("account-url-pasted",),
              settings={"account": "https://app.snowflake.com/practice/snowflake"}),
    Situation("account-slash", ("account-url-pasted", "account-dot-form"), settings={"account": "practice/snowflake"}),
    Situation("account-region", ("account-not-found",), settings={"account": f"{ACCOUNT}.us-east-1"}),
    Situation("account-wrong-region", ("account-not-found", "tls-name-mismatch"),
              settings={"account": f"{ACCOUNT}.eu-cental-1"}),
    Situation("account-dot", ("account-dot-form",), settings={"account": "practice.snowflake"}),
    Situation("account-underscore", ("account-underscore",), settings={"account": "practice-snow_flake"},
              unless=("404", "JWT token", "practice-snow-flake")),
    Situation("account-misspelt", ("account-not-found",), settings={"account": "practise-snowflake"}),
    Situation("account-only-organization", ("account-not-found",), settings={"account": "practice"}),
    Situation("account-locator", ("account-form",), settings={"account": "px00000"}, unless=("404",)),
    Situation("account-privatelink", ("privatelink-name",), settings={"account": f"{ACCOUNT}.privatelink"}),
    Situation("account-of-another", ("account-mismatch",), settings={"account": "practice-other", "host": HOST}),
    Situation("account-region-and-host", ("account-region-in-claim",),
              settings={"account": f"{ACCOUNT}.us-east-1.aws", "host": HOST}),
    Situation("account-dot-and-host", ("account-dot-form",), settings={"account": "practice.snowflake", "host": HOST}),
    Situation("account-url-and-host", ("account-url-pasted",), settings={"account": f"https://{HOST}", "host": HOST}),
    Situation("host-misspelt", ("host-not-found",), settings={"host": f"{ACCOUNT}.snowflakecomputing.con"}),
    Situation("host-url", ("account-url-pasted", "host-not-found"), settings={"host": f"https://{HOST}"}),
    Situation("host-of-another", ("account-not-found",), settings={"host": HOST.replace("practice", "practise")}),
    Situation("user-misspelt", ("user-unknown",), settings={"user": "JANNE"}),
    Situation("user-of-another", ("key-not-registered", "key-mismatch"), settings={"user": "SVC_ETL"}),
    Situation("user-name-for-login-name", ("login-name-differs",), settings={"user": "Max.Mustermann"}),
    Situation("role-unknown", ("role-not-granted",), settings={"role": "NO_SUCH_ROLE"}),
    Situation("role-not-granted", ("role-not-granted",), settings={"role": "REPORTER"}),
    Situation("role-mixed-case", ("role-not-granted",), settings={"role": "Data Team"}),
)  # fmt: skip

CONFIG = (
    Situation("config-connection-missing", ("config-section-missing",), config="other-name"),
    Situation("config-no-file", ("config-section-missing",), config="no-file"),
    Situation("config-hidden", ("config-section-missing",), config="hidden"),
    Situation("config-wide-mode", ("config-permissions",), config="wide"),
    Situation("config-writable-by-all", ("config-permissions",), config="writable"),
    Situation("config-unreadable", ("config-permissions",), config="unreadable"),
    Situation("config-bare-key", ("config-section-missing",), config="no-section"),
    Situation("config-variable-missing", ("passphrase-missing",), config="no-variable"),
)

# --- Snowflake and the way there --------------------------------------------------------------------------------------

_ROUTES = {"connection-refused": "refused", "connection-reset": "reset", "name-not-found": "name-not-found"}
_CERTIFICATES = {"other-names": "other-names", "inspecting-proxy": "inspecting"}
_BY_THE_API = ("snowflake-sql-api", "curl")
_STATEMENTS_ONLY = frozenset({"pending-forever"})
SCENES = tuple(
    Situation(
        f"scene-{scenario.slug}",
        (scenario.cause,),
        scenario="fine" if scenario.slug in (*_ROUTES, *_CERTIFICATES) else scenario.slug,
        network=Network(_ROUTES.get(scenario.slug, ""), _CERTIFICATES.get(scenario.slug, "own")),
        only=("snowflake-sql-api",) if scenario.slug in _STATEMENTS_ONLY else (),
    )
    for scenario in SCENARIOS
    if scenario.cause and scenario.verdict == "failed" and scenario.slug != "another-user"
)

_PROXY_PAGE = (
    b"<html><head><title>%s</title></head><body><h1>%s</h1><p>IT Security, Example Corporation</p></body></html>"
)
_HTML = {"Content-Type": "text/html"}


def _proxy(status: int, title: bytes, **headers: str) -> Network:
    return Network(proxy=Reply(status, _PROXY_PAGE % (title, title), {**_HTML, **headers}))


WAYS = (
    Situation("proxy-wants-login", ("proxy-page", "connection-blocked"),
              network=_proxy(407, b"Proxy Authentication Required", **{"Proxy-Authenticate": "Basic"})),
    Situation("proxy-forbids", ("connection-blocked", "proxy-page"), network=_proxy(403, b"Access denied")),
    Situation("proxy-answers-html", ("proxy-page",), network=_proxy(503, b"Gateway")),
    Situation("network-unreachable", ("connection-blocked",), network=Network("unreachable")),
    Situation("network-silent", ("connection-blocked",), network=Network("silent")),
)  # fmt: skip


def _refusal(slug: str, causes: tuple[str, ...], code: str, state: str, message: str, at_login: bool) -> Situation:
    never = _BY_THE_API if "session-expired" in causes else ()  # it has no sessions
    return Situation(slug, causes, network=Network(refusal=(code, message, state), at_login=at_login), never=never)


REFUSALS = (
    _refusal("answer-warehouse-inactive", ("warehouse-unusable",), "000606", "57P03",
             "No active warehouse selected in the current session.  Select an active warehouse with the "
             "'use warehouse' command.\n", False),
    _refusal("answer-object-unknown", ("privileges-missing",), "002003", "42S02",
             "SQL compilation error:\nObject 'SALES.PUBLIC.ORDERS' does not exist or not authorized.", False),
    _refusal("answer-privileges-insufficient", ("privileges-missing",), "003001", "42501",
             "SQL access control error:\nInsufficient privileges to operate on table 'ORDERS'", False),
    _refusal("answer-schema-unknown", ("privileges-missing",), "002043", "02000",
             "SQL compilation error:\nObject does not exist, or operation cannot be performed.", False),
    _refusal("answer-session-gone", ("session-expired",), "390111", "", "Session no longer exists.  New login "
             "required to access the service.", False),
    _refusal("answer-token-expired", ("session-expired",), "390114", "", "Authentication token has expired.  The user "
             "must authenticate again.", False),
    _refusal("answer-warehouse-unknown", ("warehouse-unusable",), "390201", "", "The requested warehouse does not "
             "exist or not authorized.", True),
    _refusal("answer-database-unknown", ("privileges-missing",), "390201", "", "The requested database does not "
             "exist or not authorized.", True),
    _refusal("answer-role-not-granted", ("role-not-granted",), "390186", "", "Role 'REPORTER' specified in the connect "
             "string is not granted to this user. Contact your local system administrator, or attempt to login with "
             "another role, e.g. PUBLIC.", True),
)  # fmt: skip

# --- tokens that somebody built ---------------------------------------------------------------------------------------

_TOKENS: dict[str, tuple[str, ...]] = {
    "expired": ("token-expired",),
    "issued-yesterday": ("token-expired",),
    "of-a-day": ("token-expired",),
    "from-the-future": ("clock-skew",),
    "issuer-without-fingerprint": ("token-malformed",),
    "issuer-without-prefix": ("token-malformed",),
    "issuer-hex-fingerprint": ("token-malformed", "key-mismatch"),
    "issuer-swapped": ("token-malformed",),
    "subject-only-user": ("token-malformed",),
    "subject-other-user": ("token-malformed", "user-unknown"),
    "lower-case": ("user-case",),
    "account-lower-case": ("user-case",),
    "region": ("account-region-in-claim",),
    "region-and-cloud": ("account-region-in-claim",),
    "privatelink": ("account-region-in-claim",),
    "url": ("account-url-pasted",),
    "dot-form": ("account-dot-form",),
    "locator": ("account-form",),
    "other-account": ("account-mismatch",),
    "other-user": ("user-unknown",),
    "other-key": ("key-mismatch",),
    "signed-by-another": ("signature-broken",),
    "hs256": ("token-malformed",),
    "no-times": ("token-malformed",),
    "cut": ("token-malformed",),
    "signature-cut": ("token-malformed", "signature-broken"),
    "empty": ("token-malformed",),
    "quoted": ("token-malformed",),
    "twice-bearer": ("token-malformed",),
    "no-bearer": ("token-malformed", "keypair-mode-off"),
    "no-type-header": ("keypair-mode-off",),
    "no-authorization": ("keypair-mode-off", "token-malformed"),
    "private-key-sent": ("token-malformed",),
    "host-misspelt": ("account-not-found",),
    "host-region": ("account-not-found",),
    "host-underscore": ("account-underscore", "account-not-found"),
    "host-privatelink": ("privatelink-name",),
    "host-wrong-domain": ("host-not-found",),
}
TOKENS = tuple(Situation(f"token-{name}", causes, token=name) for name, causes in _TOKENS.items())

IN_GENERAL = (*FILES, *SETTINGS, *CONFIG, *SCENES, *WAYS, *REFUSALS)


def concerning(client: str) -> list[Situation]:
    """All but keys and tokens that concern a client."""
    return [
        situation
        for situation in IN_GENERAL
        if client not in situation.never and (not situation.only or client in situation.only)
    ]


def with_way(situation: Situation, way: str) -> Situation:
    """The same by a client's usual way, where none is said."""
    return situation if situation.way else replace(situation, way=way)
