"""What a target of an import is, how its columns are checked, and how a checked row is packed."""

from .checker import CellFinding, Checked, Checker
from .messages import MESSAGES, finding_text
from .packing import RowPacker
from .target import CheckContext, ContextOffer, NoContext, PlaceAnswer, Target, name_key

__all__ = [
    "MESSAGES",
    "CellFinding",
    "CheckContext",
    "Checked",
    "Checker",
    "ContextOffer",
    "NoContext",
    "PlaceAnswer",
    "RowPacker",
    "Target",
    "finding_text",
    "name_key",
]
