"""What can be done with a person's record; by subject in the modules of this package."""

from .membership import declare_membership, withdraw_declaration
from .records import (
    WorkerRefused,
    change_worker,
    give_consent,
    leave,
    open_worker,
    return_worker,
    unmask,
    withdraw_consent,
)

__all__ = [
    "WorkerRefused",
    "change_worker",
    "declare_membership",
    "give_consent",
    "leave",
    "open_worker",
    "return_worker",
    "unmask",
    "withdraw_consent",
    "withdraw_declaration",
]
