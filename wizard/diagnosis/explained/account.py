"""The account: in the token, in the host name, and whether both mean the same one."""

from __future__ import annotations

from wizard.diagnosis.explained.explanation import (
    EVERY_CLIENT,
    LOGIN_FAILURE,
    SAME_ANSWER,
    Explanation,
    says,
    unlike,
)

_PYTHON, _GO, _JAVA, _NODE = "Python connector", "Go", "JDBC", "Node.js"

EXPLAINED = {
    "account-region-in-claim": Explanation(
        (
            unlike("account-mismatch", "The look-up by the number of the refusal says 394307 there, and 390144 here."),
            unlike("account-form", "There is no dot in the account of the token."),
            unlike(
                "key-mismatch",
                "The look-up says 394304, and the token's account is the bare one. Driver programs cut the region off "
                "by themselves, so with them the key is the likelier one.",
            ),
        ),
        "Write the account as organization-account everywhere: it has no region that could be left in.",
        (
            *says(EVERY_CLIENT, SAME_ANSWER),
            *says("The SQL API", '401 {"code": "390144", "message": "JWT token is invalid. […]"}'),
        ),
        ("https://github.com/apache/arrow-adbc/issues/1777",),
    ),
    "account-dot-form": Explanation(
        (
            unlike("account-region-in-claim", "What follows the dot is a region there, and the account's name here."),
            unlike("tls-name-mismatch", "The account has no dot, or a true region behind it."),
            unlike("account-not-found", "The account is written with a hyphen."),
        ),
        "Copy the field called Account Identifier, and not the one called Data Sharing Account Identifier.",
        (
            *says(EVERY_CLIENT, SAME_ANSWER),
            *says(_PYTHON, "Hostname mismatch, certificate is not valid for 'myorg.myaccount.snowflakecomputing.com'"),
        ),
    ),
    "account-url-pasted": Explanation(
        (
            unlike("host-not-found", "The host in the message ends in snowflakecomputing.com once, and not twice."),
            unlike("account-not-found", "The account in the settings begins with no https://."),
        ),
        "Keep the account in one place, as the bare name, and build addresses from it.",
        (
            *says(_PYTHON, "Failed to resolve 'myorg-acct.snowflakecomputing.com.snowflakecomputing.com'"),
            *says(_NODE, "getaddrinfo ENOTFOUND https"),
        ),
    ),
    "account-empty": Explanation(
        (
            unlike("config-section-missing", "The message names a connection that it can't find."),
            unlike("user-empty", "The message speaks of the user."),
            unlike("account-not-found", "The message has a host name, so there was an account."),
        ),
        "Let the start of the program end with a sentence that names the variable when it is not set.",
        (
            *says(_PYTHON, "251001: Account must be specified"),
            *says(_GO, "260000: account is empty"),
        ),
    ),
    "account-not-found": Explanation(
        (
            unlike("host-not-found", "The name does not resolve at all, so there is no status such as 403 or 404."),
            unlike("proxy-page", "The page that comes back names a proxy or a company, and comes for other sites too."),
            unlike("tls-name-mismatch", "The connection ends at the certificate, before there is any status."),
            unlike("account-empty", "The message has no host name, or one that begins with a dot."),
        ),
        "Copy the account from the address of your browser while you are signed in, and never type a region.",
        (
            *says(_PYTHON, "Verify the account name is correct", "290404 (08001): None: 404 Not Found"),
            *says(_GO, "261004 (08004): failed to auth for unknown reason. HTTP: 404"),
        ),
    ),
    "account-mismatch": Explanation(
        (
            unlike(
                "account-region-in-claim",
                "The account of the token holds a dot. Then no account is found, and the code is 390144.",
            ),
            unlike("account-form", "Host and token name one account, in two spellings of it."),
        ),
        "Set account and host from the same line of the account's details, or set the account alone.",
        (
            *says(EVERY_CLIENT, SAME_ANSWER),
            *says(LOGIN_FAILURE, "394307 JWT_TOKEN_ACCOUNT_MISMATCH"),
        ),
    ),
    "account-form": Explanation(
        (
            unlike(
                "account-region-in-claim",
                "A dot stands in the account of the token. Mend that first: it is far commoner.",
            ),
            unlike("user-unknown", "The look-up says 394300."),
            unlike("key-mismatch", "The look-up says 394304, or the fingerprint in DESC USER is another one."),
        ),
        "Note down which of the two forms proved to work, beside the key.",
        (*says(EVERY_CLIENT, SAME_ANSWER),),
        ("https://github.com/rinsed-org/rb-snowflake-client/issues/82",),
    ),
    "account-underscore": Explanation(
        (
            unlike("tls-name-mismatch", "The host in the message has no underscore."),
            unlike("tls-intercepted", "The message speaks of an issuer that is not trusted, and not of a name."),
            unlike("privatelink-name", "The host holds the word privatelink: keep its underscore."),
        ),
        "Set the host with hyphens wherever the tool has a field for it, and the account in its true spelling.",
        (
            *says(_PYTHON, "Hostname mismatch, certificate is not valid for 'myorg-my_acct.snowflakecomputing.com'"),
            *says(_JAVA, "URI does not specify a valid host name"),
        ),
        (
            "https://github.com/snowflakedb/snowflake-connector-python/pull/3009",
            "https://github.com/snowflakedb/snowflake-jdbc/pull/2729",
        ),
    ),
    "privatelink-name": Explanation(
        (
            unlike("host-not-found", "The host that fails has no privatelink in it."),
            unlike("connection-blocked", "The name resolves to a private address, and the connection then hangs."),
            unlike("account-underscore", "The name resolves, and the certificate is what fails."),
        ),
        "Have the host that SYSTEM$GET_PRIVATELINK_CONFIG() names put into the name servers of every network that "
        "runs tools, in exactly that spelling.",
        (
            *says(_PYTHON, "[Errno -2] Name or service not known", "[Errno 11001] getaddrinfo failed"),
            *says(_JAVA, "java.net.UnknownHostException: myorg-acct.privatelink.snowflakecomputing.com"),
        ),
        ("https://github.com/dbt-labs/dbt-adapters/issues/1143",),
    ),
    "host-not-found": Explanation(
        (
            unlike("privatelink-name", "The host holds the word privatelink."),
            unlike("account-not-found", "There is a status such as 403 or 404: the name did resolve."),
            unlike("account-url-pasted", "The host in the message holds https or ends twice in the domain."),
            unlike("connection-blocked", "No other outside name resolves on this machine either, or the wait is long."),
        ),
        "Copy the account rather than typing it. In networks without outside names, set the proxy for the tool.",
        (
            *says(_PYTHON, "[Errno -2] Name or service not known", "[Errno 11001] getaddrinfo failed"),
            *says(_GO, "dial tcp: lookup myorg-acct.snowflakecomputing.com: no such host"),
            *says(_NODE, "getaddrinfo ENOTFOUND myorg-acct.snowflakecomputing.com"),
            *says(_JAVA, "java.net.UnknownHostException"),
        ),
    ),
}
