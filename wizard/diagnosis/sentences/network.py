"""What programs print when they don't reach Snowflake, or reach something else: names, connections, certificates.

The words are those of the libraries below the clients: urllib3 and requests, the sockets of Python, OpenSSL, rustls,
Java, Go and Node.js.
"""

from __future__ import annotations

from wizard.diagnosis.sentences.sentence import alone, either
from wizard.diagnosis.sentences.settles import REACH, RESOLVE

_NO_NAME = (
    r"nameresolutionerror|getaddrinfo failed|failed to resolve '|no such host\b|"
    r"getaddrinfo enotfound|unknownhostexception|"
    r"name or service not known|nodename nor servname"
)
_OUTWARD = r"snowflakecomputing\.com[/:0-9]{0,6}\.snowflakecomputing|host='https?'|lookup https?\b|enotfound https?\b"

_ELSEWHERE = r"post \"https?://(?![^/\"]{0,200}snowflakecomputing)[a-z0-9]"

SENTENCES = (
    alone("proxy-page", "The request was sent on to a host that is none of Snowflake's.", _ELSEWHERE),
    alone(
        "tls-intercepted",
        "The certificate was issued by somebody whom this machine does not trust.",
        r"signed by unknown authority|self[- ]signed certificate|unable to get (?:local )?issuer certificate|"
        r"unknownissuer|pkix path building failed|unable_to_verify_leaf|unable to verify the first certificate|"
        r"certificate verify failed(?!: (?:hostname|ip address|certificate))|certificate chain: partialchain",
    ),
    either(
        "clock-skew tls-intercepted",
        "By the clock of this machine the certificate does not hold now.",
        r"certificate (?:has expired|is not yet valid)|cert_has_expired|certificateexpiredexception|"
        r"certificatenotyetvalid",
    ),
    either(
        "connection-blocked tls-intercepted",
        "The answer was cut off on its way.",
        r"incompleteread|chunkedencodingerror|io: unexpected eof$",
    ),
    alone("account-url-pasted", "The program made a host name out of a web address.", _OUTWARD),
    either(
        "host-not-found account-url-pasted privatelink-name account-dot-form",
        "The name of the host is not known where the program runs.",
        _NO_NAME,
        unless=(
            _ELSEWHERE,
            r"privatelink|private[_ -]link",
            _OUTWARD,
            r"proxyerror|cannot connect to proxy",
            r"failed to lookup address",
        ),
        settles=RESOLVE,
    ),
    either(
        "privatelink-name host-not-found",
        "A PrivateLink name is not known where the program runs.",
        rf"(?:{_NO_NAME}|failed to lookup address information)",
        r"privatelink",
        settles=RESOLVE,
    ),
    either(
        "proxy-page connection-blocked",
        "The proxy on the way out did not let the connection through.",
        r"proxyerror|cannot connect to proxy|unable to connect to proxy|tunnel connection failed",
        unless=(r"407|proxy authentication",),
    ),
    either(
        "connection-blocked proxy-page",
        "The proxy on the way out wants a user and a password.",
        r"407 proxy|proxy authentication required|tunnel connection failed: 407",
    ),
    either(
        "connection-blocked tls-intercepted",
        "The connection ended in the middle of the handshake.",
        r"read error: error\(\[\]\)|unexpected eof while reading|sslzeroreturn|"
        r"eof occurred in violation of protocol|"
        r"unexpected_eof_while_reading",
        settles=REACH,
    ),
    alone(
        "connection-blocked",
        "No connection to the address of the host comes about.",
        r"enetunreach|ehostunreach|econnrefused|network is unreachable|no route to host|connection refused",
        unless=(r"proxyerror|cannot connect to proxy",),
    ),
    alone(
        "tls-name-mismatch",
        "The certificate of the server is for other names.",
        r"no alternative certificate subject name matches|err_tls_cert_altname_invalid|notvalidforname|"
        r"certificate verify failed: (?:hostname|ip address) mismatch|remotecertificatenamemismatch|"
        r"doesn't match any of the subject alternative names|no subject alternative dns name matching|"
        r"certificate is valid for [^ ]{1,200}",
        unless=(r"[a-z0-9-]_[a-z0-9_-]{0,60}\.(?:[a-z0-9-]{1,40}\.){0,4}snowflakecomputing",),
    ),
    alone(
        "proxy-page", "The answer sends elsewhere, which Snowflake's interface does not do.", r"http status 30[1278]"
    ),
    alone("token-malformed", "No token came along with the request.", r"authorization header not found"),
    either(
        "snowflake-unavailable rate-limited",
        "The host answered each time that it should be tried again.",
        r"login request is retryable",
    ),
    alone(
        "account-not-found",
        "The host answered 403 or 404, as one does that knows no such account.",
        r"responded with error status: 40[34]",
    ),
    alone(
        "rate-limited",
        "The answer was 429, too many requests.",
        r"responded with error status: 429|http 429|429 too many",
    ),
    alone(
        "snowflake-unavailable", "The answer was a fault on the server's side.", r"responded with error status: 5\d\d"
    ),
    alone(
        "proxy-page",
        "The answer is none of Snowflake's.",
        r"keyerror: 'data'$|'list' object has no attribute 'get'$|snowflakerequesterror$",
    ),
)
