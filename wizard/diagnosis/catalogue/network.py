"""The way to Snowflake: firewalls, proxies, certificates, and who may come in."""

from __future__ import annotations

from wizard.diagnosis.catalogue.words import CONNECTING, ERROR_MESSAGES, NETWORK_POLICIES, REGION_IN_NAME, TLS
from wizard.diagnosis.cause import Cause, administrator, code, network_team, operator, says, you
from wizard.snowflake.codes import Code

CAUSES = (
    Cause(
        "network-policy",
        "This machine's address is not allowed in",
        "A network policy lists the addresses from which the account, or this user, may be reached. The "
        "address that Snowflake names is the one it sees, which is often that of "
        "a proxy or a gateway and not what your browser shows.",
        (
            administrator(
                "See first which policy holds: the user's own, or else the account's.", "show_network_policies"
            ),
            administrator(
                "Let <ADDRESS> in by that policy: put CREATE NETWORK RULE TOOLS MODE = INGRESS TYPE = IPV4 VALUE_LIST "
                "= ('<ADDRESS>'); into a schema, and add it with ALTER NETWORK POLICY <POLICY> ADD "
                "ALLOWED_NETWORK_RULE_LIST = ('TOOLS');"
            ),
            administrator(
                "Only for a user who comes from <ADDRESS> and from nowhere else, and has no policy so far: give it one "
                "of its own. It takes the place of the account's.",
                "allow_address",
            ),
            network_team(
                "Tell the administrator every public address from which this machine reaches the internet, and keep "
                "them fixed."
            ),
        ),
        NETWORK_POLICIES,
        (
            says(104, code(Code.NETWORK_POLICY) + r"|is not allowed to access snowflake"),
            says(
                94,
                r"network policy|network_policy|ip .{0,60}(?:not allowed|blocked|whitelist|allowlist|"
                r"not whitelisted)",
                unless=(r"network policy is required",),
            ),
        ),
    ),
    Cause(
        "connection-blocked",
        "Something on the way drops the connection",
        "The name resolves, but no connection comes about: a firewall, a proxy or a security group lets "
        "nothing through to Snowflake on port 443.",
        (
            network_team(
                "Allow outgoing TCP to the account's host on port 443 from this machine. SELECT "
                "SYSTEM$ALLOWLIST(); lists every host that clients need."
            ),
            operator(
                "If the way out is a proxy, set HTTPS_PROXY for this wizard, with user and password where "
                "the proxy asks for them."
            ),
        ),
        ERROR_MESSAGES,
        (
            says(
                72,
                r"timed? ?out|timeout|etimedout|econnrefused|connection refused|connection (?:was )?reset|"
                r"econnreset|connection aborted|broken pipe|deadline exceeded|no route to host|"
                r"unreachable|remote end closed|forcibly closed|socket hang up|connection (?:was )?closed|"
                r"failed to connect to .{0,120}port 443",
            ),
            says(
                86,
                r"proxy authentication|(?<![0-9])407(?![0-9])|proxyerror|cannot connect to proxy|"
                r"tunnel connection failed|firewall",
            ),
            says(
                50,
                r"could not connect to snowflake backend|failed http connection|"
                r"unable to connect to the remote server|communication error|network error",
            ),
        ),
    ),
    Cause(
        "tls-intercepted",
        "A proxy opens the encrypted connection",
        "The certificate was not issued by an authority that this machine trusts. In companies this is "
        "mostly a proxy that opens encrypted connections and signs them anew with its own certificate.",
        (
            network_team(
                "Let connections to Snowflake pass without inspection, as Snowflake advises. Or hand out "
                "the proxy's root certificate."
            ),
            operator(
                "Point REQUESTS_CA_BUNDLE to a file with that root certificate. Do not switch certificate checks off."
            ),
        ),
        ERROR_MESSAGES,
        (
            says(
                84,
                r"self[- ]signed|unable to get (?:local )?issuer|certificate[_ ]verify[_ ]failed|"
                r"certificate verify failed|pkix path|valid certification path|unknown authority|unknownissuer|"
                r"unknown ca|"
                r"untrusted root|partial ?chain|remotecertificatechainerrors|depth_zero|unable_to_verify|"
                r"unable to verify the first|bad handshake|not trusted",
            ),
            says(
                92,
                r"zscaler|netskope|palo alto|forcepoint|blue ?coat|fortinet|mitm|ssl inspection|tls inspection|"
                r"tls interception|ssl interception|inspecting proxy|re-?signs?",
            ),
            says(58, r"\bocsp\b|\bcrl\b|revocation|sslerror|ssl: |tls handshake"),
        ),
    ),
    Cause(
        "tls-name-mismatch",
        "The certificate belongs to other names",
        "The server that answered shows a certificate for other host names. Mostly the region of a locator "
        "is wrong or missing, or organization and account are joined by a dot.",
        (
            you(
                "Compare the names in the certificate with the host: they tell in which region you ended "
                "up. Then correct the account."
            ),
            you("Read the right form inside Snowflake.", "account_identifier"),
        ),
        ERROR_MESSAGES,
        (
            says(
                90,
                r"hostname mismatch|host name mismatch|name mismatch|namemismatch|altname|"
                r"alternative (?:dns )?names?|certificate is (?:only )?valid for|certificate is not valid for|"
                r"doesn't match either|"
                r"not match (?:any of )?the (?:host|subject|certificate|common)|does not match .{0,80}(?:host|"
                r"certificate)|verifier rejected|\bsan list\b|expected host|nosuitablename",
                TLS,
            ),
            says(92, r"hostname .{0,160}(?:doesn't|does not|didn't) match"),
            says(50, REGION_IN_NAME, r"certificate", r"region|match"),
        ),
    ),
    Cause(
        "proxy-page",
        "Something that is not Snowflake answered",
        "The answer is a web page, or sends elsewhere, where Snowflake's interface answers with JSON. It "
        "comes from a proxy that wants a sign-in or forbids the address, or from another server altogether.",
        (
            network_team("Let this machine reach the account's host without a sign-in page."),
            you("Look at the first words of the answer below the row: such pages mostly say who they are from."),
        ),
        ERROR_MESSAGES,
        (
            says(70, r"<html|<!doctype|</?head>|</?body|text/html"),
            says(
                68,
                r"unexpected token '?<|invalid character '<'|expecting value: line 1 column 1|not valid json|"
                r"unexpected character encountered while parsing value: <|jsondecodeerror|unrecognized token",
            ),
            says(
                84,
                r"captive|(?:proxy|portal) (?:login|sign|page|block)|access denied by|blocked by (?:your|the|"
                r"our) (?:organi|admin|company|policy|proxy)|web ?filter",
            ),
            says(60, r"too many redirects|30[127] (?:found|moved|temporary)|unexpected redirect"),
        ),
    ),
    Cause(
        "address-not-vouched",
        "The name leads to an address that this wizard does not ask",
        "The host resolves to an address inside a private network or on this machine. So that nobody can "
        "use the wizard to look around in there, it asks such addresses only where its operator has vouched for the "
        "host.",
        (
            operator(
                "If this is the account's PrivateLink or an inside address of Snowflake, add the host to "
                "WIZARD_TRUSTED_HOSTS."
            ),
            network_team("If it should be a public address, find out why the name server gives a private one."),
        ),
        CONNECTING,
    ),
)
