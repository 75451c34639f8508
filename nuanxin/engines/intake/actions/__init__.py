"""From a file to rows, and back: receive, map, check, commit (or resume), undo."""

from .at_once import Prepared, commit_prepared, prepare_import
from .checking import check_upload, run_check
from .committing import commit_upload, run_commit
from .errorfile import write_errors
from .mapping import choose_sheet, set_mapping
from .receiving import receive_upload
from .targets import register_target
from .undoing import discard_upload, undo_upload

__all__ = [
    "Prepared",
    "check_upload",
    "choose_sheet",
    "commit_prepared",
    "commit_upload",
    "discard_upload",
    "prepare_import",
    "receive_upload",
    "register_target",
    "run_check",
    "run_commit",
    "set_mapping",
    "undo_upload",
    "write_errors",
]
