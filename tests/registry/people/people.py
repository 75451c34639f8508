"""Persons for the tests, put into the ledger directly."""

from datetime import date

from nuanxin.foundation.vault.queries import keyring
from nuanxin.registry.people.models import Engagement, Worker
from nuanxin.registry.people.rules import SEALED, search_keys
from tests.cast import COMMUNITY, area

JULY, OCTOBER = date(2026, 7, 1), date(2026, 10, 1)


def worker(name="单晓明", at=COMMUNITY, sector="delivery", *, since=JULY, numbers=None, **more) -> Worker:
    """A person with one engagement since `since`; numbers are given in the clear."""
    area(at)
    keys = search_keys(name)
    sealed = {}
    for column, text in (numbers or {}).items():
        purpose, index = SEALED[column]
        sealed[column] = keyring().seal(purpose, text)
        sealed[index] = keyring().index(purpose, text)
    row = Worker.objects.create(
        name=name, pinyin=keys.pinyin, initials=keys.initials, chars=keys.chars, area_id=at, sector=sector,
        first_seen=since, last_seen=since, **sealed, **more,
    )  # fmt: skip
    Engagement.objects.create(worker=row, area_id=at, sector=sector, valid_from=since, employer_text="蜂鸟")
    return row
