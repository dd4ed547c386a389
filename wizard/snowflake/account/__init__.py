"""Which Snowflake account: the value, and how it is read from whatever people paste."""

from wizard.snowflake.account.account import STORED_ACCOUNT, Account
from wizard.snowflake.account.errors import AccountError, RegionMissing
from wizard.snowflake.account.reader import as_typed, read_account
from wizard.snowflake.account.regions import REGIONS

__all__ = ["REGIONS", "STORED_ACCOUNT", "Account", "AccountError", "RegionMissing", "as_typed", "read_account"]
