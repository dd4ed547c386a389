"""The shell lines that make a token, for whoever gives their private key to no web page."""

from __future__ import annotations

import json
import shlex

from wizard.snowflake.login import Login
from wizard.snowflake.token import LIFETIME


def token_command(login: Login, key_file: str = "rsa_key.p8") -> str:
    """Return shell lines that print a token for ``login``, good for a minute.

    They need nothing but a POSIX shell and openssl (LibreSSL, as macOS has it, will do), which asks for the key's
    passphrase itself. The claims are those of https://docs.snowflake.com/en/developer-guide/sql-api/authenticating.
    Names are written as JSON and then quoted for the shell, so that an odd login name stays a login name.
    """
    issuer, subject = (shlex.quote(json.dumps(claim)) for claim in (login.issuer, login.subject))
    return "\n".join(
        (
            f"iss={issuer}",
            f"sub={subject}",
            "now=$(date +%s)",
            "b64() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }",
            """head=$(printf '{"alg":"RS256","typ":"JWT"}' | b64)""",
            """body=$(printf '{"iss":%s,"sub":%s,"iat":%d,"exp":%d}' "$iss" "$sub" "$now" "$((now + """
            + str(LIFETIME)
            + """))" | b64)""",
            f"""sign=$(printf '%s.%s' "$head" "$body" | openssl dgst -sha256 -sign {shlex.quote(key_file)} | b64)""",
            """printf '%s.%s.%s\\n' "$head" "$body" "$sign\"""",
        )
    )
