"""What `doctor` says: one finding, in plain words, with its mend, in both languages."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    GOOD = "good"
    NOTE = "note"
    """Worth knowing; the installation works."""
    WRONG = "wrong"


MARKS = {Level.GOOD: "✓", Level.NOTE: "·", Level.WRONG: "✗"}


@dataclass(frozen=True)
class Finding:
    level: Level
    code: str
    chinese: str
    english: str
    mend_chinese: str = ""
    mend_english: str = ""

    def text(self, language: str) -> str:
        what, mend = (
            (self.english, self.mend_english) if language == "en" else (self.chinese, self.mend_chinese)
        )
        return f"{MARKS[self.level]} {what}" + (f"\n    → {mend}" if mend else "")


def good(code: str, chinese: str, english: str) -> Finding:
    return Finding(Level.GOOD, code, chinese, english)


def note(code: str, chinese: str, english: str, mend_chinese: str = "", mend_english: str = "") -> Finding:
    return Finding(Level.NOTE, code, chinese, english, mend_chinese, mend_english)


def wrong(code: str, chinese: str, english: str, mend_chinese: str, mend_english: str) -> Finding:
    return Finding(Level.WRONG, code, chinese, english, mend_chinese, mend_english)
