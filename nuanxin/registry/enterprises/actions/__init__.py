"""What can be done with enterprises; by subject in the modules of this package."""

from .records import (
    EnterpriseRefused,
    add_site,
    change_enterprise,
    close_enterprise,
    link_enterprises,
    merge_enterprises,
    register_enterprise,
    unmask_phone,
)
from .rosters import upsert_enterprises
from .versions import put_versions, remove_origin

__all__ = [
    "EnterpriseRefused",
    "add_site",
    "change_enterprise",
    "close_enterprise",
    "link_enterprises",
    "merge_enterprises",
    "put_versions",
    "register_enterprise",
    "remove_origin",
    "unmask_phone",
    "upsert_enterprises",
]
