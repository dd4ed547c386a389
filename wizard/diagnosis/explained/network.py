"""The way to Snowflake: firewalls, proxies, certificates, and who may come in."""

from __future__ import annotations

from wizard.diagnosis.explained.explanation import EVERY_CLIENT, Explanation, says, unlike

_PYTHON, _GO, _JAVA, _NODE = "Python connector", "Go", "JDBC", "Node.js"

EXPLAINED = {
    "network-policy": Explanation(
        (
            unlike("connection-blocked", "Nothing answers. Here Snowflake itself does, and names an address."),
            unlike("keypair-not-allowed", "The message speaks of an authentication policy, and of no address."),
        ),
        "Let servers leave by fixed addresses, and list those for the user when it is created.",
        (*says(EVERY_CLIENT, "390422: Incoming request with IP/Token <ADDRESS> is not allowed to access Snowflake."),),
    ),
    "connection-blocked": Explanation(
        (
            unlike("host-not-found", "The message says that the name is not known: it never came to a connection."),
            unlike("network-policy", "Snowflake answers, and names your address."),
            unlike("tls-intercepted", "The message speaks of a certificate."),
            unlike("privatelink-name", "The host holds the word privatelink, and leads to a public address."),
        ),
        "Have every host that SYSTEM$ALLOWLIST() lists allowed, and not only the account's own.",
        (
            *says(_PYTHON, "250001: Could not connect to Snowflake backend after 2 attempt(s). Aborting"),
            *says(_GO, "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"),
            *says(_NODE, "connect ETIMEDOUT", "connect ECONNREFUSED"),
            *says("Behind a proxy", "Tunnel connection failed: 407 Proxy Authentication Required"),
        ),
    ),
    "tls-intercepted": Explanation(
        (
            unlike("tls-name-mismatch", "The message speaks of a host name, and not of an issuer."),
            unlike("account-underscore", "The host has an underscore, and the message speaks of its name."),
        ),
        "Have Snowflake's hosts excepted from inspection, as Snowflake advises.",
        (
            *says(_PYTHON, "certificate verify failed: self-signed certificate in certificate chain"),
            *says("Python connector 5", "invalid peer certificate: UnknownIssuer"),
            *says(_GO, "x509: certificate signed by unknown authority"),
            *says(_JAVA, "PKIX path building failed: unable to find valid certification path to requested target"),
            *says(_NODE, "SELF_SIGNED_CERT_IN_CHAIN"),
        ),
    ),
    "tls-name-mismatch": Explanation(
        (
            unlike("account-underscore", "The host has an underscore."),
            unlike("account-dot-form", "Organization and account are joined by a dot."),
            unlike("tls-intercepted", "The message speaks of an issuer that is not trusted."),
        ),
        "Use organization-account: its host has no region that could be wrong.",
        (
            *says(_PYTHON, "hostname '<HOST>' doesn't match either of '*.us-west-2.snowflakecomputing.com'"),
            *says(_NODE, "Hostname/IP does not match certificate's altnames"),
        ),
    ),
    "proxy-page": Explanation(
        (
            unlike("account-not-found", "The page is Snowflake's own, and other accounts work from here."),
            unlike("snowflake-unavailable", "The status is 500 or more, and other networks see the same."),
        ),
        "Have Snowflake's hosts excepted from the sign-in of the proxy, for servers above all.",
        (
            *says(_GO, "invalid character '<' looking for beginning of value"),
            *says(_PYTHON, "Expecting value: line 1 column 1 (char 0)"),
        ),
    ),
    "address-not-vouched": Explanation(
        (
            unlike("privatelink-name", "The name leads nowhere, or to a public address."),
            unlike("connection-blocked", "The address was asked, and nothing answered."),
        ),
        "Name every PrivateLink host in WIZARD_TRUSTED_HOSTS when the wizard is set up.",
    ),
}
