"""From what departments type to values that can be compared: one frame of clean text columns.

Every function works on a polars expression, so a million rows are cleaned in parallel outside Python.
An empty string always means "not given": such values neither agree, nor disagree, nor block.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import NDArray

COLUMNS = ("source", "name", "phone", "idno", "plate", "employer", "industry", "county")

ID_WIDTH = 18
PHONE_WIDTH = 11
MASK = ord("*")
_MASKS = r"[*＊•●○×✱﹡█■□#]"
_NOTHING = r"(?i)^(无|暂无|没有|不详|未知|未填|空|null|none|nan|n/a|na|-+|/+|0+|\*+|x+|\?+)$"
# GB 11643: weights of the first 17 digits and the character for each remainder.
_ID_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)
_ID_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)


def _text(column: str) -> pl.Expr:
    """Any column as trimmed text in normal width (NFKC turns full-width digits and letters into plain ones)."""
    return (
        pl.col(column)
        .cast(pl.String)
        .fill_null("")
        .str.normalize("NFKC")
        .str.replace_all(r"[\s\u{a0}\u{200b}\u{feff}'\"`’‘“”]+", " ")
        .str.strip_chars(" ")
        .str.replace(_NOTHING, "")
    )


def _phone(column: str) -> pl.Expr:
    """Digits and `*`, without country code; a shortened mask is widened to the eleven places of a mobile number."""
    plain = _text(column).str.replace(r"\.0+$", "").str.replace_all(_MASKS, "*").str.replace_all("[xX]", "*")
    first = plain.str.extract(r"^([^/,;、，；]+)").fill_null("")
    digits = first.str.replace_all(r"[^0-9*]", "").str.replace(r"^(?:00)?86([0-9*]{11})$", "$1")
    stars = digits.str.extract(r"^[0-9]*(\*+)[0-9]*$")
    missing = PHONE_WIDTH - digits.str.len_bytes().cast(pl.Int32) + stars.str.len_bytes().cast(pl.Int32)
    widened = pl.concat_str(
        digits.str.extract(r"^([0-9]*)\*"),
        pl.lit("*" * PHONE_WIDTH).str.slice(0, missing.clip(0, PHONE_WIDTH)),
        digits.str.extract(r"\*([0-9]*)$"),
    )
    whole = (
        pl.when(stars.is_not_null() & (digits.str.len_bytes() != PHONE_WIDTH)).then(widened).otherwise(digits)
    )
    known = whole.str.count_matches("[0-9]") >= 4
    return pl.when(known).then(whole.str.slice(0, PHONE_WIDTH + 1)).otherwise(pl.lit(""))


def _idno(column: str) -> pl.Expr:
    """Upper-case letters, digits and `*`. A number that a spreadsheet turned into 4.3E+17 is destroyed: not given."""
    plain = _text(column).str.to_uppercase().str.replace(r"\.0+$", "").str.replace_all(_MASKS, "*")
    lost = plain.str.contains(r"^[0-9.]+E\+?[0-9]+$")
    masked = plain.str.replace_all(r"X{2,}", "**********")
    whole = pl.when(lost).then(pl.lit("")).otherwise(masked.str.replace_all(r"[^0-9A-Z*]", ""))
    stars = whole.str.extract(r"^[0-9A-Z]*(\*+)[0-9A-Z]*$")
    missing = ID_WIDTH - whole.str.len_bytes().cast(pl.Int32) + stars.str.len_bytes().cast(pl.Int32)
    widened = pl.concat_str(
        whole.str.extract(r"^([0-9A-Z]*)\*"),
        pl.lit("*" * ID_WIDTH).str.slice(0, missing.clip(0, ID_WIDTH)),
        whole.str.extract(r"\*([0-9A-Z]*)$"),
    )
    fixed = pl.when(stars.is_not_null() & (whole.str.len_bytes() != ID_WIDTH)).then(widened).otherwise(whole)
    known = fixed.str.count_matches("[0-9A-Z]") >= 4
    return pl.when(known).then(fixed.str.slice(0, ID_WIDTH)).otherwise(pl.lit(""))


def _name(column: str) -> pl.Expr:
    """Lower case, remarks in brackets and the mark of a duplicate ("张三2") dropped; Chinese names without spaces."""
    plain = _text(column).str.to_lowercase().str.replace_all(r"[(\[【].*?[)\]】]", "")
    plain = plain.str.replace_all(_MASKS, "*").str.replace_all(r"[0-9]+$", "").str.strip_chars(" ")
    chinese = plain.str.contains(r"\p{Han}")
    return (
        pl.when(chinese)
        .then(plain.str.replace_all(r"[^\p{Han}*某]", "").str.replace_all("某", "*"))
        .otherwise(plain.str.replace_all(r"[^\p{L}* ]", ""))
    )


def _firm(column: str) -> pl.Expr:
    """The part of a firm's name that tells firms apart: without brackets, legal form and the word for a site."""
    plain = _text(column).str.to_lowercase().str.replace_all(r"[(\[【].*?[)\]】]", "")
    short = plain.str.replace(r"(股份|有限责任|有限|集团|总)*(公司|集团)$", "").str.replace(
        r"(分公司|营业部|服务站|配送站|站点|网点|分部)$", ""
    )
    return (
        pl.when(short.str.len_chars() >= 2).then(short).otherwise(plain).str.replace_all(r"[^\p{L}\p{N}]", "")
    )


def _plate(column: str) -> pl.Expr:
    """Upper case, without dots, hyphens and blanks; fewer than five characters say nothing."""
    plain = _text(column).str.to_uppercase().str.replace_all(r"[^\p{Han}0-9A-Z]", "")
    return pl.when(plain.str.len_chars() >= 5).then(plain.str.slice(0, 10)).otherwise(pl.lit(""))


# What most cells look like already. Only the others go through the slower cleaning above.
_PLAIN = {
    "name": r"^[\x{4e00}-\x{9fa5}&&[^某无暂不详未知填空没有]]{2,4}$",
    "phone": r"^(?:1[0-9]{2}[0-9*]{4}[0-9]{4})?$",
    "idno": r"^(?:[1-9][0-9]{3}[0-9*]{13}[0-9X*])?$",
}
_CLEANERS: dict[str, Callable[[str], pl.Expr]] = {
    "source": _text, "name": _name, "phone": _phone, "idno": _idno, "plate": _plate, "employer": _firm,
    "industry": lambda c: _text(c).str.to_lowercase(), "county": lambda c: _text(c).str.to_lowercase(),
}  # fmt: skip


def normalise(records: pl.DataFrame) -> pl.DataFrame:
    """The eight matching columns as clean text, in the order of `records`; a missing column is empty."""
    clean = pl.DataFrame([_cleaned(records, column) for column in COLUMNS])
    return _to_18_places(clean)


def _cleaned(records: pl.DataFrame, column: str) -> pl.Series:
    """One column, each distinct cell that needs it cleaned once."""
    if column not in records.columns:
        return pl.Series(column, [""], dtype=pl.String).new_from_index(0, len(records))
    values = records[column].cast(pl.String).fill_null("")
    if column in _PLAIN:
        rest = ~values.str.contains(_PLAIN[column])
        at = rest.arg_true()
        if not len(at):
            return values
        cells = values.gather(at).to_frame()
        return values.scatter(at, cells.select(_CLEANERS[column](column)).to_series())
    cells = values.to_frame()
    spelled = cells.unique().with_columns(_CLEANERS[column](column).alias("clean"))
    return cells.join(spelled, on=column, how="left", maintain_order="left")["clean"].alias(column)


def _to_18_places(frame: pl.DataFrame) -> pl.DataFrame:
    """First-generation ids (15 digits, born in 19xx) as the 18 places that replaced them in 1999 (GB 11643-1999)."""
    old = frame["idno"].str.contains(r"^[0-9]{15}$")
    if not old.any():
        return frame
    values = frame["idno"].filter(old)
    body = values.str.slice(0, 6) + "19" + values.str.slice(6)
    check = id_check(places(body, 17)[:, :17])
    full = body + pl.Series(list(check.tobytes().decode("ascii")), dtype=pl.String)
    return frame.with_columns(idno=frame["idno"].scatter(old.arg_true(), full))


def places(values: pl.Series, width: int) -> NDArray[np.uint8]:
    """ASCII text as a matrix of one byte per place, filled with 0 on the right; a foreign character becomes `?`."""
    joined = "".join(values.str.slice(0, width).str.pad_end(width, "\0").to_list())
    flat = np.frombuffer(joined.encode("ascii", "replace"), dtype=np.uint8)
    return flat.reshape(len(values), width)


def characters(values: pl.Series, width: int) -> NDArray[np.uint32]:
    """Text as a matrix of one code point per place, filled with 0 on the right, cut at `width`."""
    joined = "".join(values.str.slice(0, width).str.pad_end(width, "\0").to_list())
    return np.frombuffer(joined.encode("utf-32-le", "replace"), dtype="<u4").reshape(len(values), width)


def id_check(digits: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The right check character for each row of 17 ASCII digits (GB 11643)."""
    check: NDArray[np.uint8] = _ID_CHECKS[((digits.astype(np.int64) - 48) @ _ID_WEIGHTS) % 11]
    return check


def id_passes(ids: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Whether each 18-place row is a resident id with a possible birth date and the right check character."""
    body = ids[:, :17]
    digits = np.asarray(((body >= 48) & (body <= 57)).all(axis=1), dtype=np.bool_)
    body = np.where(np.expand_dims(digits, 1), body, 48).astype(np.uint8)
    value = body.astype(np.int64) - 48
    month = value[:, 10] * 10 + value[:, 11]
    day = value[:, 12] * 10 + value[:, 13]
    century = value[:, 6] * 10 + value[:, 7]
    born = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31) & ((century == 19) | (century == 20))
    passes: NDArray[np.bool_] = digits & born & (id_check(body) == ids[:, 17])
    return passes
