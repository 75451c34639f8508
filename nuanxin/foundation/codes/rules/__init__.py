"""Codes and names as people write them: one `parse_xxx(text) -> str` each, raising `CodeRefused`."""

from .credit_code import parse_credit_code
from .masking import mask_id, mask_name, mask_phone, mask_plate
from .phone import is_mobile, parse_landline, parse_mobile, parse_phone, split_phones, to_e164
from .pinyin import name_pinyin, name_syllables
from .plate import parse_ebike_plate, parse_plate
from .refusal import MESSAGES, CodeRefused, Masked, refusal_text
from .resident_id import birth_date, division, parse_resident_id, sex
from .text import clean_code, clean_name, clean_text, parse_name

__all__ = [
    "MESSAGES",
    "CodeRefused",
    "Masked",
    "birth_date",
    "clean_code",
    "clean_name",
    "clean_text",
    "division",
    "is_mobile",
    "mask_id",
    "mask_name",
    "mask_phone",
    "mask_plate",
    "name_pinyin",
    "name_syllables",
    "parse_credit_code",
    "parse_ebike_plate",
    "parse_landline",
    "parse_mobile",
    "parse_name",
    "parse_phone",
    "parse_plate",
    "parse_resident_id",
    "refusal_text",
    "sex",
    "split_phones",
    "to_e164",
]
