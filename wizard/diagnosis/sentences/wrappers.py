"""Sentences that wrap another error: by themselves they tell little, and whatever stands beside them counts more.

Read in the same sources as those of :mod:`wizard.diagnosis.sentences.drivers`.
"""

from __future__ import annotations

from wizard.diagnosis.sentences.sentence import Sentence, either
from wizard.diagnosis.sentences.settles import FIRST_LINE, REACH, SETTINGS, WHOLE_TEXT

_LOGIN = "key-mismatch key-not-registered user-unknown account-not-found account-mismatch connection-blocked"


def _login(*patterns: str) -> Sentence:
    return either(
        _LOGIN,
        "The driver could not log in, and the reason stands elsewhere.",
        *patterns,
        settles=WHOLE_TEXT,
        vague=True,
    )


SENTENCES = (
    _login(r"jdbc driver not able to connect to snowflake"),
    _login(r"failed to connect to snowflake server"),
    _login(r"\bping snowflake: "),
    either(
        "account-empty user-empty keypair-mode-off key-mismatch account-not-found",
        "The provider could not open a connection, and the reason stands behind the colon.",
        r"open snowflake connection: ",
        settles=WHOLE_TEXT,
        vague=True,
    ),
    either(
        "key-mismatch key-type",
        "The driver could not log in, and says no more.",
        r"240000.{0,60}authentication failed",
        settles=WHOLE_TEXT,
        vague=True,
    ),
    either(
        "key-file-missing key-file-unreadable passphrase-wrong passphrase-missing key-encoding",
        "The driver could not prepare the login: it could not use the key.",
        r"authenticator initialization failed",
        settles=FIRST_LINE,
        vague=True,
    ),
    either(
        "key-encoding key-newlines-lost key-cipher passphrase-wrong passphrase-missing",
        "The driver could not make a key of the text.",
        r"could not extract private key using",
        settles=FIRST_LINE,
        vague=True,
    ),
    either(
        "key-markers-missing key-newlines-lost passphrase-wrong passphrase-missing key-is-path",
        "The provider could not read the key, and the reason stands behind the colon.",
        r"could not retrieve private key: ",
        settles=FIRST_LINE,
        vague=True,
    ),
    either(
        "connection-blocked host-not-found proxy-page",
        "The driver could not send its request.",
        r"exception encountered for http request|error during http request|encountered io error",
        settles=REACH,
        vague=True,
    ),
    either(
        "account-not-found proxy-page snowflake-unavailable rate-limited",
        "The answer had a status that the driver does not take.",
        r"\bhttp status=",
        settles=REACH,
        vague=True,
    ),
    either(
        "proxy-page snowflake-unavailable",
        "The answer is none of Snowflake's.",
        r"bad response received from server",
        settles=REACH,
        vague=True,
    ),
    either(
        "user-empty account-empty",
        "A setting that the driver needs is not there.",
        r"missing required connection property",
        settles=SETTINGS,
        vague=True,
    ),
    either(
        "user-empty account-empty key-empty",
        "A setting that the connector needs is not there or not right.",
        r"invalid input connector configuration",
        settles=SETTINGS,
        vague=True,
    ),
    either(
        "config-section-missing config-permissions",
        "The settings file could not be read, or lacks what was asked for.",
        r"problem during reading a configuration file|profile config from file|could not load config file|"
        r"unmarshalling config file|information about the config file|failed to parse toml file|"
        r"environment variable is not set",
        vague=True,
    ),
    either("account-not-found", "The account names a region, and so does another setting.", r"two regions specified"),
    either(
        "account-url-pasted keypair-mode-off",
        "The driver can't use one of the settings.",
        r"unable to initialize session",
        settles=SETTINGS,
        vague=True,
    ),
)
