"""Patterns that the signs of several causes share, and the addresses of Snowflake's documentation."""

from __future__ import annotations

from wizard.diagnosis.cause import code
from wizard.snowflake.codes import Code

_DOCS = "https://docs.snowflake.com/en/"
KEY_PAIR = _DOCS + "user-guide/key-pair-auth"
TROUBLESHOOTING = _DOCS + "user-guide/key-pair-auth-troubleshooting"
ACCOUNT_IDENTIFIERS = _DOCS + "user-guide/admin-account-identifier"
CONNECTING = _DOCS + "user-guide/organizations-connect"
ERROR_MESSAGES = _DOCS + "user-guide/client-connectivity-troubleshooting/error-messages"
USER_MANAGEMENT = _DOCS + "user-guide/admin-user-management"
ALTER_USER = _DOCS + "sql-reference/sql/alter-user"
CREATE_USER = _DOCS + "sql-reference/sql/create-user"
NAMED_KEY_PAIRS = _DOCS + "sql-reference/sql/show-user-key-pairs"
DESCRIBE_USER = _DOCS + "sql-reference/sql/desc-user"
AUTHENTICATION_POLICIES = _DOCS + "user-guide/authentication-policies"
NETWORK_POLICIES = _DOCS + "user-guide/network-policies"
SQL_API = _DOCS + "developer-guide/sql-api/authenticating"
SQL_API_REFERENCE = _DOCS + "developer-guide/sql-api/reference"
CONFIGURING_CLIENTS = _DOCS + "user-guide/gen-conn-config"
SNOWFLAKE_CLI = _DOCS + "developer-guide/snowflake-cli/connecting/configure-connections"
JDBC = _DOCS + "developer-guide/jdbc/jdbc-configure"

JWT = (
    r"jwt(?: auth)? token (?:is )?invalid|invalid jwt|jwt (?:is )?invalid|jwt_token_invalid\b|jwt token error|"
    rf"{code(Code.JWT_TOKEN_INVALID)}"
)
"""Snowflake's one answer to twenty mistakes, in the wordings that people report."""

NO_SUCH_HOST = (
    r"getaddrinfo|no such host|name or service not known|could not resolve|couldn't resolve|cannot resolve|"
    r"failed to resolve|"
    r"enotfound|unknownhost|unknown host|nodename nor servname|nxdomain|name resolution|no address associated|"
    r"no data of the requested type|remote name could not be resolved|dns lookup|eai_again"
)

TLS = r"\b(?:ssl|tls|x509|handshake|certificate|cert|hostname)|sslerror|pkix|\bsni\b"

NOT_A_PEM = r"not in pem format|could not deserialize key data|unable to deserialize|no start line"

PRIVATE_KEY = r"private.?key|rsa.?key|\.p8\b|\.pem\b|\.key\b"

REGION_IN_NAME = (
    r"\b[a-z0-9_-]{2,60}\.(?:us|eu|ap|ca|sa|af|me|cn|uk|west|east|north|central|south|europe|asia|australia|japan|"
    r"korea|"
    r"sweden|switzerland|uae|canada|australiaeast|mexicocentral|fhplus|dod)[a-z0-9]{0,12}(?:-[a-z0-9]{1,14}){1,4}"
)
"""A locator with a region behind it: ``xy12345.us-east-2``, ``xy12345.west-europe``."""

GENERIC_JAVA = r"private key provided is invalid or not supported"
DOTNET_STRING = r"could not read private key with value passed in connection string|" + code("270052")
NODE_FORMAT = r"must be a string in pem format|" + code("404026")
VAGUE = (
    r"(?:key|file) (?:file )?is invalid|invalid (?:rsa )?private key|private key is (?:invalid|malformed|"
    r"not valid)|(?:parse|load|read|decod)\w{0,4} (?:the )?(?:rsa )?private key"
)
"""What Java, .NET, Node.js and programs in general print for a key that they can't use, whatever is wrong with it."""
