"""A web wizard that takes a person to a Snowflake key pair login that is proved to work."""

__version__ = "0.1.0"
