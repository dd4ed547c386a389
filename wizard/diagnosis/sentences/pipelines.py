"""What tools built on the Python connector print of their own: dbt, dlt, SQLAlchemy, Prefect, Dagster.

Read in dbt-core 1.11 and dbt-snowflake, dlt (destinations/impl/snowflake/configuration.py), snowflake-sqlalchemy 2.1
(util.py), prefect-snowflake (credentials.py) and dagster-snowflake (resources.py), autumn 2026.
"""

from __future__ import annotations

from wizard.diagnosis.sentences.sentence import alone, either
from wizard.diagnosis.sentences.settles import FIRST_LINE, SETTINGS

SENTENCES = (
    alone(
        "account-empty",
        "The tool was given no account.",
        r"'account' is a required property|account parameter must be spec",
    ),
    alone("user-empty", "The tool was given no user.", r"'user' is a required property"),
    alone(
        "config-section-missing",
        "The profile, the target or the connection of that name stands in no file that was read.",
        r"could not find profile named|does not have a target named|"
        r"profiles\.yml.{0,60}(?:not exist|not found|no such)|"
        r"could not find one\b|did not find one\b",
    ),
    alone(
        "passphrase-missing",
        "The settings take the passphrase from a variable, and that is not set where the tool runs.",
        r"env var required but not provided: '[a-z0-9_]{0,60}pass",
    ),
    either(
        "key-empty user-empty account-empty",
        "The settings take a value from a variable, and that is not set where the tool runs.",
        r"env var required but not provided: '",
        unless=(r"not provided: '[a-z0-9_]{0,60}pass",),
    ),
    alone("account-empty", "The account is empty.", r"cannot be safely placed in the connection url: ''"),
    alone(
        "account-url-pasted",
        "The account has characters of an address in it.",
        r"cannot be safely placed in the connection url: '[^']",
    ),
    either(
        "key-file-missing key-file-unreadable key-encoding key-stray-characters",
        "The tool could not read a text at the path of the key.",
        r"make sure that `private_key` in dlt recognized format is at",
        unless=(r"permission denied|no such file|is a directory|codec can't decode",),
    ),
    either(
        "key-empty keypair-mode-off",
        "The tool found no key among its settings, so it asks for a password.",
        r"requires `username` and `password` to be specified",
        settles=SETTINGS,
    ),
    alone("key-encoding", "The key is no text.", r"invalidpemformat: key could not be decoded"),
    either(
        "key-markers-missing key-newlines-lost key-stray-characters key-encoding",
        "The tool takes a PEM key apart by its marker lines, and they are not as they should be.",
        r"invalidpemformat",
        unless=(r"key could not be decoded",),
        settles=FIRST_LINE,
    ),
    alone(
        "key-empty",
        "Where the key should be there was nothing.",
        r"'nonetype' object has no attribute '(?:decode|encode)'",
    ),
    alone("key-encoding", "The file is no text: it may be DER.", r"codec can't decode byte 0x[0-9a-f]{2} in position"),
    either(
        "key-is-public key-truncated key-newlines-lost key-markers-missing key-openssh key-encoding "
        "key-stray-characters",
        "The tool could not load the key, and advises whatever was wrong.",
        r"unable to load private key\. you may need to base64 encode",
        settles=FIRST_LINE,
        vague=True,
    ),
    either(
        "key-markers-missing key-newlines-lost key-stray-characters key-encoding",
        "The tool tried to read the key as DER and as PEM, and could do neither.",
        r"are passing der/pem or password in query string",
        settles=FIRST_LINE,
        vague=True,
    ),
    either(
        "key-newlines-lost key-markers-missing key-truncated key-is-public key-is-path key-empty",
        "The text was taken for base64, and is none.",
        r"binascii\.error: incorrect padding",
        settles=FIRST_LINE,
    ),
    either(
        "key-markers-missing key-truncated",
        "The text was taken for base64, and a character is missing or too many.",
        r"invalid base64-encoded string: number of data characters",
        settles=FIRST_LINE,
    ),
    either(
        "key-stray-characters key-markers-missing",
        "In the text of the key stands a sign that no key has, such as a long dash.",
        r"string argument should contain only ascii",
    ),
    either(
        "key-file-missing key-empty key-is-path",
        "There is no file at the path, or nothing in it.",
        r"private_key_file path points to an empty or invalid file",
    ),
    alone("config-section-missing", "Airflow knows no connection of that name.", r"the conn_id .{1,120} isn't defined"),
)
