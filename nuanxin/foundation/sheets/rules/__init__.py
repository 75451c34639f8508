"""Reading and writing of spreadsheets as departments send them."""

from .cells import Converted, Destroyed, Finding, convert, exact_text
from .errorfile import write_error_file
from .mapping import (
    IGNORE,
    WHY_TEXTS,
    ColumnMapping,
    FieldSpec,
    mapping_problems,
    normalise_header,
    suggest_mapping,
    twice_mapped,
)
from .problems import (
    MESSAGES,
    Problem,
    SheetRefused,
    message_text,
    place_text,
    problem_text,
    split_mend,
    value_hint,
)
from .reader import read_table, rows_of, sheet_names
from .safety import LIMITS, Limits, check_file
from .table import Column, Grid, Table
from .writer import ColumnSpec, Mark, SheetSpec, write_csv, write_xlsx

__all__ = [
    "IGNORE",
    "LIMITS",
    "MESSAGES",
    "WHY_TEXTS",
    "Column",
    "ColumnMapping",
    "ColumnSpec",
    "Converted",
    "Destroyed",
    "FieldSpec",
    "Finding",
    "Grid",
    "Limits",
    "Mark",
    "Problem",
    "SheetRefused",
    "SheetSpec",
    "Table",
    "check_file",
    "convert",
    "exact_text",
    "mapping_problems",
    "message_text",
    "normalise_header",
    "place_text",
    "problem_text",
    "read_table",
    "rows_of",
    "sheet_names",
    "split_mend",
    "suggest_mapping",
    "twice_mapped",
    "value_hint",
    "write_csv",
    "write_error_file",
    "write_xlsx",
]
