"""Errors that a person meets: each says what was wrong and what to do about it."""


class SwpError(Exception):
    """A plain message for the screen; the command ends with exit status `status`."""

    status = 1


class WrongUse(SwpError):
    """The command was called in a way that it does not understand."""

    status = 2


class Rejection(SwpError):
    """A file that cannot be taken, with the check that it failed.

    `check` is the snake_case name of the check, `message` says in a partner's words what is wrong and
    what to send instead (never a value of an identifying column), `column` is the supplier's label of
    the column concerned, where there is one.
    """

    def __init__(self, check: str, message: str, column: str | None = None):
        super().__init__(message)
        self.check = check
        self.message = message
        self.column = column
