"""Accounts: opening and keeping them, and signing in."""

from .keeping import (
    change_password,
    change_user,
    close_user,
    end_sessions,
    new_password,
    open_user,
    reopen_user,
    reset_password,
    reset_second_factor,
    set_language,
)
from .signing_in import (
    Locked,
    claim_attempt,
    note,
    note_failure,
    note_password_right,
    note_signed_in,
    unlock,
)

__all__ = [
    "Locked",
    "change_password",
    "change_user",
    "claim_attempt",
    "close_user",
    "end_sessions",
    "new_password",
    "note",
    "note_failure",
    "note_password_right",
    "note_signed_in",
    "open_user",
    "reopen_user",
    "reset_password",
    "reset_second_factor",
    "set_language",
    "unlock",
]
