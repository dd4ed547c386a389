"""Which Snowflake account: the value, and how it is read from whatever people paste."""

from wizard.snowflake.account.account import Account, as_typed, read_account
from wizard.snowflake.account.paste import AccountError, RegionMissing

__all__ = ["Account", "AccountError", "RegionMissing", "as_typed", "read_account"]
