"""The tool: whether it uses the key pair at all, and what it may do once it is in."""

from __future__ import annotations

from wizard.diagnosis.catalogue.words import CONFIGURING_CLIENTS, JWT, SNOWFLAKE_CLI, SQL_API_REFERENCE, USER_MANAGEMENT
from wizard.diagnosis.cause import Cause, administrator, code, says, you
from wizard.snowflake.codes import Code

CAUSES = (
    Cause(
        "keypair-mode-off",
        "The tool is not using the key pair",
        "The tool tries another way to log in: with a password, a browser or an OAuth token. It does so "
        "when the authenticator is not set, when a password is set as well, or when "
        "the key stands in a setting that the tool does not read.",
        (
            you(
                "Set the authenticator to SNOWFLAKE_JWT, and remove password and token from the connection. "
                "In dbt, leave the authenticator out."
            ),
            you(
                "Compare the names of the settings with those on this wizard’s page “Put it to work”: a misspelt one "
                "is passed over in silence."
            ),
        ),
        CONFIGURING_CLIENTS,
        (
            says(
                102,
                r"requires authenticator|authenticator set to snowflake_jwt|password is (?:empty|missing|"
                r"required)|" + code("260002", "251006"),
            ),
            says(
                95,
                r"oauth branch|token=none|oauth(?: access)? token (?:is )?(?:missing|none|empty)|"
                r"authenticator.{0,60}(?:missing|not set|unset|wrong|omitted|ignored|override|overridden)|"
                r"(?:missing|without|no|unknown|invalid|unsupported) authenticator",
            ),
            says(
                93,
                r"mfa authentication is required|multi-?factor|\bduo\b|mfa (?:is )?required|enroll in mfa|"
                + code("390120", "390123", "390127", "390132", "394508"),
            ),
            says(
                88,
                r"(?:incorrect|invalid) (?:username or password|username and password|user ?name/password)|"
                + code(Code.PASSWORD_REFUSED),
            ),
            says(
                86,
                r"programmatic access token|network policy is required|" + code("390432", "394400", "394401", "394402"),
            ),
            says(
                84,
                r"saml|identity provider|\bidp\b|id token is invalid|external ?browser.{0,60}(?:opens|fail|"
                r"window|"
                r"headless|timeout)|" + code("390190", "390191", Code.ID_TOKEN_INVALID, "390197"),
            ),
            says(
                82,
                r"(?:key.?pair|private key|private_key).{0,60}(?:ignored|not used|is not used|never used|"
                r"has no effect)|still (?:asks|uses|using|prompts).{0,40}password|user[- ]?name and password|"
                r"authenticator: ?[\"']?jwt\b",
            ),
            says(
                78,
                r"missing 1 required .{0,40}password|password (?:must|cannot|can't) |"
                r"'password'(?! {0,2}:? {0,2}cannot)",
                r"snowflake|key|required|missing|keyerror",
                unless=(r"buffer",),
            ),
        ),
    ),
    Cause(
        "config-section-missing",
        "The named connection stands in no file that the tool reads",
        "The tool was told a connection by its name, and found no section of that name. The name is misspelt, the file "
        "lies in another folder, or a connections.toml is there: then those of config.toml are not read at all.",
        (
            you("List every connection that Snowflake CLI sees:", command="snow connection list"),
            you(
                "Put the section where the tool looks: [NAME] in connections.toml, or [connections.NAME] in "
                "config.toml if there is no connections.toml."
            ),
        ),
        SNOWFLAKE_CLI,
    ),
    Cause(
        "config-permissions",
        "The settings file may be read by others",
        "A file with connections is nobody else's business. Snowflake's own tools look at its permissions: some refuse "
        "a file that other users of the machine may read, others warn.",
        (
            you("Take the rights of others away:", command="chmod 600 ~/.snowflake/connections.toml"),
            you("On Windows, in a command prompt:", command='icacls "<FILE>" /inheritance:r /grant:r "%USERNAME%:F"'),
        ),
        SNOWFLAKE_CLI,
    ),
    Cause(
        "role-not-granted",
        "The role is not granted to this user",
        "The login itself worked. The role that the connection asks for, or the user's default role, does "
        "not exist under exactly this name or was never granted to the user. Naming a default role grants "
        "nothing.",
        (
            administrator(
                "See what is granted, then grant what is missing: GRANT ROLE <ROLE> TO USER <USER>;", "grant_role"
            ),
            you(
                "Check the spelling. A role that was created in double quotes, also by Terraform, keeps its "
                "small letters and must be written just so."
            ),
            you(
                "A named key pair that is restricted to a role, the column role_scope, lets in only who asks for "
                "that role: name it in the tool's settings.",
                "show_key_pairs",
            ),
        ),
        USER_MANAGEMENT,
        (
            says(102, r"role", r"specified in the connect string|" + code(Code.ROLE_NOT_GRANTED, Code.ROLE_UNKNOWN)),
            says(98, code(Code.ROLE_NOT_GRANTED, Code.ROLE_UNKNOWN)),
            says(96, r"default role.{0,120}(?:not granted|not authorized|does not exist)"),
            says(
                92,
                r"(?:requested )?role .{0,120}(?:not granted|does not exist or not authorized|"
                r"is not authorized|"
                r"not listed in the access token|not assigned)|role (?:not found|missing|is not granted)|"
                r"invalid role",
            ),
        ),
    ),
    Cause(
        "warehouse-unusable",
        "There is no warehouse to work with",
        "The login itself worked. To read data the session needs a warehouse: none is set, its name is "
        "misspelt, or the role has no USAGE on it.",
        (
            you(
                "See which warehouse is the default and which there are, and name one in the tool. ALTER USER <USER> "
                "SET DEFAULT_WAREHOUSE = <ONE OF THEM>; makes it the default of all the user's tools.",
                "show_warehouses",
            ),
            administrator(
                "Give the role the right to it: GRANT USAGE ON WAREHOUSE <WAREHOUSE> TO ROLE <ROLE>;", "grant_warehouse"
            ),
        ),
        SQL_API_REFERENCE,
        (
            says(100, code(Code.WAREHOUSE_DEMANDED, Code.NO_ACTIVE_WAREHOUSE, "606")),
            says(
                98,
                r"no active warehouse|requested warehouse|must specify the warehouse|warehouse (?:was |"
                r"is )?(?:not |"
                r"missing|suspended|unavailable)|default warehouse",
            ),
            says(
                92,
                r"warehouse .{0,120}(?:does not exist|not authorized|no privileges|cannot be (?:resumed|used))|"
                r"insufficient privileges to operate on warehouse",
            ),
            says(74, code(Code.OBJECT_IN_LOGIN_UNKNOWN)),
        ),
    ),
    Cause(
        "privileges-missing",
        "The login works; the role may not see the data",
        "The key pair is fine. The role in use has no right on the database, the schema or the table, or "
        "the name is misspelt. Snowflake gives the same answer to both.",
        (
            administrator(
                "See what the user's roles are, then grant USAGE on the database and the schema and SELECT "
                "on the tables to one of them.",
                "show_grants",
            ),
            you("Check database and schema in the tool, and the role it asks for."),
        ),
        USER_MANAGEMENT,
        (
            says(
                94,
                r"(?:object|database|schema|table|view|stage|function|procedure|sequence|"
                r"integration)\b.{0,200}does not exist(?:,)? or (?:not authorized|"
                r"operation cannot be performed)",
            ),
            says(93, r"insufficient privileges to operate on (?!user|warehouse)"),
            says(
                86,
                r"requested (?:database|schema)|does not have a current database|"
                + code(Code.NO_DATABASE, Code.OBJECT_UNKNOWN, Code.PRIVILEGES_MISSING),
            ),
            says(60, r"does not exist or not authorized|insufficient privileges|not authorized to", unless=(JWT,)),
        ),
    ),
)
