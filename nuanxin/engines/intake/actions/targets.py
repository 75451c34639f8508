"""Targets are registered by the apps that know what a row becomes."""

from ..queries.targets import registered
from ..rules import Target


def register_target(target: Target) -> None:
    """Makes a target known. For `AppConfig.ready`; registering the code again replaces it."""
    registered[target.code] = target
