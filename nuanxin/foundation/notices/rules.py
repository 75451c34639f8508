"""How often a message is tried, and what may stand in it. Pure."""

import re
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=4)
MOST_ATTEMPTS = 8
"""1, 2, 4 … minutes: the eighth attempt comes some two hours after the first; then a person must look."""

NUMBERS = re.compile(r"(?<!\d)(1[3-9]\d{9}|\d{17}[\dXx]|\d{15})(?!\d)")


class PersonalData(ValueError):
    """A text for a message carries a phone or identity number; it must be written without."""

    code = "personal_data"


def next_try(attempts: int, now: datetime) -> datetime | None:
    """When a message that failed `attempts` times is tried again; None: given up."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return now + min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)


def checked_text(text: str) -> str:
    """The text when nothing in it looks like a person's number. Names cannot be recognised: callers keep
    them out.
    """
    if NUMBERS.search(text):
        raise PersonalData(_("消息中不得出现电话或证件号码"))
    return text
