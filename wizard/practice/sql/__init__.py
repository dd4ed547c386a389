"""The SQL that the wizard prints and client libraries send, run on the practice Snowflake's users."""

from wizard.practice.sql.evaluator import first_session, run

__all__ = ["first_session", "run"]
