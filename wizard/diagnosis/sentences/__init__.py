"""The sentences of clients, one file for each family of them.

A sentence leads to the *set* of causes that print it, and to the one observation that tells them apart. Written from
the sources of the clients; no report of a person stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wizard.diagnosis.sentences import drivers, network, nodejs, openssl, pipelines, python, wrappers
from wizard.diagnosis.sentences.sentence import Sentence, Settle

SENTENCES: Mapping[str, Sentence] = MappingProxyType(
    {
        sentence.id: sentence
        for part in (network, openssl, python, nodejs, pipelines, drivers, wrappers)
        for sentence in part.SENTENCES
    }
)
"""Name to sentence."""

__all__ = ["SENTENCES", "Sentence", "Settle"]
