"""What every page knows, collected from those who know it.

The layout asks for the navigation, the unread count and the area line; the apps that have them say so in
their `AppConfig.ready`: `provide("unread", lambda request: …)`. Values are worked out on first use.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

Provider = Callable[[HttpRequest], Any]
_providers: dict[str, Provider] = {}


def provide(name: str, provider: Provider) -> None:
    _providers[name] = provider


def provided(request: HttpRequest) -> dict[str, Any]:
    return {name: _lazy(provider, request) for name, provider in _providers.items()}


def _lazy(provider: Provider, request: HttpRequest) -> Any:
    return SimpleLazyObject(lambda: provider(request))
