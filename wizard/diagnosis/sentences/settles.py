"""What to look at where a sentence leaves several causes: the observations that sentences share."""

from __future__ import annotations

from typing import Final

from wizard.diagnosis.sentences.sentence import Settle

LOOK_UP: Final = Settle(
    "Snowflake tells only administrators why it refused a token. Have this run: its answer names the cause, and this "
    "wizard reads it.",
    "your Snowflake administrator",
    statement="failure_details",
    kind="failure-details",
)
"""The record that Snowflake keeps of a refusal. It is asked for on pages and on a terminal, so no place is named."""
FIRST_LINE: Final = Settle(
    "Look at the first line of the key, where the tool reads it, and at whether the key stands on several lines. A key "
    "that tools read begins with -----BEGIN PRIVATE KEY----- or -----BEGIN ENCRYPTED PRIVATE KEY----- on a line of its "
    "own. Paste that line alone, never the key."
)
PASSPHRASE: Final = Settle(
    "Look at the first line of the key file. With ENCRYPTED in it the key has a passphrase: try it with openssl pkey "
    "-in rsa_key.p8 -noout, which says nothing when the passphrase is right."
)
SIZE: Final = Settle(
    "Run openssl pkey -in rsa_key.p8 -noout -text | head -1 and paste what it prints: it asks for a passphrase where "
    "the key has one, and tells the size.",
    kind="openssl",
)
WHOLE_TEXT: Final = Settle(
    "Paste the whole text that the tool printed, from its first line. The last line only says that it gave up; the "
    "lines before it say at what.",
    kind="error",
)
SETTINGS: Final = Settle(
    "Paste the settings that the tool was given, without secrets: whether account, user and key are there, and under "
    "which names.",
    kind="settings",
)
RESOLVE: Final = Settle(
    "Run nslookup with the host name, on the machine where the tool runs: it tells whether the name is known there, "
    "and to which address it leads."
)
REACH: Final = Settle(
    "Run curl -sv https://<host>/ on the machine where the tool runs, with the account's host, and look how far it "
    "gets: the name, the connection, the certificate, the answer."
)
