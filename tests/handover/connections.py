"""The logins that every text is written for, and the names that try every quote and bracket."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

from wizard.handover import Connection

PUBLIC = Connection(account="myorg-my_acct", host="myorg-my-acct.snowflakecomputing.com", user="JANE")
CONNECTIONS: Mapping[str, Connection] = {
    # What most people have, the passphrase unknown.
    "public": PUBLIC,
    # A locator, everything filled in, no passphrase.
    "locator": Connection(
        account="xy12345.us-east-2.aws",
        host="xy12345.us-east-2.aws.snowflakecomputing.com",
        user="SVC_ETL",
        key_folder="/home/jane/.snowflake/keys",
        encrypted=False,
        role="ANALYST",
        warehouse="COMPUTE_WH",
    ),
    # PrivateLink with an underscore in the host, names that want quoting, a passphrase.
    "privatelink": Connection(
        account="myorg-my_acct",
        host="myorg-my_acct.privatelink.snowflakecomputing.com",
        user="jane.o'\"brien@example.com",
        encrypted=True,
        role="Data $Team",
        warehouse="WH {1}",
    ),
    # Windows, an older form of the key, a passphrase.
    "china": Connection(
        account="xy12345.cn-northwest-1.aws",
        host="xy12345.cn-northwest-1.aws.snowflakecomputing.cn",
        user="JANE",
        key_folder="C:\\Users\\Jane O'Brien\\keys",
        encrypted=True,
        key_notes=("pkcs1-sealed",),
    ),
    "practice": Connection(
        account="practice-snowflake",
        host="127.0.0.1",
        user="JANE",
        encrypted=False,
        port=8085,
        protocol="http",
    ),
}

seen = st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"])
nasty = st.sampled_from(
    [
        "'", '"', "\\", "`", "$", "${", "$(", "%{", "{{", "}}", "{%", "{#", "}", ";", "=", "&", "#", " ", "%", "\u2019",
        "\u2018", "\u00a0", "\u3000", "\U0001f511", "é", "\\n", "\\u0041", "--", "|", "<", ">", "!", "*", "~", "@",
        "/", "+", "\ufffd", "\uffff",
    ]
)  # fmt: skip
hostile = st.lists(nasty | seen, min_size=1, max_size=30).map("".join)
