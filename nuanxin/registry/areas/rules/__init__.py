"""Areas without a database: codes, coordinates, names, changes of code, outlines."""

from nuanxin.foundation.access.rules import area_level, area_parent, area_range

__all__ = ["area_level", "area_parent", "area_range"]
