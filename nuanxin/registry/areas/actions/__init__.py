"""Writing areas."""

from .grids import GridsRefused, import_grids
from .loading import DEMO_PLACES, Loaded, SourceConflict, load_areas
from .packages import PackageMissing

__all__ = [
    "DEMO_PLACES",
    "GridsRefused",
    "Loaded",
    "PackageMissing",
    "SourceConflict",
    "import_grids",
    "load_areas",
]
