"""What holds of persons whatever the database."""

from nuanxin.foundation.codes.rules.pinyin import name_pinyin
from nuanxin.registry.enterprises.rules import SearchKeys, characters


def search_keys(name: str) -> SearchKeys:
    """(pinyin, initials, chars) of a person's name; the surname has its own reading (单 is shan)."""
    pinyin, initials = name_pinyin(name)
    return SearchKeys(pinyin[:200], initials[:40], characters(name))


SEALED = {
    "id_number": ("person.idno", "id_index"),
    "phone": ("person.phone", "phone_index"),
    "plate": ("person.plate", "plate_index"),
}
"""The sealed columns of a person that can be found: purpose of the seal, column of the blind index."""

PURPOSES = {column: purpose for column, (purpose, _index) in SEALED.items()} | {"hardship": "person.hardship"}
"""Everything of a person that lies sealed and can be opened with a reason."""

PLAIN = (
    *("name", "sex", "birth_month", "education", "area_id", "sector"),
    *("union_member", "injury_cover", "note"),
)
"""The columns of a person that a change may name as they are."""

SUPPRESSED_UNDER = 5
"""Counts of members below this are shown as "<5" outside the handling unit (dossier 6.4)."""


def whole(text: str) -> bool:
    """Nothing of the value is masked."""
    return bool(text) and "*" not in text


def shown_count(count: int, *, handling: bool) -> str:
    """A count as it may be shown: small ones only to the unit that handles the records; nobody is nobody."""
    return "<5" if 0 < count < SUPPRESSED_UNDER and not handling else str(count)
