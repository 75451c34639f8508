"""The demo's people and places by the names that its tables use."""

import random

from nuanxin.foundation.accounts.models import User
from nuanxin.registry.areas.models import Area


def find_place(district: int, path: str) -> Area:
    """`"星沙街道/"` is the first community of that street, `""` the district itself. Raises Area.DoesNotExist."""
    area = Area.objects.get(pk=district)
    for name in path.split("/") if path else []:
        size = 10 ** (6 if area.level == 3 else 3)
        inner = Area.objects.filter(
            code__gt=area.code, code__lt=area.code + size * 1000, valid_to=None, level=area.level + 1
        ).order_by("code")
        found = next((a for a in inner if not name or a.name.startswith(name.removesuffix("社区"))), None)
        if found is None:
            raise Area.DoesNotExist(f"{name} in {area.full_name}")
        area = found
    return area


def seeded(district: int) -> random.Random:
    """The same invented people on every machine."""
    return random.Random(district)  # noqa: S311 not for secrets


def demo_user(username: str) -> int:
    """The id of one of the demo's people."""
    return User.objects.only("pk").get(username=username).pk
