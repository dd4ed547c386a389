"""The account: in the token, in the host name, and whether both mean the same one."""

from __future__ import annotations

from wizard.diagnosis.catalogue.words import (
    ACCOUNT_IDENTIFIERS,
    CONFIGURING_CLIENTS,
    CONNECTING,
    JWT,
    NO_SUCH_HOST,
    REGION_IN_NAME,
    SQL_API,
    TLS,
    TROUBLESHOOTING,
)
from wizard.diagnosis.cause import Cause, administrator, code, network_team, says, you
from wizard.snowflake.codes import Code

_UNDERSCORE_HOST = r"[a-z0-9-]{1,60}_[a-z0-9_-]{0,60}\.(?:[a-z0-9-]{1,40}\.){0,4}snowflakecomputing"

CAUSES = (
    Cause(
        "account-region-in-claim",
        "The token names the account together with its region",
        "The token must carry the bare account. A region, a cloud or the word privatelink belongs to the "
        "host name only. "
        "Tools that build both from one setting often leave it in the token, and Snowflake then finds no such "
        "account.",
        (
            you(
                "Give the tool the form organization-account, which has no region. If it has separate "
                "fields for account and host, put "
                "the bare account in the first and the full host name in the second."
            ),
            you(
                "Update the tool's Snowflake driver: several drivers have been corrected to cut the region "
                "off by themselves."
            ),
        ),
        SQL_API,
        (
            says(76, JWT, r"private[ _-]?link"),
            says(62, JWT, REGION_IN_NAME),
            says(62, JWT, r"\.(?:aws|azure|gcp)\b|\bregion|local zone|strip|full identifier|account identifier"),
            says(58, JWT, r"privatekey and host|private key and host|host (?:parameter|is set|and account)"),
            says(44, JWT, r"adbc|gosnowflake|go driver|snowflake-rs|rust|node|duckle|rill|fusion|dbt1\d{3}"),
            says(44, JWT, r"api/v2/statements|sql api"),
            says(60, r"region|private[ _-]?link", r"\b(?:iss|issuer|claims?|jwt)\b"),
        ),
    ),
    Cause(
        "account-dot-form",
        "A dot stands between organization and account where a hyphen belongs",
        "Snowflake shows ORG.ACCOUNT for data sharing and inside SQL. Clients need ORG-ACCOUNT: what "
        "follows a dot is read as a region, so "
        "the token names the organization only and the host name is another.",
        (
            you("Write the account with a hyphen: myorg-myaccount."),
            you("Read the right spelling inside Snowflake.", "account_identifier"),
        ),
        ACCOUNT_IDENTIFIERS,
        (
            says(88, r"data sharing account identifier"),
            says(86, r"\bdot\b|\bperiod\b", r"hyphen|dash|instead of|organi[sz]ation|org\b", unless=(r"region",)),
            says(80, r"\borg(?:anization)?\.account|\bmyorg\.my"),
            says(55, rf"{JWT}|{TLS}|404|403", r"\b[a-z]{6,8}\.[a-z]{2}\d{5}\b"),
        ),
    ),
    Cause(
        "account-url-pasted",
        "A web address was given where the account identifier belongs",
        "The tool adds .snowflakecomputing.com and https:// by itself. With a whole address in the field, "
        "the host name ends twice in the "
        "domain and the token carries an account that does not exist.",
        (
            you(
                "Give only what stands before .snowflakecomputing.com, such as myorg-myaccount. Leave out "
                "https:// and everything after the name."
            ),
        ),
        ACCOUNT_IDENTIFIERS,
        (
            says(100, r"snowflakecomputing\.com[/:0-9]{0,6}\.snowflakecomputing\.com"),
            says(100, r"https?:(?://)?https?:|https?%3a%2f%2f"),
            says(92, r"account(?:name|_name|identifier)?[\"']? ?[=:] ?[\"']?https?:"),
            says(
                84,
                r"account",
                r"(?:includes?|contains?|containing|with|has|given an?|pasted) .{0,30}(?:snowflakecomputing\.com|"
                r"https?://(?!docs\.)|\burl\b(?!:))",
            ),
            says(70, r"account", r"full url|remove (?:the )?https|without https|url instead of"),
        ),
    ),
    Cause(
        "account-empty",
        "The tool was given no account",
        "The tool looked for the account and found nothing: the setting is empty or called otherwise, or it "
        "stands in a variable that is not set where the tool runs. Nothing was sent to Snowflake.",
        (
            you("Set the account in the tool, in the form organization-account, such as myorg-myaccount."),
            you(
                "If it comes from a variable, look whether it is set in the very place where the tool runs: a service, "
                "a container or a scheduled job does not see what your own shell has."
            ),
            you("Read the account inside Snowflake.", "account_identifier"),
        ),
        CONFIGURING_CLIENTS,
    ),
    Cause(
        "account-not-found",
        "Snowflake knows no account behind this address",
        "Every name under snowflakecomputing.com leads to some Snowflake server, so a wrong account does "
        "not fail by name. The server answers "
        "404 or 403 without Snowflake's usual message. The name has a typo, or a locator lacks its region "
        "or has a wrong one.",
        (
            you(
                "Compare the account with the address in your browser when you are signed in to Snowflake, "
                "letter by letter."
            ),
            you("Read it inside Snowflake.", "account_identifier"),
            you("With a locator, compare the region too.", "locator_and_region"),
        ),
        ACCOUNT_IDENTIFIERS,
        (
            says(100, r"verify the account name is correct"),
            says(96, code("261004"), r"(?<![0-9a-f])40[34](?![0-9a-f])"),
            says(96, r"failed to auth for unknown reason"),
            says(94, code("290404", "290403")),
            says(
                90,
                r"(?<![0-9a-f])40[34](?![0-9a-f])",
                r"login-request|snowflakecomputing",
                r"not found|forbidden|http|status",
            ),
            says(78, r"http(?: error)?:? ?(?:code:? ?)?40[34]|40[34]:? (?:client error:? )?(?:not found|forbidden)"),
            says(72, r"<html|<!doctype|page not found", r"40[34]|not found|forbidden"),
            says(
                70,
                r"incorrect account|account (?:identifier |name )?(?:is |was )?(?:not found|wrong|incorrect|"
                r"does ?n[o']t exist)|unknown account",
            ),
            says(66, r"account must be specified|account is empty|" + code("251001", "260000")),
        ),
    ),
    Cause(
        "account-mismatch",
        "The token is for another account than the address",
        "The account inside the token and the account of the host name must be the same one. Snowflake compares both.",
        (
            you(
                "Use one form of one account everywhere: take host and account from the same line of the "
                "account's details."
            ),
            you("Check which account you are looking at.", "account_identifier"),
        ),
        TROUBLESHOOTING,
        (
            says(100, code(Code.JWT_TOKEN_ACCOUNT_MISMATCH) + r"|jwt_token_account_mismatch"),
            says(56, JWT, r"privatekey and host|private key and host|host (?:parameter|is set|and account)"),
            says(
                70,
                r"account",
                r"(?:jwt|token|issuer|iss)\b",
                r"mismatch|not the same|differs? from|another account|different account",
            ),
            says(52, JWT, r"some accounts|other account|wrong account|account locator"),
            says(40, r"organi[sz]ation", r"\b(?:iss|issuer)\b"),
        ),
    ),
    Cause(
        "account-form",
        "This account may want the other spelling in the token",
        "An account has two names: organization-account and a short locator. Both are found in working "
        "tokens. There are public reports of accounts "
        "that accepted only one of them, although Snowflake's documentation names no such rule.",
        (
            you(
                "Try the other form: the locator in place of organization-account, or the reverse. Change "
                "it in the host and in the token together."
            ),
            you("Read both forms inside Snowflake.", "account_identifier"),
            you("The locator and its region:", "locator_and_region"),
        ),
        "https://github.com/gravitational/teleport/pull/14121",
        (
            says(
                74,
                JWT,
                r"some accounts|some cases|certain accounts|account locator|account name.{0,40}locator|teleport",
            ),
            says(72, r"organi[sz]ation", r"\b(?:iss|issuer|jwt|token|sub|claims?)\b", unless=(r"region",)),
            says(64, r"locator", r"\b(?:iss|issuer|claims?)\b|instead of|works with"),
        ),
    ),
    Cause(
        "account-underscore",
        "The underscore in the host name upsets TLS",
        "Host names may not contain underscores, and strict TLS software refuses them or finds no matching "
        "certificate. Snowflake answers to the same name "
        "with hyphens: my_account and my-account in an address lead to the same account.",
        (
            you(
                "Write the host name with hyphens in place of underscores, or update the driver. A "
                "PrivateLink host is the exception: keep it as your network team set it up."
            ),
        ),
        ACCOUNT_IDENTIFIERS,
        (
            says(96, _UNDERSCORE_HOST, TLS, r"mismatch|match|verif|fail|refus|error|idna|no host|valid for"),
            says(94, r"underscore|\b_ |with _|with an? _|`_`|'_'", TLS + r"|host"),
            says(88, r"idna|no sni|invalid hostname", r"_|underscore"),
            says(
                80,
                r"does not specify a valid host name|host ?name is null|no host in url|"
                r"target host is not specified",
            ),
        ),
    ),
    Cause(
        "privatelink-name",
        "The PrivateLink name does not lead into your private network from here",
        "PrivateLink names are set up by the owner of the network, in their own name servers. Elsewhere "
        "they do not resolve, or lead to a public address. "
        "Some tools also turn the underscore of such a name into a hyphen, and only one of the spellings may exist.",
        (
            network_team(
                "Make the PrivateLink name known to the name servers that this machine asks, and route the "
                "machine to the private endpoint."
            ),
            administrator(
                "Look up the exact PrivateLink host with SELECT SYSTEM$GET_PRIVATELINK_CONFIG(); as "
                "ACCOUNTADMIN, and compare it letter by letter."
            ),
            you(
                "Run the test from a machine inside that network. If the account may also be reached from "
                "the internet, use its public name."
            ),
        ),
        CONNECTING,
        (
            says(96, r"private[ _-]?link", NO_SUCH_HOST),
            says(82, r"private[ _-]?link", r"dns|resolv|public (?:ip|address)|host not found"),
            says(74, r"private[ _-]?link", r"timed? ?out|timeout|unreachable|refused"),
            says(70, r"private[ _-]?link", r"underscore|`_`|hyphen|dash", unless=(JWT,)),
        ),
    ),
    Cause(
        "host-not-found",
        "No such host: the name does not resolve",
        "The name servers of this machine do not know the host, so nothing was sent. Most often the account "
        "has a typo or a wrong region, or the domain is not "
        "snowflakecomputing.com. A newly created account needs about half a minute.",
        (
            you("Compare the account with the address in your browser when you are signed in to Snowflake."),
            you("Read it inside Snowflake.", "account_identifier"),
            network_team("If the name is right, let this machine resolve names under snowflakecomputing.com."),
        ),
        ACCOUNT_IDENTIFIERS,
        (
            says(72, NO_SUCH_HOST),
            says(70, r"host not found|server not found|unable to find the host|invalid host"),
            says(
                92,
                r"snowflake\.computing\.com|snowflakecomputing\.(?!com\b|cn\b)[a-z]{2,5}\b|"
                r"(?<!docs)(?<!community)(?<!status)(?<!support)(?<!\bapp)(?<!www)(?<=[a-z0-9])\.snowflake\.com\b",
                NO_SUCH_HOST + r"|jdbc|fail|error",
            ),
        ),
    ),
)
