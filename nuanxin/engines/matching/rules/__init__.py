"""Record matching without a database: rows in, people out. Start at `match`."""

from .engine import Matching, Thresholds, match
from .explain import REASONS, FieldComparison, explain
from .refusal import MatchingRefused

__all__ = ["REASONS", "FieldComparison", "Matching", "MatchingRefused", "Thresholds", "explain", "match"]
