"""From a file to rows, and back: receive, map, check, commit (or resume), undo."""

from .checking import check_upload, run_check
from .committing import commit_upload, run_commit
from .errorfile import write_errors
from .mapping import choose_sheet, set_mapping
from .receiving import receive_upload
from .targets import register_target
from .undoing import discard_upload, undo_upload

__all__ = [
    "check_upload",
    "choose_sheet",
    "commit_upload",
    "discard_upload",
    "receive_upload",
    "register_target",
    "run_check",
    "run_commit",
    "set_mapping",
    "undo_upload",
    "write_errors",
]
