"""Secret stores that hold the key file for a program elsewhere: a row and a template a store.

A row and the template of the same name in ``templates/handover/stores/`` make the commands of one store. To add a
store, add both. A template has a block for each thing to do: ``store`` puts the file in, ``replace`` puts the next key
into its place (left out where ``store`` does that too), ``read`` writes it to the file ``new``, and ``use`` has the
lines with which a platform hands it to a program (YAML).

The key is in no argument and in no history of a shell: a command is told where the file is, or reads it as its input.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from wizard.handover.connection import Connection
from wizard.handover.key_folder import KEY_FILE, PLAIN_KEY_FILE
from wizard.handover.rendering import rendered_blocks
from wizard.handover.tool import Tool
from wizard.quoting import Quoted, home_path, shell

FALLBACK = "key"
"""Stands in a secret's name for a user whose name has no letter or digit of ASCII."""


@dataclass(frozen=True, slots=True)
class Store:
    """One secret store, and its rule for the names of secrets."""

    slug: str  # also names the template
    title: str
    note: str  # what to fill in, and what becomes of the file's line breaks
    source: str  # where the commands are documented
    longest: int  # characters of a name that the store takes
    joiner: str = "-"  # between the words of a name, and allowed there
    prefix: str = "snowflake-"
    upper: bool = False  # names are in capitals
    readable: bool = True  # whether it gives a secret back to a person
    companion: str = ""  # the slug of the tool that reads its key from here ...
    companion_name: str = ""  # ... and the name of the secret that the tool's text reads
    ran: str = ""  # the release that the tests run these commands with; "" where none could be run

    def name_for(self, user: str, tool: Tool | None = None) -> str:
        """Return the name of the secret for the key of ``user``, by the rule of this store.

        Letters lose their accents. Everything but letters and digits of ASCII becomes one joiner, so the names of two
        users can become the same: it is a proposal, for a person to see.
        """
        if tool and tool.slug == self.companion:
            return self.companion_name
        plain = unicodedata.normalize("NFKD", user).encode("ascii", "ignore").decode()
        words = re.findall("[A-Za-z0-9]+", plain.upper() if self.upper else plain.lower())
        fallback = FALLBACK.upper() if self.upper else FALLBACK
        return (self.prefix + (self.joiner.join(words) or fallback))[: self.longest].rstrip(self.joiner)


@dataclass(frozen=True, slots=True)
class StoreText:
    """One text to copy."""

    name: str  # for the page: [data-copy="<slug of the store>-<name>"]
    label: str
    text: str
    language: str


_LABELS = {
    "store": ("Store the file", "shell"),
    "read": ("Read it back, to a file that only you can read", "shell"),
    "use": ("", "yaml"),  # the template's own block "label" says what it is
    "replace": ("After a rotation, put the new file in its place", "shell"),
}


def store_texts(store: Store, connection: Connection, tool: Tool | None = None) -> tuple[StoreText, ...]:
    """Return what to copy for ``store``, in the order in which it is needed."""
    return tuple(_texts(store, connection, tool))


def _texts(store: Store, connection: Connection, tool: Tool | None) -> Iterator[StoreText]:
    file = file_to_store(connection, tool)
    folder, path = _places(connection, file)
    name = store.name_for(connection.user, tool)
    blocks = rendered_blocks(f"stores/{store.slug}.j2", name=name, file=file, path=path, new=shell(file + ".new"))
    if "read" in blocks:
        blocks["read"] = _to_a_file_of_ones_own(blocks["read"], folder, file)
    for part, (label, language) in _LABELS.items():
        if part in blocks:
            yield StoreText(part, label or blocks["label"].strip(), blocks[part].strip(), language)


def file_to_store(connection: Connection, tool: Tool | None = None) -> str:
    """Return the name of the file for ``tool``: the copy without a passphrase, where it opens no other."""
    plain = tool is not None and tool.encrypted is False and connection.encrypted
    return PLAIN_KEY_FILE if plain else KEY_FILE


def _places(connection: Connection, name: str) -> tuple[Quoted, Quoted]:
    """Return the folder of the key and the path of the file ``name`` in it, each a word of a POSIX shell."""
    if not connection.key_folder:
        return Quoted('"$HOME"/.snowflake/keys'), home_path(name)
    return shell(connection.key_folder), shell(connection.key_file.removesuffix(KEY_FILE) + name)


def _to_a_file_of_ones_own(command: str, folder: Quoted, file: str) -> str:
    """Wrap ``command``, which writes ``new``: only its owner may read it, and an old file stays until it is whole."""
    return f"(umask 077; mkdir -p {folder} && cd {folder} &&\n  {command.strip()} &&\n  mv {file}.new {file})"


STORES: tuple[Store, ...] = (
    Store(
        slug="1password",
        title="1Password",
        note="The file comes back as it was, byte for byte. A service account also needs --vault and the vault’s name.",
        source="https://developer.1password.com/docs/cli/reference/management-commands/document",
        longest=200,
    ),
    Store(
        slug="aws",
        title="AWS Secrets Manager",
        note="What is read back ends with one more line break than the file. No client minds.",
        source="https://docs.aws.amazon.com/cli/latest/reference/secretsmanager/create-secret.html",
        # A name may not end with a hyphen and six characters, so there is no hyphen in it.
        prefix="snowflake/",
        joiner="_",
        longest=512,
        ran="awscli 1.46.3",
    ),
    Store(
        slug="azure",
        title="Azure Key Vault",
        note="Put the name of your vault in place of MY-VAULT. Without --output none, the key would be printed. "
        "The line breaks stay as they are. After a rotation, the first command makes a new version.",
        source="https://learn.microsoft.com/cli/azure/keyvault/secret",
        longest=127,
    ),
    Store(
        slug="google",
        title="Google Secret Manager",
        note="The file comes back as it was, byte for byte.",
        source="https://cloud.google.com/sdk/gcloud/reference/secrets/versions/access",
        longest=255,
    ),
    Store(
        slug="vault",
        title="HashiCorp Vault",
        note="Put the mount of your KV engine in place of secret. The line breaks stay as they are. "
        "After a rotation, the first command makes a new version.",
        source="https://developer.hashicorp.com/vault/docs/commands/kv/put",
        prefix="snowflake/",
        longest=200,
    ),
    Store(
        slug="kubernetes",
        title="Kubernetes",
        note="The line breaks stay as they are. Whoever may read the Secrets of the namespace can read the key. "
        "A container that doesn’t run as root needs fsGroup, and then that group can read the file too.",
        source="https://kubernetes.io/docs/tasks/configmap-secret/managing-secret-using-kubectl/",
        longest=63,
    ),
    Store(
        slug="github",
        title="GitHub Actions",
        note="GitHub gives no secret back: only a workflow reads it. gh cuts off the last line break, and the step "
        "below adds it again. With a passphrase, gh secret set PRIVATE_KEY_PASSPHRASE asks for it. "
        "After a rotation, run the first command again.",
        source="https://cli.github.com/manual/gh_secret_set",
        prefix="SNOWFLAKE_PRIVATE_KEY_",
        joiner="_",
        upper=True,
        longest=200,
        readable=False,
        companion="github-actions",
        companion_name="SNOWFLAKE_PRIVATE_KEY_RAW",
    ),
)


def stores_for(tool: Tool | None) -> tuple[Store, ...]:
    """Return the stores, that which ``tool`` reads its key from first."""
    slug = tool.slug if tool else ""
    return tuple(sorted(STORES, key=lambda store: not (slug and store.companion == slug)))
