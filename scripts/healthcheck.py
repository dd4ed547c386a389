"""Asks the wizard in this container whether it is well: exit code 0 when /healthz answers 200, else 1.

A file of its own, with nothing but the standard library, so that the image needs no curl.
"""

import os
import ssl
import sys
import urllib.request

port = os.environ.get("WIZARD_PORT") or "8080"
scheme, context = "http", None
if os.environ.get("WIZARD_TLS_CERTIFICATE"):
    # The certificate is for the public name, not for 127.0.0.1; nothing secret goes over this connection.
    scheme, context = "https", ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE

# Straight to the wizard, whatever proxy the environment names for its way to Snowflake.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
try:
    with opener.open(f"{scheme}://127.0.0.1:{port}/healthz", timeout=4) as answer:
        sys.exit(answer.status != 200)
except OSError as error:
    print(f"healthcheck: {error}", file=sys.stderr)
    sys.exit(1)
