"""Asks the wizard in this container whether it is well: exit code 0 when /healthz answers 200, else 1.

A file of its own, with nothing but the standard library, so that the image needs no curl.
"""

import os
import ssl
import sys
import urllib.request

host, port = os.environ.get("WIZARD_HOST") or "127.0.0.1", os.environ.get("WIZARD_PORT") or "8080"
if host in {"0.0.0.0", "::"}:  # noqa: S104  every address: this one among them
    host = "::1" if ":" in host else "127.0.0.1"
scheme, context = "http", None
if os.environ.get("WIZARD_TLS_CERTIFICATE"):
    # The certificate is for the public name, not for this address; nothing secret goes over this connection.
    scheme, context = "https", ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE

# Straight to the wizard, whatever proxy the environment names for its way to Snowflake.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
# A host name that the wizard answers to, whatever WIZARD_PUBLIC_URL says.
address = f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}/healthz"
request = urllib.request.Request(address, headers={"Host": "127.0.0.1"})  # noqa: S310  http or https, nothing else
try:
    with opener.open(request, timeout=4) as answer:
        sys.exit(answer.status != 200)
except OSError as error:
    print(f"healthcheck: {error}", file=sys.stderr)
    sys.exit(1)
