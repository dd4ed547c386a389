"""The server's half of the list of damaged files; the page's half is in tests/e2e/test_browser_keys.py."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.key_damages import DAMAGES, Damage
from tests.key_disagreements import DISAGREEMENTS
from tests.key_files import Files
from wizard.secret import Secret
from wizard.snowflake.key import KEY_NOTES, KeyProblem, PublicKey, open_private_key


@pytest.fixture(scope="module")
def files(rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey) -> Files:
    return Files(rsa_2048, other_rsa_2048)


@pytest.mark.parametrize("damage", [*DAMAGES, *DISAGREEMENTS], ids=lambda damage: damage.name)
def test_the_server_reads_this_file_as_the_list_says(damage: Damage, files: Files) -> None:
    data = damage.file(files)
    if damage.problem:
        with pytest.raises(KeyProblem) as caught:
            open_private_key(data, Secret(damage.passphrase))
        assert caught.value.code == damage.problem
    else:
        opened = open_private_key(data, Secret(damage.passphrase))
        assert opened.notes == tuple(KEY_NOTES[code] for code in damage.notes)
        assert opened.public == PublicKey.of_private(files.key)
