"""The rows that DESCRIBE USER answers with, in the documented order.

Source: https://docs.snowflake.com/en/sql-reference/sql/desc-user (checked 2026-11).
"""

from __future__ import annotations

from datetime import UTC, datetime

from wizard.practice.users import RegisteredKey, User

COLUMNS = ("property", "value", "default", "description")


def moment(seconds: float) -> str:
    """Return a time (Unix seconds) as Snowflake prints it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S.000 +0000")


def description(user: User) -> tuple[tuple[str, str, str, str], ...]:
    """Return the rows for ``user``; an empty value reads ``null``."""

    def yes(value: bool) -> str:
        return "true" if value else "false"

    def set_time(key: RegisteredKey | None) -> str:
        return moment(key.set_at) if key else ""

    first, second = user.key_1, user.key_2
    rows = (
        ("NAME", user.name, "", "Name"),
        ("COMMENT", user.comment, "", "user comment associated to an object in the dictionary"),
        ("DISPLAY_NAME", user.display_name, "", "Display name of the associated object"),
        ("TYPE", user.type, "", "Type of the user"),
        ("LOGIN_NAME", user.login_name, "", "Login name of the user"),
        ("FIRST_NAME", user.first_name, "", "First name of the user"),
        ("MIDDLE_NAME", "", "", "Middle name of the user"),
        ("LAST_NAME", user.last_name, "", "Last name of the user"),
        ("EMAIL", user.email, "", "Email address of the user"),
        ("PASSWORD", "", "", "Password of the user"),
        ("MUST_CHANGE_PASSWORD", "false", "false", "User must change the password"),
        ("DISABLED", yes(user.disabled), "false", "Whether the user is disabled"),
        ("SNOWFLAKE_LOCK", yes(user.locked), "false", "Whether the user, account or organization is locked"),
        ("SNOWFLAKE_SUPPORT", "false", "false", "Snowflake Support may use the user or account"),
        ("DAYS_TO_EXPIRY", user.days_to_expiry, "", "User record will be treated as expired after this many days"),
        ("MINS_TO_UNLOCK", "15" if user.locked else "", "", "A temporary lock ends after this many minutes"),
        ("DEFAULT_WAREHOUSE", user.default_warehouse, "", "Default warehouse for this user"),
        ("DEFAULT_NAMESPACE", user.default_namespace, "", "Default database namespace prefix for this user"),
        ("DEFAULT_ROLE", user.default_role, "", "Primary principal of user session will be set to this role"),
        ("DEFAULT_SECONDARY_ROLES", '["ALL"]', '["ALL"]', "The secondary roles will be set to all roles provided here"),
        ("EXT_AUTHN_DUO", "false", "false", "Whether Duo Security is enabled as second factor authentication"),
        ("EXT_AUTHN_UID", "", "", "External authentication ID of the user"),
        ("HAS_MFA", "false", "false", "Whether the user is enrolled in multi-factor authentication"),
        ("HAS_PAT", "false", "false", "Whether the user has a programmatic access token"),
        ("HAS_WORKLOAD_IDENTITY", "false", "false", "Whether the user has workload identities"),
        ("MINS_TO_BYPASS_MFA", "", "", "Temporary bypass MFA for the user for this many minutes"),
        ("MINS_TO_BYPASS_NETWORK_POLICY", "", "", "Temporary bypass network policy on the user for this many minutes"),
        ("RSA_PUBLIC_KEY", first.text if first else "", "", "RSA public key of the user"),
        ("RSA_PUBLIC_KEY_FP", first.fingerprint if first else "", "", "Fingerprint of user's RSA public key"),
        ("RSA_PUBLIC_KEY_LAST_SET_TIME", set_time(first), "", "When the user's RSA public key was last set"),
        ("RSA_PUBLIC_KEY_2", second.text if second else "", "", "Second RSA public key of the user"),
        ("RSA_PUBLIC_KEY_2_FP", second.fingerprint if second else "", "", "Fingerprint of the second RSA public key"),
        ("RSA_PUBLIC_KEY_2_LAST_SET_TIME", set_time(second), "", "When the user's second RSA public key was last set"),
        ("PASSWORD_LAST_SET_TIME", "", "", "The timestamp on which the last non-null password was set for the user"),
        ("CUSTOM_LANDING_PAGE_URL", "", "", "Snowflake will redirect the user to this URL"),
        ("CUSTOM_LANDING_PAGE_URL_FLUSH_NEXT_UI_LOAD", "false", "false", "Cleared after the next load"),
        ("IS_FROM_ORGANIZATION_USER", "false", "false", "Whether the user comes from an organization user"),
    )  # fmt: skip
    return tuple((name, value or "null", default or "null", words) for name, value, default, words in rows)
