from typing import Any


class Refused(Exception):
    """A file that is not accepted. The message says why, and what the person can do."""

    def __init__(self, code: str, message: str, **params: Any) -> None:
        super().__init__(message)
        self.code = code
        self.params = params
