"""Everything an operator can set, in one table, read once from environment variables and one file.

The README prints the same table (a test compares the two). A value that can't be used stops the start with a
sentence that names the variable, or the file and the line, what was found there and what would do.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from wizard.given import PREFIX, Given, SettingsError
from wizard.house import House, house_of
from wizard.secret import Secret
from wizard.secret_keys import GOOD_KEY_LENGTH, MAKE_A_KEY, old_secret_keys, secret_key

__all__ = ["TABLE", "Outside", "Setting", "Settings", "SettingsError"]

# Names as they travel in a Host header, in ASCII, and IPv6 addresses; urlsplit looks at those.
_ADDRESS = re.compile(r"https?://(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table: the variable's name, its default as an operator would read it, and its meaning."""

    name: str
    default: str
    meaning: str

    @property
    def variable(self) -> str:
        return PREFIX + self.name


TABLE: tuple[Setting, ...] = (
    Setting("HOST", "127.0.0.1", "Address to listen on."),
    Setting("PORT", "8080", "Port to listen on; 0 takes a free one."),
    Setting(
        "SECRET_KEY",
        "made and kept in the data folder",
        "Signs the cookie and the links. 32 characters or more (8 will do to try the wizard on 127.0.0.1), the same "
        "for every copy behind a load balancer. In a container it has to be given.",
    ),
    Setting("SECRET_KEY_FILE", "", "File that holds the secret key, instead of the variable."),
    Setting(
        "OLD_SECRET_KEYS",
        "",
        "Secret keys of before, comma separated. Links and cookies that they signed go on working, and nothing new is "
        "signed with them. One that has leaked does not belong here.",
    ),
    Setting("OLD_SECRET_KEYS_FILE", "", "File that holds them, a line each, instead of the variable."),
    Setting(
        "PUBLIC_URL",
        "",
        "The address people type, such as https://keys.example.com. Links are built from it, and requests for any "
        "other host name than this one, localhost, 127.0.0.1 and [::1] are refused.",
    ),
    Setting("PROXY_HOPS", "0", "How many proxies stand in front and set X-Forwarded-For and X-Forwarded-Proto."),
    Setting(
        "TLS_CERTIFICATE", "", "File with the certificate chain (PEM); with TLS_KEY, the wizard speaks https itself."
    ),
    Setting("TLS_KEY", "", "File with the certificate's private key (PKCS#8 PEM, without a passphrase)."),
    Setting("PRACTICE", "off", "on: a practice Snowflake comes with the wizard."),
    Setting(
        "RATE_LIMITS",
        "on",
        "on: per client, 10 keys made, 30 key files opened, 60 test requests and 300 long texts read in ten minutes, "
        "and 16 tests at a time. off is for measuring.",
    ),
    Setting(
        "TRUSTED_HOSTS",
        "",
        "Host names (with optional :port), comma separated, that the connection test may reach although they resolve "
        "to a private or loopback address.",
    ),
    Setting(
        "THREADS",
        "600",
        "How many requests may wait for something at the same time, most of them live tests; pages and keys have a "
        "share that tests can't take.",
    ),
    Setting(
        "WORKERS",
        "1",
        "How many processes serve, for more than one core. Each counts its rate limits, and has its threads, by "
        "itself. The practice Snowflake lives in one process.",
    ),
    Setting(
        "CONFIG",
        "",
        "TOML file with settings, under the same names in small letters without WIZARD_; a variable wins over it. "
        "docs/company.md shows one.",
    ),
    Setting("TITLE", "", "What the wizard is called in the head of each page and in the browser's tab."),
    Setting("LOGO", "", "File with a PNG or SVG picture that stands before the title, 64 kB at most."),
    Setting(
        "ACCENT",
        "",
        "Colour of links and buttons, such as #0b5c73, and behind it one for dark screens; without one it is found. "
        "One that can't be read well (4.5:1) is refused.",
    ),
    Setting("SUPPORT", "", "Where people ask for help, such as #data-platform: stands in the foot of each page."),
    Setting(
        "ACCOUNTS",
        "",
        "The accounts that people here use, such as Production = myorg-prod, Test = myorg-test: the account page is a "
        "choice, and answered where there is one. Others are refused.",
    ),
    Setting("OTHER_ACCOUNTS", "off", "on: accounts that are not in the list are taken as well."),
    Setting("NOTE", "", "What people should know before they begin; stands on the start page."),
    Setting(
        "KEY_WAYS",
        "browser, server, upload, public",
        "The ways to a key pair that are offered: made in the browser, made on the server, a file that is there, own "
        "tools.",
    ),
    Setting("LEAST_KEY_SIZE", "2048", "The least size of a key: 2048, 3072 or 4096 bits."),
    Setting(
        "PASSPHRASE_REQUIRED",
        "off",
        "on: no key is made without a passphrase, and no file without one is taken, where the wizard sees it.",
    ),
    Setting(
        "SERVICE_USERS",
        "",
        "How service users are named, such as SVC_*, comma separated (* is any text, ? one character): a tool that "
        "runs by itself takes no other user.",
    ),
    Setting("SERVICE_USERS_WHY", "", "A sentence that explains that, and says whom to ask for one."),
    Setting("USUAL_ROLE", "SECURITYADMIN", "The role that the statements for the administrator begin with."),
    Setting("ROTATION_DAYS", "180", "After how many days a key pair is due for replacement, 1 to 3650."),
    Setting("LINK_DAYS", "7", "How many days the administrator's link and the one back live, 1 to 90."),
    Setting(
        "KEY_LINK_DAYS",
        "400",
        "How many days the link on a receipt and in the calendar lives, 1 to 3650: as long as a key may, and a little.",
    ),
    Setting("DATA_DIR", "the user's data folder", "Folder in which a secret key is kept when none is given."),
    Setting("CONTAINER", "off", "on: refuse to start without a secret key. The container image sets it."),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings as values. ``trusted_hosts`` maps a lower-case host name to its port, or to ``None``."""

    secret_key: Secret
    old_secret_keys: tuple[Secret, ...] = ()
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    proxy_hops: int = 0
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    practice: bool = False
    rate_limits: bool = True
    trusted_hosts: Mapping[str, int | None] = field(default_factory=dict)
    threads: int = 600
    workers: int = 1
    house: House = field(default_factory=House)
    advice: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raise :class:`SettingsError` for a secret key that is too short for where people come from."""
        length = len(self.secret_key.reveal())
        if length < GOOD_KEY_LENGTH and not self._is_for_this_machine():
            raise SettingsError(
                f"The secret key has {length} characters. Fewer than {GOOD_KEY_LENGTH} will do only to try the wizard "
                "on this machine: listening on 127.0.0.1, without a proxy and without a public address. Whoever "
                f"guesses the key can sign links and cookies. {MAKE_A_KEY}"
            )
        if self.practice and self.workers > 1:
            raise SettingsError(
                f"WIZARD_WORKERS is {self.workers} and the practice Snowflake is on. It lives in one process, so leave "
                "one of the two out."
            )

    @property
    def signing_keys(self) -> list[str]:
        """The secret keys as itsdangerous wants them, oldest first: the last one signs, and all are read."""
        return [key.reveal() for key in (*reversed(self.old_secret_keys), self.secret_key)]

    def _is_for_this_machine(self) -> bool:
        names = [self.host, *([urlsplit(self.public_url).hostname or ""] if self.public_url else [])]
        return not self.proxy_hops and all(map(_is_loopback, names))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read every ``WIZARD_…`` variable.

        Raises :class:`SettingsError` for a value that can't be used. What can be used but should be looked at (a
        name that nobody knows, a short secret key) is told in ``advice``, a sentence each.
        """
        given = Given(os.environ if environment is None else environment, [setting.name for setting in TABLE])
        certificate, tls_key = given.file("TLS_CERTIFICATE"), given.file("TLS_KEY")
        if (certificate is None) != (tls_key is None):
            raise SettingsError("WIZARD_TLS_CERTIFICATE and WIZARD_TLS_KEY belong together; only one of them is set.")
        if certificate is not None and tls_key is not None:
            _check_tls(certificate, tls_key)
        key = secret_key(given)
        advice = given.advice
        if len(key.reveal()) < GOOD_KEY_LENGTH:
            advice.append(
                f"WIZARD_SECRET_KEY is short, which will do on this machine alone: use {GOOD_KEY_LENGTH} random "
                f"characters or more. {MAKE_A_KEY}"
            )
        trusted_hosts = _trusted_hosts(given)
        return cls(
            secret_key=key,
            old_secret_keys=old_secret_keys(given),
            host=given.text("HOST", "127.0.0.1"),
            port=given.number("PORT", 8080, 0, 65535),
            public_url=_public_url(given),
            proxy_hops=given.number("PROXY_HOPS", 0, 0, 9),
            tls_certificate=certificate,
            tls_key=tls_key,
            practice=given.switch("PRACTICE"),
            rate_limits=given.switch("RATE_LIMITS", True),
            trusted_hosts=trusted_hosts,
            threads=given.number("THREADS", 600, 1, 4096),
            workers=given.number("WORKERS", 1, 1, 64),
            house=house_of(given, trusted_hosts),
            advice=tuple(advice),
        )


@dataclass(frozen=True)
class Outside:
    """What a command that doesn't serve reads: the hosts that are vouched for, and the wizard's address or ``""``."""

    trusted_hosts: Mapping[str, int | None]
    public_url: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Outside:
        """Read the two variables alone: no secret key is asked for or made. Raises :class:`SettingsError`."""
        given = Given(environment, [setting.name for setting in TABLE])
        return cls(_trusted_hosts(given), _public_url(given))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


def _public_url(given: Given) -> str:
    text = given.text("PUBLIC_URL").rstrip("/")
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        usable = _ADDRESS.fullmatch(text) is not None and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise given.refusal(
            "PUBLIC_URL", "an address such as https://keys.example.com is expected, with no path and no name in front"
        )
    return text


def _trusted_hosts(given: Given) -> dict[str, int | None]:
    hosts: dict[str, int | None] = {}
    for entry in map(str.lower, given.words("TRUSTED_HOSTS")):
        host, colon, port = entry.rpartition(":") if not entry.endswith("]") else (entry, "", "")
        if not colon:
            host, port = entry, ""
        if not host or "/" in host or "@" in host or (colon and not _is_port(port)):
            raise SettingsError(
                f"{given.where('TRUSTED_HOSTS')} holds {entry!r}; host names with an optional :port, separated by "
                "commas, are expected."
            )
        hosts[_as_it_is_asked(host.rstrip("."))] = int(port) if port else None
    return hosts


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) < 65536


def _as_it_is_asked(host: str) -> str:
    """Spell a host of Snowflake's as the wizard asks it: hyphens for underscores, but for PrivateLink names."""
    ours = host.endswith((".snowflakecomputing.com", ".snowflakecomputing.cn")) and ".privatelink." not in host
    return host.replace("_", "-") if ours else host


def _check_tls(certificate: Path, key: Path) -> None:
    """Load the pair as the server will, without a passphrase. Raises :class:`SettingsError`."""
    import ssl  # only where TLS is ours to speak

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password=lambda: "")
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise SettingsError(
            f"The certificate in WIZARD_TLS_CERTIFICATE and the key in WIZARD_TLS_KEY can't be used together "
            f"({type(error).__name__}). Both are PEM files, the key belongs to the first certificate, and it has no "
            "passphrase."
        ) from None
