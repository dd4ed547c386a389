"""What a person takes away: the proved login, written down for the tool that will use it.

One row of :data:`TOOLS` and one template of the same name in ``templates/handover/`` make one text. To add a tool, add
both, then run ``UPDATE_GOLDEN=1 pytest tests/test_handover.py`` and read the golden files that it wrote.

**Quoting is never done by hand.** Every value passes through the filter of the format it lands in (``python``,
``toml``, ``shell`` …), and a template that prints a bare value does not render: see :class:`Quoted`. So a login name
such as ``o'brien"; rm -rf ~`` comes out of every file as that one odd name.

No private key and no passphrase is known here. Where a tool wants the passphrase, its file says how to hand it over.
The texts are plain text: a page that shows one escapes it as usual.
"""

from __future__ import annotations

import functools
import io
import json
import re
import shlex
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

CONNECTOR = "snowflake-connector-python"
CONNECTOR_VERSION = "5.2.0"
"""The release that ``requirements.txt`` pins: the one that the tests run ``main.py`` with. 4.8 runs it as well."""


# --- the login that is handed over ------------------------------------------------------------------------------------


class UnsafeValue(ValueError):  # noqa: N818 - it names what is wrong with the value
    """A value holds a character that no line of a file may carry: a line break, or one that can't be seen.

    Raise it for characters that would end a line or hide text in any format (Unicode categories Cc, Cf, Cs, Zl, Zp),
    not for those that quoting takes care of. Account and user names were read under the same rule, so meeting this
    means that something went round the reading.
    """


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Connection:
    """What clients are told to log in with. Raises :class:`UnsafeValue`."""

    account: str  # the identifier for clients: "myorg-my_acct", "xy12345.us-east-2.aws"
    host: str  # the whole name, without a port: "myorg-my-acct.snowflakecomputing.com"
    user: str  # LOGIN_NAME, for that is what clients call "user" (never NAME, where the two differ)
    key_file: str = "rsa_key.p8"
    encrypted: bool | None = None  # whether the key file has a passphrase; None: not known
    role: str = ""  # "" in these two leaves the choice to the user's own defaults
    warehouse: str = ""
    port: int = 443
    protocol: Literal["https", "http"] = "https"  # http: the practice Snowflake, and nothing else
    special_host: bool = False  # PrivateLink, China, practice: clients can't work out the host from the account

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, str) and any(unicodedata.category(letter) in _UNSEEN for letter in value):
                raise UnsafeValue(f"The {field.name} holds a line break or a character that can't be seen: {value!r}")

    @property
    def netloc(self) -> str:
        """Host, and port where it is not the usual one: ``127.0.0.1:8085``."""
        usual = {"https": 443, "http": 80}[self.protocol]
        return self.host if self.port == usual else f"{self.host}:{self.port}"

    @property
    def label(self) -> str:
        """The account without region, cloud and ``privatelink``: ``xy12345`` of ``xy12345.us-east-2.aws``."""
        return self.account.partition(".")[0]

    @property
    def organization_and_name(self) -> tuple[str, str] | None:
        """``("myorg", "my_acct")``, or ``None`` for a locator.

        The first hyphen divides the two, since neither an organization nor an account name holds one.
        https://docs.snowflake.com/en/user-guide/admin-account-identifier
        """
        label, _, rest = self.account.partition(".")
        organization, hyphen, name = label.partition("-")
        if rest not in ("", "privatelink") or not (organization and hyphen and name):
            return None
        return organization, name


@dataclass(frozen=True, slots=True)
class HubField:
    """One field of the form in which a hub (a BI tool, an ETL service) asks for the login."""

    name: str  # for the page: [data-copy="hub-<name>"]
    label: str
    value: str
    note: str = ""


def hub_fields(connection: Connection) -> tuple[HubField, ...]:
    """Return what a hub's form asks for, in the order in which most of them ask."""
    asked = [
        HubField("account", "Account identifier", connection.account, "Some forms call it Account name."),
        HubField("username", "Username", connection.user, "The login name, without quotes."),
        HubField(
            "private-key-file",
            "Private key file",
            connection.key_file,
            "Upload this file, or open it in a text editor and paste all of it, first and last line included.",
        ),
    ]
    if connection.special_host or connection.protocol == "http":
        asked.insert(
            1, HubField("host", "Host", connection.netloc, "This account is not reached under its usual address.")
        )
    if connection.encrypted is not False:
        asked.append(
            HubField(
                "passphrase",
                "Passphrase",
                "",
                "The one you chose for the key file."
                if connection.encrypted
                else "Leave it empty if your key file has none.",
            )
        )
    if connection.role:
        asked.append(HubField("role", "Role", connection.role))
    if connection.warehouse:
        asked.append(HubField("warehouse", "Warehouse", connection.warehouse))
    return tuple(asked)


# --- the tools --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tool:
    """One text that one client takes. Rows of one ``client`` belong together on the page."""

    slug: str  # also names the template and the golden files
    client: str
    title: str  # what this text is, beside the other texts of the client
    language: str  # for the copy block
    file_name: str  # "" for what is pasted into a terminal or a form
    note: str  # what to do with it
    source: str  # where the names of the settings come from
    template: str  # in templates/handover/
    practices: bool = False  # was seen to work with the practice Snowflake
    splits_account: bool = False  # wants organization and account name apart, and a locator has neither

    def suits(self, connection: Connection) -> bool:
        """Whether this tool can use ``connection`` at all."""
        if connection.protocol == "http" and not self.practices:
            return False
        return not self.splits_account or connection.organization_and_name is not None


_WHOLE_PATH = "Give the whole path of your key file if the program does not start in the folder that holds it."

TOOLS: tuple[Tool, ...] = (
    Tool(
        slug="python-connector",
        client="Python connector",
        title="A program that logs in and prints the user",
        language="python",
        file_name="main.py",
        note="Put your key file beside it, then run: pip install -r requirements.txt && python main.py",
        source="https://docs.snowflake.com/en/developer-guide/python-connector/python-connector-connect",
        template="python-connector.py.j2",
        practices=True,
    ),
    Tool(
        slug="connections-toml",
        client="connections.toml",
        title="One entry for the Snowflake CLI, the Python connector and VS Code",
        language="toml",
        file_name="connections.toml",
        note="Save it as ~/.snowflake/connections.toml, readable by you only (mode 600). " + _WHOLE_PATH,
        source="https://docs.snowflake.com/en/developer-guide/snowflake-cli/connecting/configure-connections",
        template="connections-toml.toml.j2",
        practices=True,
    ),
    Tool(
        slug="snowflake-cli",
        client="Snowflake CLI",
        title="One command, nothing saved (macOS, Linux)",
        language="shell",
        file_name="",
        note="Run it in the folder that holds your key file. It asks Snowflake who you are.",
        source="https://docs.snowflake.com/en/developer-guide/snowflake-cli/connecting/configure-connections",
        template="snowflake-cli.sh.j2",
        practices=True,
    ),
    Tool(
        slug="snowflake-cli-powershell",
        client="Snowflake CLI",
        title="The same for PowerShell (Windows)",
        language="powershell",
        file_name="",
        note="Run it in the folder that holds your key file. It asks Snowflake who you are.",
        source="https://docs.snowflake.com/en/developer-guide/snowflake-cli/connecting/configure-connections",
        template="snowflake-cli-powershell.ps1.j2",
        practices=True,
    ),
    Tool(
        slug="snowflake-sql-api-environment",
        client="snowflake-sql-api",
        title="Environment (macOS, Linux)",
        language="shell",
        file_name="",
        note="Run it in the terminal in which you start the program. " + _WHOLE_PATH,
        source="https://docs.snowflake.com/en/developer-guide/sql-api/authenticating",
        template="snowflake-sql-api-environment.sh.j2",
    ),
    Tool(
        slug="snowflake-sql-api-environment-powershell",
        client="snowflake-sql-api",
        title="Environment for PowerShell (Windows)",
        language="powershell",
        file_name="",
        note="Run it in the terminal in which you start the program. " + _WHOLE_PATH,
        source="https://docs.snowflake.com/en/developer-guide/sql-api/authenticating",
        template="snowflake-sql-api-environment-powershell.ps1.j2",
    ),
    Tool(
        slug="snowflake-sql-api",
        client="snowflake-sql-api",
        title="Three lines that ask Snowflake who you are",
        language="python",
        file_name="whoami.py",
        note="First: pip install snowflake-sql-api. It reads the environment above.",
        source="https://docs.snowflake.com/en/developer-guide/sql-api/authenticating",
        template="snowflake-sql-api.py.j2",
    ),
    Tool(
        slug="dbt",
        client="dbt",
        title="A profile",
        language="yaml",
        file_name="profiles.yml",
        note="Save it as ~/.dbt/profiles.yml, fill in database and schema, then run dbt debug. "
        "Leave authenticator out: in dbt it means something else.",
        source="https://docs.getdbt.com/docs/core/connect-data-platform/snowflake-setup#key-pair-authentication",
        template="dbt.yml.j2",
        practices=True,
    ),
    Tool(
        slug="sqlalchemy",
        client="SQLAlchemy",
        title="An engine",
        language="python",
        file_name="engine.py",
        note="First: pip install snowflake-sqlalchemy 'sqlalchemy<2.1' (it can't use SQLAlchemy 2.1 yet). "
        "Start it in the folder that holds your key file.",
        source="https://docs.snowflake.com/en/developer-guide/python-connector/sqlalchemy#key-pair-authentication-support",
        template="sqlalchemy.py.j2",
    ),
    Tool(
        slug="snowpark",
        client="Snowpark for Python",
        title="A session",
        language="python",
        file_name="session.py",
        note="First: pip install snowflake-snowpark-python. Start it in the folder that holds your key file.",
        source="https://docs.snowflake.com/en/developer-guide/snowpark/python/creating-session",
        template="snowpark.py.j2",
    ),
    Tool(
        slug="airflow",
        client="Airflow",
        title="A connection to import",
        language="json",
        file_name="snowflake_connection.json",
        note="Run airflow connections import snowflake_connection.json. Each worker needs the key file under this "
        "path. The passphrase of the key goes into the password of the connection.",
        source="https://airflow.apache.org/docs/apache-airflow-providers-snowflake/stable/connections/snowflake.html",
        template="airflow.json.j2",
    ),
    Tool(
        slug="terraform",
        client="Terraform",
        title="The provider",
        language="terraform",
        file_name="provider.tf",
        note="Run terraform init in the folder that holds this file and your key file.",
        source="https://registry.terraform.io/providers/snowflakedb/snowflake/latest/docs/guides/authentication_methods",
        template="terraform.tf.j2",
        splits_account=True,
    ),
    Tool(
        slug="jdbc",
        client="JDBC",
        title="A connection URL",
        language="text",
        file_name="",
        note="For DBeaver, DataGrip and Java programs. Give the whole path of your key file, with forward slashes on "
        "Windows too. A passphrase goes into the property private_key_pwd.",
        source="https://docs.snowflake.com/en/developer-guide/jdbc/jdbc-configure",
        template="jdbc.txt.j2",
    ),
    Tool(
        slug="odbc",
        client="ODBC",
        title="A connection string",
        language="text",
        file_name="",
        note="The same names serve as lines of a DSN. Give the whole path of your key file. "
        "A passphrase goes into PRIV_KEY_FILE_PWD.",
        source="https://docs.snowflake.com/en/developer-guide/odbc/odbc-parameters",
        template="odbc.txt.j2",
    ),
    Tool(
        slug="nodejs",
        client="Node.js",
        title="A program that logs in and prints the user",
        language="javascript",
        file_name="main.js",
        note="First: npm install snowflake-sdk. Start it in the folder that holds your key file.",
        source="https://docs.snowflake.com/en/developer-guide/node-js/nodejs-driver-authenticate",
        template="nodejs.js.j2",
        practices=True,
    ),
    Tool(
        slug="dotnet",
        client=".NET",
        title="A connection string",
        language="text",
        file_name="",
        note="For Snowflake.Data. Give the whole path of your key file. A passphrase goes into private_key_pwd.",
        source="https://github.com/snowflakedb/snowflake-connector-net/blob/master/doc/Connecting.md",
        template="dotnet.txt.j2",
    ),
)


def tools_for(connection: Connection) -> tuple[Tool, ...]:
    """Return the rows that can use ``connection``, in the order of :data:`TOOLS`."""
    return tuple(tool for tool in TOOLS if tool.suits(connection))


def render(tool: Tool, connection: Connection) -> str:
    """Return the text of ``tool``, filled in, ending with one line break."""
    return _render(tool.template, connection)


# --- files.zip --------------------------------------------------------------------------------------------------------

_FILES: Mapping[str, str] = {
    "README.md": "files/README.md.j2",
    "main.py": "python-connector.py.j2",
    "requirements.txt": "files/requirements.txt.j2",
}
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say: the same login gives the same bytes on every day


def files(connection: Connection) -> dict[str, str]:
    """Return the files of ``files.zip``, by name: with the key file beside them they run as they are."""
    return {name: _render(template, connection) for name, template in _FILES.items()}


def files_zip(connection: Connection) -> bytes:
    """Return :func:`files` as a zip archive. The same connection gives the same bytes."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for name, text in files(connection).items():
            entry = zipfile.ZipInfo(name, _ZIP_EPOCH)
            entry.create_system = 3  # Unix, wherever it is made: the next line is read in its terms
            entry.external_attr = 0o100644 << 16
            packed.writestr(entry, text.encode())
    return archive.getvalue()


# --- looking after the key --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeyFileAdvice:
    """Where the private key file belongs on one kind of machine, and how it gets there."""

    system: str
    where: str
    why: str
    commands: str  # to copy; "" where there is nothing to type
    language: str


KEY_FILE_ADVICE: tuple[KeyFileAdvice, ...] = (
    KeyFileAdvice(
        system="macOS, Linux",
        where="~/.snowflake/keys/rsa_key.p8",
        why="Mode 600: only you can read it. Keep it out of folders that are shared, synchronised or under version "
        "control.",
        commands="mkdir -p ~/.snowflake/keys\n"
        "chmod 700 ~/.snowflake ~/.snowflake/keys\n"
        "mv ~/Downloads/rsa_key.p8 ~/.snowflake/keys/\n"
        "chmod 600 ~/.snowflake/keys/rsa_key.p8\n",
        language="shell",
    ),
    KeyFileAdvice(
        system="Windows",
        where=r"%USERPROFILE%\.snowflake\keys\rsa_key.p8",
        why="Only you can read it once icacls has removed what the folder passed on. Keep it out of OneDrive and of "
        "version control.",
        commands='New-Item -ItemType Directory -Force "$HOME\\.snowflake\\keys" | Out-Null\n'
        'Move-Item "$HOME\\Downloads\\rsa_key.p8" "$HOME\\.snowflake\\keys\\"\n'
        'icacls "$HOME\\.snowflake\\keys\\rsa_key.p8" /inheritance:r /grant:r "${env:USERNAME}:F"\n',
        language="powershell",
    ),
    KeyFileAdvice(
        system="A server, a container or a hub",
        where="its secret store",
        why="Hand the key over through the form or the secret store of that service. Do not put it into an image, a "
        "repository or a message.",
        commands="",
        language="text",
    ),
)

TIDY_UP: tuple[str, ...] = (
    "Delete the copies of the private key that are left: in Downloads, in the bin, in messages, in the clipboard.",
    "If you lose the private key, nobody can bring it back: make a new pair and register that.",
    "If somebody else may have seen it, make a new pair today and take the old public key off the user.",
    "When the program is retired, take the public key off the user, or drop the user if it served nothing else.",
)
"""What to do now, and when things change, in the order in which it matters."""

ROTATION_DAYS = 180
"""After how many days a key pair is due for replacement.

Snowflake names no number. Rule 1.7 of the CIS Snowflake Foundations Benchmark v1.0.0 does: at least every 180 days.
https://www.cisecurity.org/benchmark/snowflake (checked 2026-11-21). A shorter policy of your own wins.
"""


def rotation_day(made: date) -> date:
    """Return the day by which a key pair made on ``made`` (a UTC day) is to be replaced."""
    return made + timedelta(days=ROTATION_DAYS)


def rotation_steps(slot: int = 1) -> tuple[str, ...]:
    """Return how to replace the key that stands in ``slot`` (1 or 2) without a moment of downtime.

    Both slots are good for logging in, and Snowflake picks the key by the fingerprint in the token.
    https://docs.snowflake.com/en/user-guide/key-pair-auth#configuring-key-pair-rotation
    """
    if slot not in (1, 2):
        raise ValueError(f"a user has slots 1 and 2, not {slot}")
    old, new = ("RSA_PUBLIC_KEY", "RSA_PUBLIC_KEY_2") if slot == 1 else ("RSA_PUBLIC_KEY_2", "RSA_PUBLIC_KEY")
    return (
        "Walk through this wizard again with a new key pair.",
        f"Register the new public key in the free slot, {new}. The old key goes on working.",
        "Give the new private key to every program that uses this user, and see each of them log in.",
        f"Only then take the old key away: its slot is {old}.",
    )


# --- quoting ----------------------------------------------------------------------------------------------------------


class Quoted(str):
    """Text that is quoted for the format it lands in. Only the filters below make it."""

    __slots__ = ()


def _escaped(text: str, needs_escape: Callable[[str], bool]) -> str:
    r"""Escape ``text`` for the inside of double quotes with ``\\``, ``\"``, ``\uXXXX`` and ``\UXXXXXXXX``.

    TOML, YAML and Terraform share these four.
    """
    pieces = []
    for letter in text:
        if letter in '\\"':
            pieces.append("\\" + letter)
        elif needs_escape(letter):
            pieces.append(f"\\u{ord(letter):04x}" if ord(letter) <= 0xFFFF else f"\\U{ord(letter):08x}")
        else:
            pieces.append(letter)
    return "".join(pieces)


def _is_unprintable(letter: str) -> bool:
    """Whether a reader of the file could stumble over ``letter``: spaces other than the plain one, unassigned ones."""
    return not letter.isprintable()


def python(value: str) -> Quoted:
    """A Python string literal, in double quotes wherever that takes no more escapes than single ones."""
    literal = repr(value)
    if literal[0] == "'" and '"' not in literal:
        # Such a literal holds no escaped quote either: repr only escapes ' when the text has both kinds.
        literal = f'"{literal[1:-1]}"'
    return Quoted(literal)


def toml(value: str) -> Quoted:
    """A TOML basic string. https://toml.io/en/v1.0.0#string"""
    return Quoted(f'"{_escaped(value, _is_unprintable)}"')


def yaml(value: str) -> Quoted:
    """A YAML double-quoted scalar: it has no surprises such as ``no``, ``1e3`` or ``~``."""
    return Quoted(f'"{_escaped(value, _is_unprintable)}"')


def dbt(value: str) -> Quoted:
    """A value of ``profiles.yml``, which dbt reads as YAML first and as a Jinja template then.

    A brace would open an expression there, so a value that has one is handed over as a string inside an expression.
    """
    if "{" in value:
        value = "{{ " + repr(value).replace("{", "\\x7b").replace("}", "\\x7d") + " }}"
    return yaml(value)


def hcl(value: str) -> Quoted:
    """A Terraform string, its two kinds of template markers made harmless.

    https://developer.hashicorp.com/terraform/language/expressions/strings
    """
    inner = _escaped(value, _is_unprintable)
    return Quoted('"' + inner.replace("${", "$${").replace("%{", "%%{") + '"')


def json_string(value: str) -> Quoted:
    """A JSON string in ASCII, which is a JavaScript string as well."""
    return Quoted(json.dumps(value))


def shell(value: str) -> Quoted:
    """One word of a POSIX shell."""
    return Quoted(shlex.quote(value))


def powershell(value: str) -> Quoted:
    """A single-quoted PowerShell string. PowerShell takes typographic quotes for quotes too: all five are doubled.

    https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules
    """
    return Quoted("'" + re.sub("(['\u2018\u2019\u201a\u201b])", r"\1\1", value) + "'")


def url(value: str) -> Quoted:
    """A value in the query of a URL. Slashes stay, so that a path stays readable."""
    return Quoted(quote(value, safe="/"))


def odbc(value: str) -> Quoted:
    """A value of an ODBC connection string: in braces unless it is plain, a closing brace doubled.

    https://learn.microsoft.com/sql/odbc/reference/syntax/sqldriverconnect-function#comments
    """
    if re.fullmatch(r"[A-Za-z0-9_./:\\-]+", value):
        return Quoted(value)
    return Quoted("{" + value.replace("}", "}}") + "}")


def dotnet(value: str) -> Quoted:
    """A value of a .NET connection string: in double quotes unless it is plain, a double quote doubled.

    https://learn.microsoft.com/dotnet/api/system.data.common.dbconnectionstringbuilder
    """
    if re.fullmatch(r"[A-Za-z0-9_./:\\-]+", value):
        return Quoted(value)
    return Quoted('"' + value.replace('"', '""') + '"')


def markdown(value: str) -> Quoted:
    """A code span of Markdown, its fence longer than any run of backticks inside.

    https://spec.commonmark.org/0.31.2/#code-spans
    """
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", value)), default=0))
    pad = " " if value.startswith("`") or value.endswith("`") or value != value.strip(" ") else ""
    return Quoted(f"{fence}{pad}{value}{pad}{fence}")


FILTERS: Mapping[str, Callable[[str], Quoted]] = {
    "python": python,
    "toml": toml,
    "yaml": yaml,
    "dbt": dbt,
    "hcl": hcl,
    "json": json_string,
    "shell": shell,
    "powershell": powershell,
    "url": url,
    "odbc": odbc,
    "dotnet": dotnet,
    "markdown": markdown,
}


def _only_quoted(value: object) -> object:
    """Let a template print numbers and what a filter made, and nothing else."""
    if isinstance(value, Quoted | int) and not isinstance(value, bool):
        return value
    raise TypeError(f"a hand-over template prints {value!r} without saying for which format: name a filter")


# --- rendering --------------------------------------------------------------------------------------------------------

_HERE = Path(__file__).parent
_FOLDERS = (_HERE / "templates" / "handover", _HERE.parent / "templates" / "handover")
"""Inside the package where the wizard was installed from a wheel; beside it in a checkout."""


@functools.cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDERS),
        autoescape=False,  # noqa: S701 - these are no HTML; `finalize` sees to it that every value is quoted
        auto_reload=False,
        finalize=_only_quoted,
        keep_trailing_newline=True,
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters = dict(FILTERS)
    environment.globals = {"connector": Quoted(f"{CONNECTOR}=={CONNECTOR_VERSION}")}
    return environment


def _render(template: str, connection: Connection) -> str:
    return _templates().get_template(template).render(dict(_facts(connection)))


def _facts(connection: Connection) -> Iterator[tuple[str, object]]:
    for field in fields(connection):
        yield field.name, getattr(connection, field.name)
    yield "netloc", connection.netloc
    yield "label", connection.label
    organization, name = connection.organization_and_name or ("", "")
    yield "organization", organization
    yield "account_name", name
