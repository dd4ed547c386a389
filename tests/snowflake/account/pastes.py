"""What people paste for their account, in all its forms, and what each of them means."""

from __future__ import annotations

COM = ".snowflakecomputing.com"
CN = ".snowflakecomputing.cn"
PRACTICE = ("practice-snowflake.localhost:8443",)

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
