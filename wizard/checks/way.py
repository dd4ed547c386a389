"""The way to a host: by which proxy, and what else a failure there may come from, by the settings of this machine.

Each is told where it changes what the person does: a proxy that NO_PROXY keeps the host from, one that a PrivateLink
name should go around, a search domain that answers for a name that doesn't exist.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from wizard.checks.network import Endpoint, Network, Trouble
from wizard.checks.proxy import address_of
from wizard.checks.row import Row

_UNREACHED: Final = frozenset(("name-not-found", "timeout", "refused", "reset"))
_SOMEBODY_ELSE: Final = frozenset(
    ("address-refused", "private-address", "certificate-name", "certificate-issuer", "tls")
)


def by_proxy(network: Network, endpoint: Endpoint) -> str:
    """Return the proxy that leads to ``endpoint``, for a sentence: address and variable; ``""`` where there is none."""
    setting = network.proxy_setting(endpoint)
    return f"{address_of(setting.url)} ({setting.variable})" if setting and not setting.spared_by else ""


def failed(name: str, network: Network, endpoint: Endpoint, trouble: Trouble) -> Row:
    """Return the row of a check that met ``trouble`` on the way, with what the settings of this machine add to it."""
    symptom, said = trouble.symptom, ""
    setting = network.proxy_setting(endpoint)
    if setting and setting.spared_by and trouble.kind in _UNREACHED:
        said = (
            f"The proxy in {setting.variable} was not asked, because NO_PROXY has “{setting.spared_by}”. Take that out "
            "where the proxy is the only way."
        )
        facts = {"no_proxy": setting.spared_by}
    elif setting and not setting.spared_by:
        facts = {"proxy": address_of(setting.url)}
        said = f"It was asked through the proxy {by_proxy(network, endpoint)}."
        if endpoint.over_privatelink:
            said += f" A PrivateLink name is mostly reached without one: put {endpoint.host} into NO_PROXY."
    elif trouble.kind in _SOMEBODY_ELSE and network.is_a_search_domains(endpoint):
        said = (
            f"With a dot at its end, {endpoint.host}. is a name that does not exist: a search domain or the hosts file "
            "of this machine has answered in its place."
        )
        facts = {"search_domain": "yes"}
    else:
        facts = {}
    sentence = f"{trouble.sentence} {said}".rstrip()
    return Row(name, "failed", sentence, trouble.words, symptom=replace(symptom, facts={**symptom.facts, **facts}))
