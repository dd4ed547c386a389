"""One statement, read token by token, and Snowflake's words for what can't be read or isn't allowed."""

from __future__ import annotations

from typing import NoReturn

from wizard.practice.outcome import SqlError
from wizard.practice.sql.reader import Statement, Token, place
from wizard.snowflake.codes import Code
from wizard.snowflake.user import MAX_CHARACTERS


class RefusedError(Exception):
    """The statement is refused; ``error`` is what the worksheet shows."""

    def __init__(self, code: str, state: str, message: str) -> None:
        super().__init__(message)
        self.error = SqlError(code, state, message)


def compilation(code: str, state: str, message: str) -> RefusedError:
    """Return the refusal of a statement that can't be understood."""
    return RefusedError(code, state, f"SQL compilation error:\n{message}")


def unknown(kind: str, name: str) -> RefusedError:
    """Return the refusal of a name that doesn't exist; Snowflake doesn't tell whether it may only not be seen."""
    return compilation(Code.OBJECT_UNKNOWN, "02000", f"{kind} '{name}' does not exist or not authorized.")


def not_allowed(what: str) -> RefusedError:
    """Return the refusal of something that the session's role may not do."""
    return RefusedError(
        Code.PRIVILEGES_MISSING, "42501", f"SQL access control error:\nInsufficient privileges to operate on {what}"
    )


class Cursor:
    """A place in the tokens of ``statement``; ``sql`` is the whole text of the worksheet, for the words of an error.

    Whatever can't be read raises :class:`RefusedError`.
    """

    def __init__(self, sql: str, statement: Statement) -> None:
        self._sql = sql
        self._tokens = statement.tokens
        self._at = 0

    def peek(self, ahead: int = 0) -> Token:
        """Return a token that is still to be read; the last one closes the statement and stays."""
        return self._tokens[min(self._at + ahead, len(self._tokens) - 1)]

    def next(self) -> Token:
        """Read one token."""
        token = self.peek()
        self._at += 1
        return token

    def sees(self, *words: str) -> bool:
        """Say whether these words or symbols come next."""
        return all(
            self.peek(ahead).kind in ("word", "symbol") and self.peek(ahead).value == word
            for ahead, word in enumerate(words)
        )

    def accept(self, *words: str) -> bool:
        """Read these words, if they come next."""
        if not self.sees(*words):
            return False
        self._at += len(words)
        return True

    def expect(self, *words: str) -> None:
        """Read these words, which have to come next."""
        for word in words:
            if not self.accept(word):
                self.unexpected()

    def end(self) -> None:
        """Refuse whatever still follows."""
        if self.peek().kind != "end":
            self.unexpected()

    def unexpected(self) -> NoReturn:
        """Refuse the token that comes next."""
        token = self.peek()
        raw = self._sql[token.start : token.stop][:60] if token.kind != "end" else "<EOF>"
        raise compilation(Code.SYNTAX, "42000", f"syntax error {self.place(token)} unexpected '{raw}'.")

    def place(self, token: Token) -> str:
        """Return where a token stands, as Snowflake's messages say it."""
        line, position = place(self._sql, token.start)
        return f"line {line} at position {position}"

    def text_since(self, start: int) -> str:
        """Return the text from offset ``start`` to the end of the token that was read last."""
        return self._sql[start : self._tokens[self._at - 1].stop]

    def name(self) -> str:
        """Read an identifier; what is returned is the stored name."""
        token = self.peek()
        if token.kind not in ("word", "quoted") or not token.value:
            self.unexpected()
        if len(token.value) > MAX_CHARACTERS:
            raise compilation(
                Code.IDENTIFIER_TOO_LONG, "42000", f"Identifier is too long: {MAX_CHARACTERS} characters at most."
            )
        self._at += 1
        return token.value

    def string(self) -> str:
        """Read a text in quotes."""
        if self.peek().kind != "string":
            self.unexpected()
        return self.next().value
