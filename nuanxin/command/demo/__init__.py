"""The demo: five places of the articles, invented people, the ordinary import. Start at `build_demo`."""

from collections.abc import Callable


def build_demo(progress: Callable[[str], None]) -> list[tuple[str, str, str]]:
    """Makes what is missing of the demo. Returns who, user name and password of each account."""
    from .build import build_demo as build  # Django must be ready before its models are imported

    return build(progress)
