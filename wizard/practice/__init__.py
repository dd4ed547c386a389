"""A practice Snowflake: small, strict, forgetful, and impossible to mistake for the real one."""
