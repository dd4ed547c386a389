"""Forms of BI tools and services: fields to fill in, each with its value."""

from __future__ import annotations

from functools import partial

from wizard.handover.tool import PKCS8_ONLY, Tool

_form = partial(
    Tool, group="BI and SaaS forms", title="Fields of its form", language="form", file_name="", key_place="text"
)

ROWS: tuple[Tool, ...] = (
    _form(
        slug="hub",
        client="Any other hub or BI tool",
        note="Most forms ask for these, under these names or similar ones.",
        source="https://docs.snowflake.com/en/user-guide/gen-conn-config",
        template="hub.form.j2",
        encrypted=None,
        practices=True,
        is_the_rest=True,
    ),
    _form(
        slug="power-bi",
        client="Power BI, Fabric",
        note="Choose Key-Pair as the kind of authentication.",
        source="https://learn.microsoft.com/en-us/power-query/connectors/snowflake",
        template="power-bi.form.j2",
    ),
    _form(
        slug="tableau",
        client="Tableau",
        note="Desktop: Connect, Snowflake. Cloud and Server: My Account Settings, Saved Credentials, Snowflake, Add. "
        "Choose Key-pair Authentication; it wants Snowflake's ODBC driver 3.4.0 or later. A key made here is fine, one "
        "from openssl has to come from version 3.",
        proof="Sign in with these fields: Tableau lists your warehouses.",
        source="https://help.tableau.com/current/pro/desktop/en-us/examples_snowflake.htm",
        template="tableau.form.j2",
        key_place="upload",
        refuses=("pbes1",),
    ),
    _form(
        slug="fivetran",
        client="Fivetran",
        note="In the form, choose key pair as the authentication. The names in the notes are those of its API.",
        unattended=True,
        source="https://fivetran.com/docs/destinations/snowflake/setup-guide",
        template="fivetran.form.j2",
    ),
    _form(
        slug="airbyte",
        client="Airbyte",
        note="Choose key pair authentication. The names in the notes are those of its specification.",
        unattended=True,
        source="https://docs.airbyte.com/integrations/destinations/snowflake",
        template="airbyte.form.j2",
        encrypted=None,
        refuses=PKCS8_ONLY,
    ),
    _form(
        slug="dbeaver",
        group="SQL clients",
        client="DBeaver",
        note="In the list Authentication, choose Private key.",
        unattended=False,
        source="https://github.com/dbeaver/dbeaver/wiki/Authentication-Snowflake",
        template="dbeaver.form.j2",
        key_place="path",
    ),
    _form(
        slug="datagrip",
        group="SQL clients",
        client="DataGrip (JetBrains)",
        note="Make a data source for Snowflake. The key goes on the tab SSH/SSL.",
        unattended=False,
        source="https://www.jetbrains.com/help/datagrip/create-snowflake-data-source-with-key-pair-authentication.html",
        template="datagrip.form.j2",
        key_place="path",
    ),
    _form(
        slug="metabase",
        client="Metabase",
        note="Choose the key instead of the password. A path is looked up on the machine where Metabase runs.",
        unattended=True,
        source="https://www.metabase.com/docs/latest/databases/connections/snowflake",
        template="metabase.form.j2",
        key_place="upload",
        encrypted=None,
    ),
    _form(
        slug="superset",
        client="Superset",
        note="Under Settings, Database Connections. A path is looked up on the machines where Superset runs.",
        unattended=True,
        source="https://superset.apache.org/docs/configuration/databases#snowflake",
        template="superset.form.j2",
        key_place="path",
    ),
    _form(
        slug="n8n",
        client="n8n",
        note="Choose Key-Pair as the authentication.",
        unattended=True,
        source="https://docs.n8n.io/integrations/builtin/credentials/snowflake/",
        template="n8n.form.j2",
        encrypted=None,
        refuses=PKCS8_ONLY,
        keeps_hyphens=True,
    ),
    _form(
        slug="informatica",
        client="Informatica",
        note="Choose KeyPair as the authentication.",
        unattended=True,
        source="https://docs.informatica.com/integration-cloud/data-integration-connectors/current-version/"
        "snowflake-data-cloud-connector.html",
        template="informatica.form.j2",
        key_place="path",
        keeps_hyphens=True,
    ),
    _form(
        slug="matillion",
        client="Matillion",
        note="Choose key pair as the authentication.",
        unattended=True,
        source="https://docs.matillion.com/",
        template="matillion.form.j2",
        refuses=PKCS8_ONLY,
        keeps_hyphens=True,
    ),
    _form(
        slug="stackone",
        client="StackOne",
        note="The hub reads the key without a passphrase only.",
        unattended=True,
        source="https://docs.snowflake.com/en/user-guide/key-pair-auth",
        template="stackone.form.j2",
        encrypted=False,
        refuses=PKCS8_ONLY,
        keeps_hyphens=True,
    ),
)
