"""The tool: whether it uses the key pair at all, and what it may do once it is in."""

from __future__ import annotations

from wizard.diagnosis.explained.explanation import EVERY_CLIENT, Explanation, says, unlike

_PYTHON, _CLI, _GO = "Python connector", "Snowflake CLI", "Go"

EXPLAINED = {
    "keypair-mode-off": Explanation(
        (
            unlike("user-empty", "The message speaks of the user."),
            unlike("config-section-missing", "The message names a connection that it can't find."),
            unlike("keypair-not-allowed", "The message speaks of an authentication policy: the key was used."),
        ),
        "Copy the settings from the hand-over page, and leave no password or token in the same connection.",
        (
            *says(_GO, "260002: password is empty"),
            *says(_PYTHON, "251006: Password is empty"),
            *says(_CLI, "Private Key authentication requires authenticator set to SNOWFLAKE_JWT"),
            *says(EVERY_CLIENT, "Incorrect username or password was specified."),
        ),
        ("https://github.com/snowflakedb/snowflake-cli/issues/3045",),
    ),
    "config-section-missing": Explanation(
        (
            unlike("account-empty", "The connection is found, and has no account in it."),
            unlike("config-permissions", "The message speaks of permissions: the file was found."),
            unlike("key-file-missing", "The message names the key file."),
        ),
        "Keep all connections in one file: connections.toml or config.toml, and not some in each.",
        (
            *says(_CLI, "Connection <NAME> is not configured"),
            *says(_PYTHON, "Default connection with name '<NAME>' cannot be found"),
        ),
    ),
    "config-permissions": Explanation(
        (
            unlike("key-file-unreadable", "The message names the key file, and not the settings."),
            unlike("config-section-missing", "The message says that there is no such connection."),
        ),
        "Set umask 077 in scripts that write such files, so that they are nobody else's from the start.",
        (
            *says(_CLI, "has too wide permissions"),
            *says(_PYTHON, "Bad owner or permissions"),
        ),
    ),
    "role-not-granted": Explanation(
        (
            unlike("privileges-missing", "The session begins, and a table or a schema is what is refused."),
            unlike("warehouse-unusable", "The message speaks of a warehouse."),
        ),
        "Grant the role in the same script that creates the user: DEFAULT_ROLE alone grants nothing.",
        (
            *says(
                EVERY_CLIENT,
                "Role '<ROLE>' specified in the connect string is not granted to this user.",
                "User's configured default role '<ROLE>' is not granted to this user.",
            ),
        ),
        ("https://github.com/airbytehq/airbyte/issues/23629",),
    ),
    "warehouse-unusable": Explanation(
        (
            unlike("role-not-granted", "The message speaks of a role."),
            unlike("privileges-missing", "The message speaks of a database, a schema or a table."),
        ),
        "Give each service user a default warehouse, and its role USAGE on it.",
        (
            *says(EVERY_CLIENT, "000606 (57P03): No active warehouse selected in the current session."),
            *says("The SQL API", "391920"),
            *says(EVERY_CLIENT, "390201: The requested warehouse does not exist or not authorized."),
        ),
    ),
    "privileges-missing": Explanation(
        (
            unlike("role-not-granted", "The session has another role than the one you meant: SELECT CURRENT_ROLE()."),
            unlike("warehouse-unusable", "The message speaks of a warehouse."),
            unlike("not-allowed-to-alter", "The message speaks of a user."),
        ),
        "Grant rights to roles and roles to users, and let the tool name the role that it needs.",
        (
            *says(EVERY_CLIENT, "SQL compilation error: Object '<NAME>' does not exist or not authorized."),
            *says(EVERY_CLIENT, "SQL access control error: Insufficient privileges to operate on schema '<SCHEMA>'"),
            *says(EVERY_CLIENT, "This session does not have a current database."),
        ),
    ),
}
