"""Headers that hold the browser to our own files and keep pages with personal data out of caches; values that nobody
can have typed.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",  # Tabler's marks in fields; previews of photos before they are sent
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


class HeadersMiddleware:
    """Sets the Content-Security-Policy, and no-store on whatever is written for a signed-in person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
        user = getattr(request, "_cached_user", None)  # only when somebody has asked: no query of our own
        if user is not None and user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


MOST_DIGITS = 4_000
"""Python reads no number of more than 4,300 digits."""


class PlainInputMiddleware:
    """Answers 400 to a NUL, which PostgreSQL stores in no text, and to endless numbers: once, for every view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        """After the CSRF check, which has read the form already."""
        for data in (request.GET, request.POST):
            if not _plain(data):
                raise SuspiciousOperation("a NUL or an endless number")


def _plain(data: QueryDict) -> bool:
    texts = (text for key, values in data.lists() for text in (key, *values))
    return not any("\0" in t or (len(t) > MOST_DIGITS and t.isdecimal()) for t in texts)
