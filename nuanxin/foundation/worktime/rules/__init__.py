"""The working calendar, and reading a notice of holidays; without database and clock."""

from .clock import Count, Due, Kind, OfficeHours, WorkCalendar
from .table import Entry, TableProblem, read_table

__all__ = [
    "Count",
    "Due",
    "Entry",
    "Kind",
    "OfficeHours",
    "TableProblem",
    "WorkCalendar",
    "read_table",
]
