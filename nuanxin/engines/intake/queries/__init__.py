"""Reading uploads, and the targets that are registered."""

from .context import check_context
from .targets import target, targets
from .uploads import get_upload, may_send_for, sender_units, upload_name, uploads, visible
from .views import (
    ColumnLine,
    FindingGroup,
    FindingLine,
    Progress,
    SampleRow,
    bad_rows,
    columns_of,
    findings,
    missing_fields,
    notes,
    progress,
    sample_rows,
)

__all__ = [
    "ColumnLine",
    "FindingGroup",
    "FindingLine",
    "Progress",
    "SampleRow",
    "bad_rows",
    "check_context",
    "columns_of",
    "findings",
    "get_upload",
    "may_send_for",
    "missing_fields",
    "notes",
    "progress",
    "sample_rows",
    "sender_units",
    "target",
    "targets",
    "upload_name",
    "uploads",
    "visible",
]
