"""Does the host have an address, and is it one that may be asked?"""

from __future__ import annotations

from wizard.checks.addresses import objection_to, read_address
from wizard.checks.attempt import Attempt
from wizard.checks.network import Trouble
from wizard.checks.row import Row
from wizard.checks.way import by_proxy, failed
from wizard.diagnosis.symptom import Symptom

NAME = "dns"
TITLE = "The name and its address"


def check(attempt: Attempt, earlier: tuple[Row, ...]) -> Row:  # noqa: ARG001
    """Look the host up."""
    network, endpoint = attempt.network, attempt.endpoint
    host = endpoint.host
    if proxy := by_proxy(network, endpoint):
        return Row(
            NAME,
            "skipped",
            f"This wizard reaches the internet through a proxy, {proxy}, which looks {host} up by itself.",
        )
    try:
        addresses = network.addresses(endpoint)
    except Trouble as trouble:
        return failed(NAME, network, endpoint, trouble)
    words = "\n".join(addresses)
    if endpoint.address is not None:
        return Row(NAME, "passed", f"{host} is the practice Snowflake inside this wizard.", words)
    shown = addresses[0]
    if endpoint.vouched:
        return Row(
            NAME,
            "passed",
            f"{host} leads to {shown}. Whoever runs this wizard vouches for this host, so it may be asked.",
            words,
        )
    if endpoint.over_privatelink:
        public = objection_to(read_address(shown), over_privatelink=False) is None
        if public:
            return Row(
                NAME,
                "warned",
                f"{host} is a PrivateLink name, but leads to the public address {shown}: private name resolution is "
                "not set up where this wizard runs.",
                words,
                symptom=Symptom("public-address", message=f"{host} {shown}", facts={"ip": shown}),
            )
        return Row(
            NAME,
            "passed",
            f"{host} leads to {shown}, an address of a private network, as a PrivateLink name should.",
            words,
        )
    return Row(NAME, "passed", f"{host} leads to {shown}, an address on the internet.", words)
