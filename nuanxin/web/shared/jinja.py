"""The template environment and what every page knows.

Filters: `date`, `datetime` (both take "short"), `ago`, `number`, `percent`, `mask_name`, `mask_phone`,
`mask_idno`, `mask_plate`.
Globals: `url(name, *args, **kwargs)`, `static(path)`, `icon(name, label="")`, `uid()`, `_`, `ngettext`.
An undefined variable is an error: pass what a template uses, or write `{{ x if x is defined }}`.
"""

from itertools import count
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static as find_static
from django.urls import reverse
from django.utils import timezone, translation
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.codes.rules import masking

from . import formats
from .context import provided

TEXT_COOKIE = "nx_text"


def static(path: str) -> str:
    """The address of a bundled file; its plain address where the front end has not been collected (tests)."""
    try:
        return find_static(path)
    except ValueError:
        return f"{settings.STATIC_URL}{path}"


def icon(name: str, label: str = "", cls: str = "") -> Markup:
    """A Tabler icon from the sprite. With `label` it speaks for itself, without it is decoration."""
    speak = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon {}" {}><use href="{}#{}"/></svg>').format(
        cls, speak, static("icons.svg"), name
    )


_ids = count(1)


def uid(prefix: str = "x") -> str:
    """An id for two elements of one page that belong together."""
    return f"{prefix}{next(_ids) % 1_000_000}"


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a route; `reverse` itself would take the first argument for a URLconf."""
    return reverse(name, args=args, kwargs=kwargs)


def environment(**options: Any) -> Environment:
    options["undefined"] = StrictUndefined
    options.setdefault("autoescape", True)
    env = Environment(  # noqa: S701  (Django passes autoescape=True in the options)
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    env.globals.update(url=url, static=static, icon=icon, uid=uid)
    env.filters.update(
        date=formats.date,
        datetime=formats.datetime,
        ago=formats.ago,
        number=formats.number,
        percent=formats.percent,
        clear=lambda values: dict.fromkeys(values, ()),
        mask_name=masking.mask_name,
        mask_phone=masking.mask_phone,
        mask_idno=masking.mask_id,
        mask_plate=masking.mask_plate,
    )
    return env


def page_context(request: HttpRequest) -> dict[str, Any]:
    """`scope`, `user`, `language`, `large_text`, `now`, `path`, and what the apps provide (`nav`, `unread`)."""
    return {
        **provided(request),
        "user": getattr(request, "user", None),
        "scope": getattr(request, "scope", Scope()),
        "language": translation.get_language() or settings.LANGUAGE_CODE,
        "languages": settings.LANGUAGES,
        "large_text": request.COOKIES.get(TEXT_COOKIE) == "large",
        "now": timezone.localtime(),
        "path": request.path,
        "full_path": request.get_full_path(),
    }
