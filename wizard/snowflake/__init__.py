"""Snowflake's own rules: accounts, names, keys, tokens, statements. Pure; does no I/O."""
