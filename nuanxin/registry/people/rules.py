"""What holds of persons whatever the database."""

from nuanxin.foundation.codes.rules.pinyin import name_pinyin
from nuanxin.registry.enterprises.rules import SearchKeys, characters


def search_keys(name: str) -> SearchKeys:
    """How a person's name is found: (pinyin, initials, chars); the surname has its own reading (单 is shan)."""
    pinyin, initials = name_pinyin(name)
    return SearchKeys(pinyin[:200], initials[:40], characters(name))
