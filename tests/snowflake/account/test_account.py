"""What people paste for their account, and what is read out of it."""

from __future__ import annotations

import json
import re
import string
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wizard.snowflake.account.account import (
    DOMAINS,
    REGIONS,
    Account,
    AccountError,
    RegionMissing,
    as_typed,
    read_account,
)
from wizard.snowflake.account.regions import (
    Region,
    looks_like_suffix,
    region_of_id,
    region_of_suffix,
    suffix_of_id,
    title_of,
)

COM = ".snowflakecomputing.com"
CN = ".snowflakecomputing.cn"
PRACTICE = ("practice-snowflake.localhost:8443",)

NOT_OUR_WORDS = re.compile(r"(?i)\b(please|invalid|required|oops|sorry)\b|!")


# --- what is read -----------------------------------------------------------------------------------------------------

# pasted text; host without ".snowflakecomputing.com" where it ends so; claim; identifier
ORGANIZATION_AND_ACCOUNT = [
    ("myorg-acct", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("MYORG-ACCT", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("myorg-my_acct", "myorg-my-acct", "MYORG-MY_ACCT", "myorg-my_acct"),
    ("MyOrg-My_Acct", "myorg-my-acct", "MYORG-MY_ACCT", "myorg-my_acct"),
    ("  myorg-acct\r\n", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ('"myorg-acct"', "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("'myorg-acct',", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("“myorg-acct”", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("`myorg-acct`", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("\ufeffmyorg-acct\u200b", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("\u00a0myorg-acct\u00a0", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("myorg-acct.", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("myorg–acct", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("myorg.acct", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("MYORG.MY_ACCT", "myorg-my-acct", "MYORG-MY_ACCT", "myorg-my_acct"),
    ("myorg.my-acct", "myorg-my-acct", "MYORG-MY_ACCT", "myorg-my_acct"),
    ("myorg-my-acct", "myorg-my-acct", "MYORG-MY_ACCT", "myorg-my_acct"),
    ("myorg-acct.us-east-1", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("myorg-my_acct.west-europe.azure", "myorg-my-acct", "MYORG-MY_ACCT", "myorg-my_acct"),
    ("myorg-2024", "myorg-2024", "MYORG-2024", "myorg-2024"),
    # PrivateLink: the host stays as it is
    ("myorg-acct.privatelink", "myorg-acct.privatelink", "MYORG-ACCT", "myorg-acct.privatelink"),
    ("myorg-my_acct.privatelink", "myorg-my_acct.privatelink", "MYORG-MY_ACCT", "myorg-my_acct.privatelink"),
    ("myorg-my-acct.privatelink", "myorg-my-acct.privatelink", "MYORG-MY_ACCT", "myorg-my-acct.privatelink"),
    ("MYORG.ACCT.PRIVATELINK", "myorg-acct.privatelink", "MYORG-ACCT", "myorg-acct.privatelink"),
]
ADDRESSES = [
    ("https://myorg-acct.snowflakecomputing.com", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("https://myorg-acct.snowflakecomputing.com:443/", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("http://MyOrg-Acct.SnowflakeComputing.com", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("https:/myorg-acct.snowflakecomputing.com", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("https://https://myorg-acct.snowflakecomputing.com", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("myorg-acct.snowflakecomputing.com", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("myorg-acct.snowflakecomputing.com.", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("myorg-acct.snowflakecomputing.com?x=https://evil.com", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("https://myorg-acct.snowflakecomputing.com/a/b?c=d#e", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("https://myorg-acct.snowflakecomputing.com/console/login", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("https://myorg-my_acct.snowflakecomputing.com/", "myorg-my-acct", "MYORG-MY_ACCT", "myorg-my_acct"),
    ("https://myorg-my-acct.snowflakecomputing.com/", "myorg-my-acct", "MYORG-MY_ACCT", "myorg-my_acct"),
    (
        "https://acme-marketing-test-account.snowflakecomputing.com",
        "acme-marketing-test-account",
        "ACME-MARKETING_TEST_ACCOUNT",
        "acme-marketing_test_account",
    ),
    (
        "https://myorg-myconnection.snowflakecomputing.com",
        "myorg-myconnection",
        "MYORG-MYCONNECTION",
        "myorg-myconnection",
    ),
    (
        "https://xy12345.us-east-1.snowflakecomputing.com/console#/internal/worksheet",
        "xy12345.us-east-1",
        "XY12345",
        "xy12345.us-east-1",
    ),
    (
        "https://xy12345.us-east-1.snowflakecomputing.com/console/login#/",
        "xy12345.us-east-1",
        "XY12345",
        "xy12345.us-east-1",
    ),
    ("xy12345.snowflakecomputing.com", "xy12345", "XY12345", "xy12345"),
    ("https://my_loc.eu-west-1.snowflakecomputing.com", "my-loc.eu-west-1", "MY_LOC", "my_loc.eu-west-1"),
    (
        "https://myorg-acct.us-east-1.snowflakecomputing.com",
        "myorg-acct.us-east-1",
        "MYORG-ACCT",
        "myorg-acct.us-east-1",
    ),
    ("xy12345.us-east-2.snowflakecomputing.com", "xy12345.us-east-2", "XY12345", "xy12345.us-east-2"),
    (
        "xy12345.new-place-9.cloud.snowflakecomputing.com",
        "xy12345.new-place-9.cloud",
        "XY12345",
        "xy12345.new-place-9.cloud",
    ),
    (
        "xy12345.fhplus.us-gov-west-1.aws.snowflakecomputing.com",
        "xy12345.fhplus.us-gov-west-1.aws",
        "XY12345",
        "xy12345.fhplus.us-gov-west-1.aws",
    ),
    ("https://acme-x1y2.global.snowflakecomputing.com", "acme-x1y2.global", "ACME", "acme-x1y2.global"),
    ("acme-x1y2.global", "acme-x1y2.global", "ACME", "acme-x1y2.global"),
    # PrivateLink
    (
        "https://myorg-my_acct.privatelink.snowflakecomputing.com",
        "myorg-my_acct.privatelink",
        "MYORG-MY_ACCT",
        "myorg-my_acct.privatelink",
    ),
    (
        "https://myorg-my-acct.privatelink.snowflakecomputing.com",
        "myorg-my-acct.privatelink",
        "MYORG-MY_ACCT",
        "myorg-my-acct.privatelink",
    ),
    (
        "https://app-myorg-my_acct.privatelink.snowflakecomputing.com/#/homepage",
        "myorg-my_acct.privatelink",
        "MYORG-MY_ACCT",
        "myorg-my_acct.privatelink",
    ),
    (
        "https://app.eu-central-1.privatelink.snowflakecomputing.com/myorg/acct/#/",
        "myorg-acct.privatelink",
        "MYORG-ACCT",
        "myorg-acct.privatelink",
    ),
    (
        "xy12345.us-east-1.privatelink.snowflakecomputing.com",
        "xy12345.us-east-1.privatelink",
        "XY12345",
        "xy12345.us-east-1.privatelink",
    ),
    (
        "xy12345.us-west-2.privatelink.snowflakecomputing.com",
        "xy12345.us-west-2.privatelink",
        "XY12345",
        "xy12345.us-west-2.privatelink",
    ),
    (
        "xy12345.dod.us-gov-west-1.aws.privatelink.snowflakecomputing.com",
        "xy12345.dod.us-gov-west-1.aws.privatelink",
        "XY12345",
        "xy12345.dod.us-gov-west-1.aws.privatelink",
    ),
    # China
    ("https://myorg-my_acct.snowflakecomputing.cn/", "myorg-my-acct" + CN, "MYORG-MY_ACCT", "myorg-my_acct"),
    (
        "https://xy12345.cn-northwest-1.aws.snowflakecomputing.cn/",
        "xy12345.cn-northwest-1.aws" + CN,
        "XY12345",
        "xy12345.cn-northwest-1.aws",
    ),
    (
        "xy12345.cn-northwest-1.aws.snowflakecomputing.com",
        "xy12345.cn-northwest-1.aws" + CN,
        "XY12345",
        "xy12345.cn-northwest-1.aws",
    ),
    ("xy12345.cn-northwest-1.aws", "xy12345.cn-northwest-1.aws" + CN, "XY12345", "xy12345.cn-northwest-1.aws"),
    # slips
    (
        "myorganization-myaccount.snowflake.com",
        "myorganization-myaccount",
        "MYORGANIZATION-MYACCOUNT",
        "myorganization-myaccount",
    ),
    ("https://xy12345.us-east-1.snowflake.com/x", "xy12345.us-east-1", "XY12345", "xy12345.us-east-1"),
    ("myorg-acct.snowflakecomputing", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("myorg-acct.snowflakecomputing.com.snowflakecomputing.com", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("myorg.acct.snowflakecomputing.com", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("https://myorg-acct/", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("myorg-acct/", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("myorg-acct:443", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("xy12345.us-east-1:443", "xy12345.us-east-1", "XY12345", "xy12345.us-east-1"),
]
SNOWSIGHT = [
    ("https://app.snowflake.com/myorg/acct/#/worksheets", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("https://app.snowflake.com/MYORG/My_Acct/#/homepage", "myorg-my-acct", "MYORG-MY_ACCT", "myorg-my_acct"),
    ("app.snowflake.com/myorg/acct", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("https://APP.snowflake.com/myorg/acct/w1a2b3c4#query", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("https://app.snowflake.com/streamlit/myorg/acct/#/apps/x", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("https://app.snowflake.com/us-west-2/abc12345/#/homepage", "abc12345", "ABC12345", "abc12345"),
    ("https://app.snowflake.com/us-east-1/abc12345/", "abc12345.us-east-1", "ABC12345", "abc12345.us-east-1"),
    (
        "https://app.snowflake.com/us-east-2.aws/abc12345/",
        "abc12345.us-east-2.aws",
        "ABC12345",
        "abc12345.us-east-2.aws",
    ),
    (
        "https://app.snowflake.com/west-europe.azure/abc12345/",
        "abc12345.west-europe.azure",
        "ABC12345",
        "abc12345.west-europe.azure",
    ),
    (
        "https://app.snowflake.com/us-east-1.privatelink/abc12345/",
        "abc12345.us-east-1.privatelink",
        "ABC12345",
        "abc12345.us-east-1.privatelink",
    ),
    ("https://app.snowflake.cn/myorg/acct/#/", "myorg-acct" + CN, "MYORG-ACCT", "myorg-acct"),
]
LOCATORS = [
    ("xy12345.us-east-1", "xy12345.us-east-1", "XY12345", "xy12345.us-east-1"),
    ("XY12345.US-EAST-2.AWS", "xy12345.us-east-2.aws", "XY12345", "xy12345.us-east-2.aws"),
    ("xy12345.us-east-2", "xy12345.us-east-2.aws", "XY12345", "xy12345.us-east-2.aws"),
    ("xy12345.us-east-1.aws", "xy12345.us-east-1", "XY12345", "xy12345.us-east-1"),
    ("xy12345.us-west-2", "xy12345", "XY12345", "xy12345"),
    ("xy12345.us-west-2.aws", "xy12345", "XY12345", "xy12345"),
    ("xy12345.us_east_2.aws", "xy12345.us-east-2.aws", "XY12345", "xy12345.us-east-2.aws"),
    ("xy12345.AWS_US_EAST_2", "xy12345.us-east-2.aws", "XY12345", "xy12345.us-east-2.aws"),
    ("xy12345.west-europe", "xy12345.west-europe.azure", "XY12345", "xy12345.west-europe.azure"),
    ("xy12345.mexicocentral.azure", "xy12345.mexicocentral.azure", "XY12345", "xy12345.mexicocentral.azure"),
    ("xy12345.us-central1.gcp", "xy12345.us-central1.gcp", "XY12345", "xy12345.us-central1.gcp"),
    ("xy12345.mars-north-1.aws", "xy12345.mars-north-1.aws", "XY12345", "xy12345.mars-north-1.aws"),
    ("xy12345.moonbase.gcp", "xy12345.moonbase.gcp", "XY12345", "xy12345.moonbase.gcp"),
    ("xy12345.eu-south-9", "xy12345.eu-south-9", "XY12345", "xy12345.eu-south-9"),
    (
        "xy12345.fhplus.us-gov-west-1.aws",
        "xy12345.fhplus.us-gov-west-1.aws",
        "XY12345",
        "xy12345.fhplus.us-gov-west-1.aws",
    ),
    (
        "xy12345.us-gov-west-1.fhplus.aws",
        "xy12345.fhplus.us-gov-west-1.aws",
        "XY12345",
        "xy12345.fhplus.us-gov-west-1.aws",
    ),
    ("xy12345.dod.us-gov-west-1.aws", "xy12345.dod.us-gov-west-1.aws", "XY12345", "xy12345.dod.us-gov-west-1.aws"),
    ("xy12345.us-east-1.privatelink", "xy12345.us-east-1.privatelink", "XY12345", "xy12345.us-east-1.privatelink"),
    (
        "xy12345.eu-central-1.privatelink",
        "xy12345.eu-central-1.privatelink",
        "XY12345",
        "xy12345.eu-central-1.privatelink",
    ),
    ("my_loc.eu-west-1", "my-loc.eu-west-1", "MY_LOC", "my_loc.eu-west-1"),
]
CONFIGURATIONS = [
    ('account = "myorg-my_acct"', "myorg-my-acct", "MYORG-MY_ACCT", "myorg-my_acct"),
    ("account: myorg-acct  # the big one", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("SNOWFLAKE_ACCOUNT=myorg-acct", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("export SNOWFLAKE_ACCOUNT='myorg-acct'", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ('$env:SNOWFLAKE_ACCOUNT = "myorg-acct"', "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("setx SNOWFLAKE_ACCOUNT myorg-acct", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    (
        "SNOWFLAKE_CONNECTIONS_DEV_ACCOUNT=xy12345.us-east-2.aws",
        "xy12345.us-east-2.aws",
        "XY12345",
        "xy12345.us-east-2.aws",
    ),
    ("accountname = myorg-acct", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    (
        '[connections.dev]\n# account = "old-one"\naccount = "myorg-acct"\nuser = "jane"\npassword = "hunter2"',
        "myorg-acct",
        "MYORG-ACCT",
        "myorg-acct",
    ),
    ("account=myorg-acct;user=jane;authenticator=snowflake_jwt", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ('snowflake.connector.connect(user="jane", account="myorg-acct")', "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ('{"account": "xy12345", "region": "us-east-1"}', "xy12345.us-east-1", "XY12345", "xy12345.us-east-1"),
    ("server=myorg-acct.snowflakecomputing.com\nuid=jane", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    (
        'account = "myorg-my_acct"\nhost = "myorg-my-acct.privatelink.snowflakecomputing.com"',
        "myorg-my-acct.privatelink",
        "MYORG-MY_ACCT",
        "myorg-my-acct.privatelink",
    ),
    ('organization_name = "myorg"\naccount_name = "my_acct"', "myorg-my-acct", "MYORG-MY_ACCT", "myorg-my_acct"),
    ('organization_name = "myorg"\naccount_name = "myorg-acct"', "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("snowflake://jane:pass@myorg-acct/db/schema?warehouse=wh", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("jdbc:snowflake://myorg-acct.snowflakecomputing.com/", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    (
        "jdbc:snowflake://myorg-acct.snowflakecomputing.com:443/?warehouse=w&db=d",
        "myorg-acct",
        "MYORG-ACCT",
        "myorg-acct",
    ),
    ('url = "jdbc:snowflake://myorg-acct.snowflakecomputing.com/?user=jane"', "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    (
        "jdbc:snowflake://myorg-my-acct.snowflakecomputing.com/?account=myorg-my_acct&user=jane",
        "myorg-my-acct",
        "MYORG-MY_ACCT",
        "myorg-my_acct",
    ),
    (
        "jdbc:snowflake://myorg-my-acct.privatelink.snowflakecomputing.com/?account=MYORG-MY_ACCT",
        "myorg-my-acct.privatelink",
        "MYORG-MY_ACCT",
        "myorg-my-acct.privatelink",
    ),
    (
        "jdbc:snowflake://xy12345.us-east-1.snowflakecomputing.com/?user=jane&account=xy12345",
        "xy12345.us-east-1",
        "XY12345",
        "xy12345.us-east-1",
    ),
    ("jdbc:snowflake://myorg-acct.snowflakecomputing.com/?account=xy12345", "myorg-acct", "XY12345", "myorg-acct"),
    (
        "jdbc:snowflake://xy12345.eu-west-1.snowflakecomputing.com/?account=myorg-my_acct",
        "xy12345.eu-west-1",
        "MYORG-MY_ACCT",
        "xy12345.eu-west-1",
    ),
]
SNOWSQL_TABLE = """
+-------------------+------------------+
| CURRENT_ACCOUNT() | CURRENT_REGION() |
|-------------------+------------------|
| XY12345           | AWS_US_WEST_2    |
+-------------------+------------------+
"""
ACCOUNT_DETAILS = """Account Identifier
MYORG-MY_ACCT
Data Sharing Account Identifier
MYORG.MY_ACCT
Organization name
MYORG
Account name
MY_ACCT
Account/Server URL
MYORG-MY-ACCT.snowflakecomputing.com
Account locator
XY12345
"""
RESULTS = [
    ("MYORG\tMY_ACCT", "myorg-my-acct", "MYORG-MY_ACCT", "myorg-my_acct"),
    ("MYORG MY_ACCT", "myorg-my-acct", "MYORG-MY_ACCT", "myorg-my_acct"),
    ("MYORG\nACCT", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("myorg,acct", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ('"MYORG","ACCT"', "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("MY_ACCT\tMYORG", "myorg-my-acct", "MYORG-MY_ACCT", "myorg-my_acct"),
    ("CURRENT_ORGANIZATION_NAME()\tCURRENT_ACCOUNT_NAME()\nMYORG\tACCT", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("CURRENT_ACCOUNT_NAME(),CURRENT_ORGANIZATION_NAME()\nACCT,MYORG", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("CURRENT_ORGANIZATION_NAME() || '-' || CURRENT_ACCOUNT_NAME()\nMYORG-MY_ACCT", "myorg-my-acct",
     "MYORG-MY_ACCT", "myorg-my_acct"),
    ("XY12345\tAWS_US_EAST_2", "xy12345.us-east-2.aws", "XY12345", "xy12345.us-east-2.aws"),
    ("XY12345 AWS_US_EAST_2", "xy12345.us-east-2.aws", "XY12345", "xy12345.us-east-2.aws"),
    ("XY12345\tPUBLIC.AWS_US_WEST_2", "xy12345", "XY12345", "xy12345"),
    ("XY12345 AZURE_WESTEUROPE", "xy12345.west-europe.azure", "XY12345", "xy12345.west-europe.azure"),
    ("XY12345 us-east-2.aws", "xy12345.us-east-2.aws", "XY12345", "xy12345.us-east-2.aws"),
    ("AWS_US_EAST_2\tXY12345", "xy12345.us-east-2.aws", "XY12345", "xy12345.us-east-2.aws"),
    ("XY12345 AWS_EU_SOUTH_9", "xy12345.eu-south-9.aws", "XY12345", "xy12345.eu-south-9.aws"),
    ("XY12345\tAWS_CN_NORTHWEST_1", "xy12345.cn-northwest-1.aws" + CN, "XY12345", "xy12345.cn-northwest-1.aws"),
    ("XY12345\tPUBLIC.AWS_US_GOV_WEST_1_FHPLUS", "xy12345.fhplus.us-gov-west-1.aws", "XY12345",
     "xy12345.fhplus.us-gov-west-1.aws"),
    ("CURRENT_ACCOUNT()\tCURRENT_REGION()\nXY12345\tAWS_US_EAST_2", "xy12345.us-east-2.aws", "XY12345",
     "xy12345.us-east-2.aws"),
    (SNOWSQL_TABLE, "xy12345", "XY12345", "xy12345"),
    ("organization_name\taccount_name\tsnowflake_region\taccount_locator\nMYORG\tACCT\tAWS_US_EAST_1\tXY12345",
     "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    (ACCOUNT_DETAILS, "myorg-my-acct", "MYORG-MY_ACCT", "myorg-my_acct"),
    ("organization: MYORG account: ACCT", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("XY12345 (AWS_US_EAST_2)", "xy12345.us-east-2.aws", "XY12345", "xy12345.us-east-2.aws"),
    ("('MYORG-ACCT',)", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("account=xy12345.us-east-1&user=jane", "xy12345.us-east-1", "XY12345", "xy12345.us-east-1"),
    ("snow connection add --account myorg-acct --user jane", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("Account identifier: MYORG-ACCT", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("Our account is myorg-acct, thanks.", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
    ("Log in at https://myorg-acct.snowflakecomputing.com/ (not at the old one)", "myorg-acct", "MYORG-ACCT",
     "myorg-acct"),
    ("MYORG-ACCT myorg-acct", "myorg-acct", "MYORG-ACCT", "myorg-acct"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("pasted", "host", "claim", "identifier"),
    ORGANIZATION_AND_ACCOUNT + ADDRESSES + SNOWSIGHT + LOCATORS + CONFIGURATIONS + RESULTS,
)
def test_what_people_paste_is_read_as_one_account(pasted: str, host: str, claim: str, identifier: str):
    account = read_account(pasted)
    assert account.host == (host if host.endswith(DOMAINS) else host + COM)
    assert account.claim == claim
    assert account.identifier == identifier
    assert account.privatelink == (".privatelink." in account.host)
    assert not account.vouched
    assert Account.from_dict(json.loads(json.dumps(account.to_dict()))) == account
    for note in account.notes:
        assert note.endswith(".")
        assert not NOT_OUR_WORDS.search(note)


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("myorg-my_acct", "organization MYORG, account MY_ACCT"),
        ("myorg-my_acct.privatelink", "organization MYORG, account MY_ACCT, over PrivateLink"),
        ("myorg-acct.snowflakecomputing.cn", "organization MYORG, account ACCT, in China"),
        ("xy12345.us-east-2.aws", "account locator XY12345 in AWS US East (Ohio)"),
        ("xy12345.snowflakecomputing.com", "account locator XY12345 in AWS US West (Oregon)"),
        ("xy12345.mars-north-1.aws", "account locator XY12345 in region mars-north-1.aws"),
        ("xy12345.privatelink.snowflakecomputing.com", "account locator XY12345, over PrivateLink"),
        ("xy12345.cn-northwest-1.aws", "account locator XY12345 in AWS China (Ningxia)"),
        ("acme-x1y2.global", "account ACME at an old global address"),
        ("jdbc:snowflake://myorg-acct.snowflakecomputing.com/?account=xy12345",
         "organization MYORG, account ACCT, known to the token as XY12345"),
        ("practice-snowflake", "organization PRACTICE, account SNOWFLAKE"),
    ],
)  # fmt: skip
def test_an_account_says_in_words_what_it_is(pasted: str, words: str):
    assert read_account(pasted, vouched=PRACTICE).in_words() == words


def test_an_organization_and_an_account_are_told_apart_at_the_first_hyphen():
    account = read_account("myorg-my_acct")
    assert (account.organization, account.name, account.locator, account.region) == ("MYORG", "MY_ACCT", "", "")


def test_a_locator_and_its_region_are_told_apart_at_the_first_dot():
    account = read_account("xy12345.fhplus.us-gov-west-1.aws")
    assert (account.organization, account.name) == ("", "")
    assert (account.locator, account.region) == ("XY12345", "fhplus.us-gov-west-1.aws")


# --- what is said about it --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("https://myorg-my-acct.snowflakecomputing.com", "further hyphens as underscores"),
        ("myorg-my_acct", "Snowflake answers to both"),
        ("myorg.acct", "Read the dot as a hyphen"),
        ("myorg-acct.us-east-1", "Left out the region us-east-1"),
        ("xy12345.us-east-2", "us-east-2.aws"),
        ("xy12345.us-west-2", "stands alone"),
        ("xy12345.snowflakecomputing.com", "AWS US West (Oregon)"),
        ("xy12345.mars-north-1.aws", "not in this wizard's list"),
        ("xy12345.cn-northwest-1.aws.snowflakecomputing.com", "snowflakecomputing.cn"),
        ("myorg-acct.snowflake.com", "Read snowflake.com as snowflakecomputing.com"),
        ("myorg-acct.snowflakecomputing.com.snowflakecomputing.com", "twice"),
        ("https://myorg-acct.snowflakecomputing.com:8080/", "port 8080"),
        ("app-myorg-acct.privatelink.snowflakecomputing.com", "app-"),
        ("myorg—acct", "long dash"),
        ("MYORG\tXY12345", "CURRENT_ACCOUNT_NAME()"),
        ("my_org-acct", "never has an underscore"),
        ("acme-x1.global", "old global address"),
        ("myorg-acct.us-east-1.snowflakecomputing.com", "no region in their address"),
        ("jdbc:snowflake://myorg-acct.snowflakecomputing.com/?account=xy12345", "the token will carry XY12345"),
        ("we use myorg-acct here", "Out of the"),
    ],
)
def test_whatever_was_changed_is_said(pasted: str, said: str):
    assert said in " ".join(read_account(pasted).notes)


@pytest.mark.parametrize(
    "pasted", ["myorg-acct", "https://myorg-acct.snowflakecomputing.com/", "xy12345.us-east-2.aws", "XY12345.EU-WEST-1"]
)
def test_nothing_is_said_where_nothing_was_changed(pasted: str):
    assert read_account(pasted).notes == ()


def test_an_account_named_beside_the_host_settles_its_spelling_so_nothing_is_left_to_check():
    account = read_account("jdbc:snowflake://myorg-my-acct.snowflakecomputing.com/?account=myorg-my_acct")
    assert not any("further hyphens" in note for note in account.notes)


# --- what is asked ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pasted", "locator", "seen"),
    [
        ("xy12345", "XY12345", "looks like an account locator"),
        ("XY12345.", "XY12345", "looks like an account locator"),
        ("xy12345.snowflake.com", "XY12345", "looks like an account locator"),
        ("xy12345.aws", "XY12345", "region is missing"),
        ("xy12345.privatelink", "XY12345", "region is missing"),
        ("acme", "ACME", "name of an organization without its account"),
        ("my_acct", "MY_ACCT", "account name without its organization"),
        ("account = xy12345", "XY12345", "region is missing"),
        ("jdbc:snowflake://xy12345/?user=jane", "XY12345", "region is missing"),
        ("XY12345\tAZURE_WESTUS9", "XY12345", "AZURE_WESTUS9"),
        ("CURRENT_ACCOUNT()\nXY12345", "XY12345", "region is missing"),
        ("account_name = my_acct", "MY_ACCT", "account name without its organization"),
    ],
)
def test_a_locator_without_region_is_asked_for(pasted: str, locator: str, seen: str):
    with pytest.raises(RegionMissing) as missing:
        read_account(pasted)
    assert missing.value.locator == locator
    assert seen in missing.value.message
    assert "identifier" in missing.value.fix


@pytest.mark.parametrize("region", REGIONS, ids=lambda region: region.region_id)
def test_the_answer_completes_the_locator(region: Region):
    account = read_account("XY12345", region=region.suffix)
    domain = CN if region.suffix.startswith("cn-") else COM
    assert account.host == "xy12345" + ("." + region.suffix if region.suffix else "") + domain
    assert (account.claim, account.region) == ("XY12345", region.suffix)
    assert account.in_words() == f"account locator XY12345 in {region.title}"


def test_oregon_is_read_only_when_somebody_said_so():
    with pytest.raises(RegionMissing):
        read_account("xy12345", region=None)
    assert read_account("xy12345", region="").host == "xy12345" + COM


def test_the_answer_counts_only_where_the_text_leaves_the_region_open():
    assert read_account("xy12345.eu-west-1", region="us-east-1").region == "eu-west-1"
    assert read_account("myorg-acct", region="us-east-1").host == "myorg-acct" + COM


def test_a_region_nobody_listed_is_a_good_answer_too():
    assert read_account("xy12345", region="eu-south-9.aws").host == "xy12345.eu-south-9.aws" + COM


def test_a_private_locator_in_oregon_carries_its_region_all_the_same():
    account = read_account("xy12345.privatelink", region="")
    assert account.host == "xy12345.us-west-2.privatelink" + COM
    assert "us-west-2" in " ".join(account.notes)


@pytest.mark.parametrize("region", ["evil.com", "x@y", "us-east-1/", "..", "us-east-1\n.evil", "a b", "９.aws"])
def test_an_answer_that_is_no_region_is_refused(region: str):
    with pytest.raises(AccountError, match="not a region"):
        read_account("xy12345", region=region)


# --- what is refused --------------------------------------------------------------------------------------------------

REFUSED = [
    ("", "Nothing"),
    (" \n\t\u200b", "Nothing"),
    ("evil.com", "web address"),
    ("evil.com/", "not an address"),
    ("https://evil.com/", "not an address"),
    ("https://evil.com/.snowflakecomputing.com", "not an address"),
    ("https://evil.com/app.snowflake.com/myorg/acct", "not an address"),
    ("evil.com#.snowflakecomputing.com", "not an address"),
    ("evil.com?.snowflakecomputing.com", "not an address"),
    ("https://evil.com\\.snowflakecomputing.com", "not an address"),
    ("https://myorg-acct.snowflakecomputing.com.evil.com/", "not an address"),
    ("https://myorg-acct.snowflakecomputing.org/", "not an address"),
    ("https://notsnowflakecomputing.com/", "not an address"),
    ("https://intranet/", "not an address"),
    ("a@evil.com/", "@"),
    ("jane@example.com", "@"),
    ("https://myorg-acct.snowflakecomputing.com@evil.com/", "@"),
    ("https://jane:pass@myorg-acct.snowflakecomputing.com", "@"),
    ("snowflake://jane@evil.com/db", "web address|not an address"),
    ("127.0.0.1", "machine"),
    ("127.0.0.1:80/", "machine"),
    ("https://169.254.169.254/latest/meta-data", "machine"),
    ("[::1]:80", "can't be read|placeholder"),
    ("localhost", "machine"),
    ("localhost:8080", "machine"),
    ("2130706433", "machine"),
    ("file:///etc/passwd", "begins with"),
    ("javascript://myorg-acct.snowflakecomputing.com", "begins with"),
    ("ftp://myorg-acct.snowflakecomputing.com", "begins with"),
    ("myorg．acct", "FULLWIDTH FULL STOP"),
    ("myorg-acct．snowflakecomputing．com", "FULLWIDTH FULL STOP"),
    ("myorg-acct。evil", "IDEOGRAPHIC FULL STOP"),
    ("myorg-àcct", "LATIN SMALL LETTER A WITH GRAVE"),
    ("myorg-\u212aey", "KELVIN SIGN"),
    ("my\u200borg-acct", "ZERO WIDTH SPACE"),
    ("myorg-acct\u202e", "RIGHT-TO-LEFT OVERRIDE"),
    ("myorg-acct\x00.evil.com", "U[+]0000"),
    ("myorg-acct%2eevil.com", "placeholder"),
    ("myorg-acct.snowflakecomputing.com:80:90", "colon"),
    ("myorg-acct:pass", "colon"),
    ("<orgname>-<account_name>", "placeholder"),
    ("account: \"{{ env_var('SNOWFLAKE_ACCOUNT') }}\"", "placeholder"),
    ("SNOWFLAKE_ACCOUNT=$ACCOUNT", "placeholder"),
    ("https://app.snowflake.com", "which account"),
    ("https://app.snowflake.com/#/worksheets", "which account"),
    ("https://app.snowflake.com/myorg", "myorg.*not enough"),
    ("https://app.snowflake.com/login/x/", "which account"),
    ("https://app.snowflake.com/evil.com/acct/", "neither an organization"),
    ("https://app.snowflake.com/myorg/a@b/", "neither an organization"),
    ("app.eu-central-1.privatelink.snowflakecomputing.com", "which account"),
    ("https://docs.snowflake.com/en/user-guide", "page of Snowflake"),
    ("https://www.snowflake.com", "page of Snowflake"),
    ("ocsp.snowflakecomputing.com", "no account"),
    ("snowflakecomputing.com", "domain alone"),
    (".snowflakecomputing.com", "between two dots"),
    ("myorg-acct..snowflakecomputing.com", "between two dots"),
    ("us-east-1", "is a region"),
    ("us-east-2.aws", "is a region"),
    ("AWS_US_EAST_2", "is a region"),
    ("a.b.c", "neither an organization"),
    ("myorg-acct.other", "neither an organization"),
    ("a.b.c.d.e", "more parts"),
    ("a.b.c.d.e.snowflakecomputing.com", "more parts"),
    ("a.b.c.d.e.privatelink.snowflakecomputing.com", "more parts"),
    ("myorg-acct.aws", "neither a region nor an account"),
    ("myorg-", "hyphen or underscore"),
    ("-acct", "hyphen or underscore"),
    ("myorg-acct_", "hyphen or underscore"),
    ("myorg--acct", "two hyphens"),
    ("my org acct", "separate words"),
    ("hello world", "separate words"),
    ("SELECT CURRENT_ACCOUNT();", "SQL statement"),
    ("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----", "a key"),
    ("organization_name = myorg", "account is missing"),
    ('account = "one-a"\naccount = "two-b"', "Several accounts"),
    ("one-a and two-b", "Several accounts"),
    ("one-a.snowflakecomputing.com\ntwo-b.snowflakecomputing.com", "Several accounts"),
    ("organization_name\taccount_name\nMYORG\tONE\nMYORG\tTWO", "2 rows"),
    ("jdbc:snowflake://myorg-acct.snowflakecomputing.com/?account=other-acct", "beside it is OTHER-ACCT"),
    ("jdbc:snowflake://evil.com/?account=myorg-acct", "not an address"),
    ("myorg-" + "a" * 58, "64 characters.*63 at most"),
    ("myorg." + "a" * 58, "64 characters.*63 at most"),
    ("a" * 64 + ".us-east-1", "64 characters.*63 at most"),
    ("a-" * 3000, "6,000 characters"),
    ('"",', "no name"),
]  # fmt: skip


@pytest.mark.parametrize(("pasted", "seen"), REFUSED)
def test_what_names_no_account_is_refused_with_what_was_seen_and_what_helps(pasted: str, seen: str):
    with pytest.raises(AccountError) as error:
        read_account(pasted)
    assert not isinstance(error.value, RegionMissing)
    assert re.search(seen, error.value.message), error.value.message
    assert error.value.message.endswith(".")
    assert len(error.value.fix) > 20
    assert not NOT_OUR_WORDS.search(error.value.message + error.value.fix)
    assert error.value.message.isprintable()


def test_a_name_of_exactly_63_characters_is_fine():
    assert len(read_account("myorg-" + "a" * 57).claim) == 63


def test_a_password_in_a_connection_url_is_never_repeated():
    with pytest.raises(AccountError) as error:
        read_account("snowflake://jane:hunter2@my!org/db")
    assert "hunter2" not in error.value.message + error.value.fix


# --- JSON -------------------------------------------------------------------------------------------------------------


def _allowlist(*hosts: tuple[str, str]) -> str:
    return json.dumps([{"type": kind, "host": host, "port": 443} for kind, host in hosts])


LOCATOR_HOST = ("SNOWFLAKE_DEPLOYMENT", "xy12345.us-east-1.snowflakecomputing.com")
ORG_HOST = ("SNOWFLAKE_DEPLOYMENT_REGIONLESS", "myorg-acct.snowflakecomputing.com")
STAGE = ("STAGE", "bucket.s3.amazonaws.com")


def test_the_answer_of_allowlist_gives_the_address_without_region():
    assert read_account(_allowlist(STAGE, LOCATOR_HOST, ORG_HOST)).claim == "MYORG-ACCT"


def test_an_older_allowlist_gives_the_locator():
    assert read_account(_allowlist(STAGE, LOCATOR_HOST)).claim == "XY12345"


def test_of_two_spellings_in_the_allowlist_the_one_with_underscores_is_the_name():
    kind = ORG_HOST[0]
    pasted = _allowlist((kind, "myorg-my-acct.snowflakecomputing.com"), (kind, "myorg-my_acct.snowflakecomputing.com"))
    account = read_account(pasted)
    assert account.claim == "MYORG-MY_ACCT"
    assert not any("further hyphens" in note for note in account.notes)


def test_an_allowlist_with_its_heading_or_as_a_csv_cell_is_read_too():
    pasted = _allowlist(ORG_HOST)
    assert read_account("SYSTEM$ALLOWLIST()\n" + pasted).claim == "MYORG-ACCT"
    assert read_account('"' + pasted.replace('"', '""') + '"').claim == "MYORG-ACCT"


def test_an_allowlist_may_be_longer_than_other_texts():
    pasted = _allowlist(*[STAGE] * 500, ORG_HOST)
    assert len(pasted) > 20_000
    assert read_account(pasted).claim == "MYORG-ACCT"


def test_an_allowlist_without_the_account_says_so():
    with pytest.raises(AccountError, match="none of its rows"):
        read_account(_allowlist(STAGE))


def test_a_foreign_host_in_an_allowlist_is_refused_like_any_other():
    with pytest.raises(AccountError):
        read_account(_allowlist((ORG_HOST[0], "evil.com")))


def test_the_private_link_configuration_is_read():
    pasted = json.dumps(
        {
            "privatelink-account-name": "xy12345.us-east-1.privatelink",
            "privatelink-account-url": "xy12345.us-east-1.privatelink.snowflakecomputing.com",
            "regionless-privatelink-account-url": "myorg-my_acct.privatelink.snowflakecomputing.com",
        }
    )
    assert read_account(pasted).host == "myorg-my_acct.privatelink.snowflakecomputing.com"


# --- hosts that the operator vouches for ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pasted",
    [
        "practice-snowflake",
        "PRACTICE-SNOWFLAKE",
        "practice.snowflake",
        "practice_snowflake",
        "practice-snowflake.localhost",
        "https://practice-snowflake.localhost:8443/",
        "https://practice-snowflake.localhost:1/console",
        "PRACTICE\tSNOWFLAKE",
        'account = "practice-snowflake"',
        "jdbc:snowflake://practice-snowflake.localhost:8443/?account=practice-snowflake",
        "https://app.snowflake.com/practice/snowflake/#/",
    ],
)
def test_a_vouched_host_is_found_however_it_is_written(pasted: str):
    account = read_account(pasted, vouched=PRACTICE)
    assert account.host == "practice-snowflake.localhost"
    assert account.claim == "PRACTICE-SNOWFLAKE"
    assert account.identifier == "practice-snowflake"
    assert (account.organization, account.name) == ("PRACTICE", "SNOWFLAKE")
    assert account.vouched
    assert Account.from_dict(account.to_dict()) == account


def test_nobody_vouches_for_a_host_that_only_resembles_the_list():
    for pasted in ("https://practice-snowflake.localhost.evil.com/", "https://evil-practice-snowflake.localhost/"):
        with pytest.raises(AccountError):
            read_account(pasted, vouched=PRACTICE)
    assert not read_account("practice-snowflake2", vouched=PRACTICE).vouched


def test_without_the_list_the_practice_name_is_an_ordinary_account():
    account = read_account("practice-snowflake")
    assert (account.host, account.vouched) == ("practice-snowflake" + COM, False)
    with pytest.raises(AccountError):
        read_account("https://practice-snowflake.localhost:8443/")


def test_a_vouched_host_inside_snowflakes_domains_is_read_normally():
    account = read_account("myorg-my_acct", vouched=["myorg-my-acct.snowflakecomputing.com"])
    assert (account.host, account.vouched) == ("myorg-my-acct" + COM, False)


def test_underscores_typed_for_a_vouched_host_are_kept_in_the_claim():
    account = read_account("myorg-my_acct", vouched=["myorg-my-acct.corp.example"])
    assert (account.host, account.claim) == ("myorg-my-acct.corp.example", "MYORG-MY_ACCT")


def test_a_number_is_never_an_account_even_if_vouched_for():
    with pytest.raises(AccountError):
        read_account("127.0.0.1", vouched=["127.0.0.1:443"])


# --- keeping it -------------------------------------------------------------------------------------------------------


def test_the_kept_form_is_small_and_plain():
    assert read_account("myorg-acct").to_dict() == {
        "host": "myorg-acct.snowflakecomputing.com",
        "claim": "MYORG-ACCT",
        "identifier": "myorg-acct",
        "organization": "MYORG",
        "name": "ACCT",
    }


KEPT = read_account("xy12345.us-east-1.privatelink").to_dict()


@pytest.mark.parametrize(
    "kept",
    [
        None,
        [],
        "myorg-acct",
        {},
        {**KEPT, "host": "evil.com"},
        {**KEPT, "host": "xy12345.us-east-1.privatelink.snowflakecomputing.com\n"},
        {**KEPT, "host": "XY12345.us-east-1.privatelink.snowflakecomputing.com"},
        {**KEPT, "host": "other.us-east-1.privatelink.snowflakecomputing.com"},
        {**KEPT, "host": 1},
        {**KEPT, "claim": "xy12345"},
        {**KEPT, "claim": "OTHER"},
        {**KEPT, "region": "evil.com/"},
        {**KEPT, "privatelink": False},
        {**KEPT, "privatelink": 1},
        {**KEPT, "vouched": True},
        {**KEPT, "notes": ("x",)},
        {**KEPT, "more": "x"},
        {**KEPT, "name": ""},
        {**KEPT, "name": "X"},
        {key: value for key, value in KEPT.items() if key != "privatelink"},
        {key: value for key, value in KEPT.items() if key != "claim"},
        {1: "x"},
    ],
)
def test_anything_else_in_its_place_is_refused(kept: object):
    with pytest.raises(AccountError):
        Account.from_dict(kept)


@pytest.mark.parametrize(
    "host", ["evil.com", "127.0.0.1", "a.snowflakecomputing.com.evil.com", "snowflakecomputing.com"]
)
def test_an_account_at_another_host_cannot_even_be_made(host: str):
    with pytest.raises(AccountError):
        replace(read_account("myorg-acct"), host=host)


# --- regions ----------------------------------------------------------------------------------------------------------


def test_the_list_begins_with_the_region_that_needs_no_suffix():
    assert REGIONS[0] == Region("", "US West (Oregon)", "AWS_US_WEST_2")
    assert len({region.suffix for region in REGIONS}) == len({region.title for region in REGIONS}) == len(REGIONS)


@pytest.mark.parametrize("region", REGIONS, ids=lambda region: region.region_id)
def test_every_region_is_found_by_each_of_its_names(region: Region):
    assert suffix_of_id(f"PUBLIC.{region.region_id}") == region.suffix
    assert region_of_id(region.region_id.lower()) is region
    assert title_of(region.suffix) == region.title
    assert read_account(f"XY12345\t{region.region_id}").region == region.suffix
    if region.suffix:
        assert region_of_suffix(region.suffix.upper()) is region
        assert region_of_suffix(region.suffix.removesuffix("." + region.cloud)) is region
        assert looks_like_suffix(region.suffix)
        domain = CN if region.suffix.startswith("cn-") else COM
        for pasted in (f"xy12345.{region.suffix}", f"https://xy12345.{region.suffix}{domain}/console"):
            assert read_account(pasted) == read_account("xy12345", region=region.suffix)


# --- for any text at all ----------------------------------------------------------------------------------------------

_pieces = st.sampled_from(
    [
        *(
            "myorg",
            "my_acct",
            "xy12345",
            "-",
            ".",
            "_",
            "..",
            "--",
            "us-east-1",
            "us-east-2.aws",
            "fhplus",
            "privatelink",
        ),
        *("global", "aws", ".snowflakecomputing.com", ".snowflakecomputing.cn", ".snowflake.com", "app.snowflake.com/"),
        *(
            "https://",
            "jdbc:snowflake://",
            "snowflake://",
            "/",
            "//",
            "\\",
            "@",
            ":",
            ":443",
            "?",
            "?account=",
            "#",
            "%2e",
        ),
        *(
            "evil.com",
            "127.0.0.1",
            "localhost",
            "[::1]",
            "．",
            "。",
            "\u200b",
            "\u202e",
            "\x00",
            "\n",
            "\t",
            " ",
            "\r\n",
        ),
        *(
            "account = ",
            'host="',
            "'",
            '"',
            ",",
            ";",
            "|",
            "AWS_US_EAST_2",
            "ORGANIZATION_NAME",
            "ACCOUNT_NAME",
            "{",
            "[",
        ),
        *(
            "]",
            "}",
            '{"type":"SNOWFLAKE_DEPLOYMENT","host":"',
            "practice-snowflake",
            ".localhost",
            "\u212a",
            "ſ",
            "İ",
            "–",
        ),
    ]
)
_pastes = st.one_of(
    st.text(max_size=200),
    st.lists(_pieces, max_size=12).map("".join),
    st.text(alphabet=string.ascii_letters + string.digits + "-_.:/@#?", max_size=120),
)
_SNOWFLAKE = re.compile(r"[a-z0-9_.-]+\.snowflakecomputing\.(?:com|cn)")


def _answer(text: str, region: str | None) -> Account | AccountError:
    try:
        return read_account(text, region=region, vouched=PRACTICE)
    except AccountError as error:
        return error


@given(_pastes, st.none() | st.sampled_from(["", "us-east-1"]) | st.text(max_size=20))
@example("myorg-acct\n", None)
@example("myorg-acct.snowflakecomputing.com\n.evil.com", None)
@example("[" * 100_000, None)
def test_any_text_ends_at_a_host_of_snowflakes_or_in_a_reasoned_no(text: str, region: str | None):
    account = _answer(text, region)
    if isinstance(account, AccountError):
        assert account.message.isprintable()
        assert account.message.endswith(".")
        assert account.fix
        return
    if account.vouched:
        assert account.host == "practice-snowflake.localhost"
    else:
        assert _SNOWFLAKE.fullmatch(account.host)
        assert len(account.host.split(".")) <= 7
    assert re.fullmatch(r"[A-Z0-9_-]{1,63}", account.claim)
    assert account.in_words().isprintable()
    assert Account.from_dict(json.loads(json.dumps(account.to_dict()))) == account


@given(_pastes, st.none() | st.sampled_from(["", "us-east-1", "cn-northwest-1.aws"]))
@example("signup", "")
@example("ocsp", "")
@example("x" + ".snowflakecomputing.com" * 3, None)
@example("my_acct", "")
@example("jdbc:snowflake://practice-snowflake.localhost/?account=other-name", None)
def test_an_account_comes_back_as_a_text_that_reads_the_same(text: str, region: str | None):
    account = _answer(text, region)
    if isinstance(account, Account):
        assert read_account(as_typed(account, vouched=PRACTICE), vouched=PRACTICE) == account


_labels = st.sampled_from(["myorg-acct", "myorg-my_acct", "xy12345", "a-b-c", "a-b_c", "app-x-y", "x_y", "acme-x1"])
_regions = st.sampled_from(
    [
        "",
        ".us-east-1",
        ".us_east_2.aws",
        ".us-west-2",
        ".global",
        ".new-9.cloud",
        ".cn-northwest-1.aws",
        ".AWS_US_EAST_2",
    ]
)
_domains = st.sampled_from(["", ".snowflakecomputing.com", ".snowflakecomputing.cn", ".snowflake.com"])
_beside = st.sampled_from(["", "/?account=xy12345", "/?account=myorg-my_acct", "/?account=a-b_c", "/?account=zz_9"])


@given(_labels, _regions, st.sampled_from(["", ".privatelink"]), _domains, _beside, st.sampled_from([None, ""]))
@example("myorg-my_acct", "", "", ".snowflakecomputing.cn", "", None)
@example("my_org-a_b", ".eu-west-1", "", ".snowflakecomputing.com", "", None)
@example("x_y", ".us-east-1", "", ".snowflakecomputing.com", "/?account=a-b_c", None)
def test_every_part_of_an_address_comes_back(
    label: str, region: str, private: str, domain: str, beside: str, chosen: str | None
):
    scheme = "jdbc:snowflake://" if beside else ""
    account = _answer(f"{scheme}{label}{region}{private}{domain}{beside}", chosen)
    if isinstance(account, Account):
        assert read_account(as_typed(account)) == account


@pytest.mark.parametrize(
    ("pasted", "typed"),
    [
        ("https://app.snowflake.com/MYORG/My_Acct/#/", "myorg-my_acct"),
        ("xy12345.snowflakecomputing.com", "xy12345.snowflakecomputing.com"),
        ("xy12345.us-east-2", "xy12345.us-east-2.aws"),
        ("myorg-my_acct.snowflakecomputing.cn", "myorg-my_acct.snowflakecomputing.cn"),
        ("practice_snowflake", "practice-snowflake"),
        (
            "jdbc:snowflake://myorg-acct.snowflakecomputing.com/?user=jane&account=xy12345",
            "jdbc:snowflake://myorg-acct.snowflakecomputing.com/?account=XY12345",
        ),
    ],
)
def test_an_account_comes_back_as_shortly_as_it_can_be_said(pasted: str, typed: str):
    assert as_typed(read_account(pasted, vouched=PRACTICE), vouched=PRACTICE) == typed


_organizations = st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,20}", fullmatch=True)
_names = st.from_regex(r"[A-Za-z](?:[A-Za-z0-9_]{0,20}[A-Za-z0-9])?", fullmatch=True)


@given(_organizations, _names)
def test_every_form_of_an_account_is_the_same_account(organization: str, name: str):
    claim = f"{organization}-{name}".upper()
    host = f"{organization}-{name}".lower().replace("_", "-") + COM
    if region_of_suffix(claim) or name.lower() in ("aws", "azure", "gcp", "com", "net", "org", "edu", "io", "cn"):
        return
    for pasted in (
        f"{organization}-{name}",
        f"https://{organization}-{name}.snowflakecomputing.com:443/console/login#/",
        f"https://app.snowflake.com/{organization}/{name}/#/worksheets",
        f"jdbc:snowflake://{organization}-{name}.snowflakecomputing.com/?account={organization}-{name}",
        f'account = "{organization}-{name}"',
        f'organization_name = "{organization}"\naccount_name = "{name}"',
        f"CURRENT_ORGANIZATION_NAME()\tCURRENT_ACCOUNT_NAME()\n{organization.upper()}\t{name.upper()}",
    ):
        if organization.lower() in ("login", "app", "streamlit", "console", "www", "docs", "api") and "app." in pasted:
            continue
        account = read_account(pasted)
        assert (account.host, account.claim) == (host, claim), pasted


@given(_organizations, _names)
def test_a_private_host_is_never_respelt(organization: str, name: str):
    if organization.lower() == "app":
        return
    host = f"{organization}-{name}.privatelink.snowflakecomputing.com".lower()
    assert read_account(f"https://{host}/").host == host


@pytest.mark.parametrize(
    "hostile",
    [
        "a" * 70_000,
        "a-" * 40_000,
        "a." * 40_000,
        ".snowflakecomputing.com" * 5_000,
        "x" + ".snowflakecomputing.com" * 170,
        "account=" * 10_000,
        'account="' * 450,
        "account = '" * 370,
        "https://" * 500,
        "[" * 70_000,
        '{"a":' * 20_000,
        '[{"host":"' + "a.snowflakecomputing.com" * 4_000 + '","type":"SNOWFLAKE_DEPLOYMENT"}]',
        '[{"host":"x' + ".snowflakecomputing.com" * 170 + '","type":"SNOWFLAKE_DEPLOYMENT"}]',
        "\u200b" * 70_000,
        "|" * 70_000,
        "| a " * 1_000,
        "- " * 2_000,
        " \n" * 2_000 + "x",
        "jdbc:snowflake://" * 240,
        "SYSTEM$ALLOWLIST(" * 5_000,
        "1" * 300_000,
        "[" + "1" * 100_000 + "]",
    ],
    ids=lambda hostile: f"{hostile[:12]!r} x {len(hostile)}",
)
def test_hostile_texts_are_refused_by_name(hostile: str):
    with pytest.raises(AccountError) as error:
        read_account(hostile)
    assert len(error.value.message) < 500
