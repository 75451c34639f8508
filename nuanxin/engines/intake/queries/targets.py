"""The targets that the apps above have registered (`actions.register_target`)."""

from ..rules import Target

registered: dict[str, Target] = {}


def target(code: str) -> Target:
    """The target of a code. Raises KeyError."""
    return registered[code]


def targets() -> list[Target]:
    """All targets in the order of their registration."""
    return list(registered.values())
