"""From a row of the tools and a login to a text, and to an archive of files that run as they are.

**Quoting is never done by hand.** Every value passes through the filter of the format it lands in (``python``,
``toml``, ``shell`` …), and a template that prints a bare value does not render: see :class:`Quoted`. So a login name
such as ``o'brien"; rm -rf ~`` comes out of every file as that one odd name.

No private key and no passphrase is known here. Where a tool wants the passphrase, its file says how to hand it over.
The texts are plain text: a page that shows one escapes it as usual.
"""

from __future__ import annotations

import functools
import io
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from wizard.folders import folder
from wizard.handover.clients import rows_of
from wizard.handover.clients.python import PROGRAM as CONNECTOR_PROGRAM
from wizard.handover.connection import Connection
from wizard.handover.key_folder import KEY_FILE, PLAIN_KEY_FILE
from wizard.handover.tool import Tool
from wizard.quoting import FILTERS, Quoted, powershell_argument, reaches_a_program

CONNECTOR = "snowflake-connector-python"
CONNECTOR_VERSION = "5.2.0"
"""The release that ``requirements.txt`` pins: the one that the tests run ``main.py`` with. 4.8 runs it as well."""


_FILES: Mapping[str, str] = {
    "README.md": "files/README.md.j2",
    "main.py": "python-connector.py.j2",
    "requirements.txt": "files/requirements.txt.j2",
}
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say: the same login gives the same bytes on every day


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form that asks for the login."""

    name: str  # for the page: [data-copy="<slug of the tool>-<name>"]
    label: str
    value: str  # "" where there is nothing to copy: the note says what goes in
    note: str = ""


def form_fields(tool: Tool, connection: Connection) -> tuple[FormField, ...]:
    """Return the fields of the form ``tool``, filled in, in the order in which it asks for them."""
    told = tomllib.loads(_render(tool.template, connection))
    return tuple(FormField(name, **field) for name, field in told.items())


def render(tool: Tool, connection: Connection) -> str:
    """Return the text of ``tool``, filled in, ending with one line break; of a form, a line for each field."""
    if not tool.is_form:
        return _render(tool.template, connection)
    lines = (f"{field.label}: {field.value or f'({field.note})'}" for field in form_fields(tool, connection))
    return "\n".join(lines) + "\n"


def files(connection: Connection, tool: Tool = CONNECTOR_PROGRAM) -> dict[str, str]:
    """Return the files of ``files.zip`` for a tool, by name, its README first.

    Those of the Python connector run as they are, with the key file beside them. Of another client they are its texts,
    each under the name that it has on the hand-over page.
    """
    if tool == CONNECTOR_PROGRAM:
        return {name: _render(template, connection) for name, template in _FILES.items()}
    rows = [row for row in rows_of(tool) if row.suits(connection)]
    named = {row.file_name or _made_up_name(row): row for row in rows}
    texts = [(Quoted(name), Quoted(row.note), [Quoted(line) for line in _to_type(row)]) for name, row in named.items()]
    readme = _render("files/README-of-tool.md.j2", connection, client=Quoted(tool.client), texts=texts)
    return {"README.md": readme} | {name: render(row, connection) for name, row in named.items()}


def _made_up_name(tool: Tool) -> str:
    """Return a file name for a text that has none, for it is pasted: by the ending of its template."""
    ending = "txt" if tool.is_form else tool.template.removesuffix(".j2").rpartition(".")[2]
    return f"{tool.slug}.{ending}"


def _to_type(tool: Tool) -> tuple[str, ...]:
    return (*tool.prerequisites, *([tool.command] if tool.command else []))


def files_zip(connection: Connection, tool: Tool = CONNECTOR_PROGRAM) -> bytes:
    """Return :func:`files` as a zip archive. The same connection and tool give the same bytes."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for name, text in files(connection, tool).items():
            entry = zipfile.ZipInfo(name, _ZIP_EPOCH)
            entry.create_system = 3  # Unix, wherever it is made: the next line is read in its terms
            entry.external_attr = 0o100644 << 16
            packed.writestr(entry, text.encode())
    return archive.getvalue()


def _only_quoted(value: object) -> object:
    """Let a template print numbers and what a filter made, and nothing else."""
    if isinstance(value, Quoted | int) and not isinstance(value, bool):
        return value
    raise TypeError(f"a hand-over template prints {value!r} without saying for which format: name a filter")


@functools.cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder("templates") / "handover"),
        autoescape=False,  # noqa: S701 - these are no HTML; `finalize` sees to it that every value is quoted
        auto_reload=False,
        finalize=_only_quoted,
        keep_trailing_newline=True,
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters = {**FILTERS, "powershell_argument": powershell_argument}
    environment.tests["reaches_a_program"] = reaches_a_program
    environment.globals = {
        "connector": Quoted(f"{CONNECTOR}=={CONNECTOR_VERSION}"),
        "cryptography": Quoted("cryptography>=46"),
        "key_name": KEY_FILE,
        "plain_key_name": PLAIN_KEY_FILE,
        **dict.fromkeys(("role_label", "warehouse_label", "passphrase_label"), ""),  # a form may set its own
    }
    return environment


def _render(template: str, connection: Connection, **more: object) -> str:
    return _templates().get_template(template).render(dict(_facts(connection)), **more)


def rendered_blocks(template: str, **context: object) -> dict[str, str]:
    """Return the texts of a template that has a block for each, by the blocks' names."""
    found = _templates().get_template(template)
    return {name: "".join(block(found.new_context(context))) for name, block in found.blocks.items()}


def _facts(connection: Connection) -> Iterator[tuple[str, object]]:
    for field in fields(connection):
        yield field.name, getattr(connection, field.name)
    for name, value in vars(Connection).items():
        if isinstance(value, property):
            yield name, getattr(connection, name)
    organization, account_name = connection.organization_and_name or ("", "")
    yield "organization", organization
    yield "account_name", account_name
