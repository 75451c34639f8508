"""The whole of matching: clean, block, compare, weigh, join."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from .blocking import candidates
from .chance import Chance, survey
from .cluster import ALWAYS, NEVER, components, missing_pairs, untangle
from .compare import Compared, compare, level
from .explain import reasons
from .refusal import MatchingRefused
from .table import Bits, Floats, Ints, Table, canonical, tabulate
from .weights import FAMILY_SIZE, Model, confidence, field_weights, learn

Progress = Callable[[str, float], None]

# Components up to this size are looked at pair by pair before they are accepted.
_WHOLE = 60


@dataclass(frozen=True)
class Thresholds:
    """Probabilities of one person, each in 0…1.

    automatic: from here a pair may be joined without a person, if its evidence is also of a safe kind;
    answer: from here a pair is joined where one answer is wanted and nobody will review it (best F1);
    review: from here a pair is offered to a person.
    """

    automatic: float = 0.998
    answer: float = 0.1
    review: float = 0.05


@dataclass(frozen=True)
class Matching:
    """What was found.

    pairs: left, right (ids), confidence 0…1, band, reasons (codes of REASONS). Band 'auto': both stand in one
      cluster of `clusters`; 'review': they stand apart and a person should look.
    clusters: id, cluster (a number; equal numbers are one person), confidence. Only safe joins. answer:
    the same columns, joined at the threshold of the best F1, for whoever wants one answer without
    review. All three are sorted by id, and the same for any order of the input rows.
    """

    pairs: pl.DataFrame
    clusters: pl.DataFrame
    answer: pl.DataFrame
    thresholds: Thresholds = field(default_factory=Thresholds)


def match(
    records: pl.DataFrame,
    *,
    known_distinct: Iterable[tuple[Any, Any]] = (),
    known_same: Iterable[tuple[Any, Any]] = (),
    thresholds: Thresholds | None = None,
    progress: Progress | None = None,
) -> Matching:
    """Find the rows that are one person.

    `records` has a column `id` (unique, text or whole numbers) and any of source, name, phone, idno,
    plate, employer, industry, county; missing columns count as empty, further ones are ignored.
    `known_same` and `known_distinct` are pairs of ids that a person has decided; they always win, and
    where they contradict each other distinct wins. `progress` is called with a step's code ('clean',
    'block', 'compare', 'weigh', 'join', 'done') and a share 0…1. Raises MatchingRefused (no_id,
    empty_id, repeated_id, unknown_id).
    """
    limits = thresholds or Thresholds()
    tell = progress or (lambda step, share: None)
    _check_ids(records)
    tell("clean", 0.0)
    clean, ids = canonical(records)
    table = tabulate(clean)
    same, distinct = _positions(ids, known_same, known_distinct)
    tell("block", 0.25)
    same = np.setdiff1d(same, distinct)
    left, right = _with(table.n, *candidates(table), np.union1d(same, distinct))
    tell("compare", 0.4)
    found = compare(table, left, right)
    tell("weigh", 0.55)
    chance = survey(table, found)
    model = learn(table, chance, found)
    tell("join", 0.7)
    work = _Work(table, chance, model, found, same, distinct)
    safe_label = work.join(work.safe(limits.automatic), max(limits.answer, 0.9), strict=True)
    answer_label = work.join(work.probability >= limits.answer, limits.answer, strict=False)
    tell("done", 1.0)
    order = ids.to_frame("id").with_row_index("at").sort("id")["at"].to_numpy()
    return Matching(
        pairs=work.pairs(ids, safe_label, limits),
        clusters=work.clusters(ids, order, safe_label),
        answer=work.clusters(ids, order, answer_label),
        thresholds=limits,
    )


class _Work:
    """The pairs of one run with their probabilities, grown by the pairs that only turn up inside components."""

    def __init__(
        self, table: Table, chance: Chance, model: Model, found: Compared, same: Ints, distinct: Ints
    ) -> None:
        self.table, self.chance, self.model = table, chance, model
        self.same, self.distinct = same, distinct
        self.found = found
        self.probability = self._weigh(found)

    def _weigh(self, found: Compared) -> Floats:
        result = np.empty(len(found.left))
        step = 1 << 19
        for start in range(0, len(result), step):
            part = np.arange(start, min(start + step, len(result)))
            weights = field_weights(self.table, self.chance, found.take(part), self.model)
            result[part] = confidence(weights, self.model)
        code = self.code(found)
        result[_among(code, self.same)] = 1.0
        result[_among(code, self.distinct)] = 0.0
        return result

    def code(self, found: Compared) -> Ints:
        return found.left * np.int64(self.table.n) + found.right

    def safe(self, least: float) -> Bits:
        """Pairs that may be joined without a person: very likely, on evidence of a kind that does not
        mislead.

        A name and one number that is its holder's own, or the same id with a name at most one slip
        away; nothing that speaks against. A name alone, or a phone that several people use, never
        suffices (siblings, stations).
        """
        found, c = self.found, self.chance
        name, idno, phone, plate = (found.of(f) for f in ("name", "idno", "phone", "plate"))
        same_name = name == level("name", "same_name")
        like_name = (name >= 1) & (name <= level("name", "name_character_lost"))
        same_id = idno == level("idno", "same_id")
        masked_id = idno == level("idno", "masked_id_agrees")
        slip = idno == level("idno", "id_one_digit_off")
        users = np.maximum(c.phone_names[found.left], c.phone_names[found.right])
        own_phone = (phone >= 1) & (phone <= level("phone", "masked_phone_agrees")) & (users <= FAMILY_SIZE)
        near_phone = phone == level("phone", "phone_one_digit_off")
        own_plate = (plate == level("plate", "same_plate")) & (c.plate_names[found.left] <= FAMILY_SIZE)
        contradicted = (idno >= level("idno", "id_two_digits_off")) & (idno > 0)
        enough = (
            (same_id & like_name & (c.id_names[found.left] <= FAMILY_SIZE))
            | (same_name & (own_phone | own_plate | masked_id))
            | (same_name & (slip | near_phone))
            | (like_name & masked_id & own_phone)
        )
        human = _among(self.code(found), self.same)
        result: Bits = ((self.probability >= least) & enough & ~contradicted) | human
        return result

    def join(self, joins: Bits, threshold: float, *, strict: bool) -> Ints:
        """The label of each record. `strict`: a pair of contradicting ids is never joined, whatever else agrees."""
        found = self.found
        label = components(self.table.n, found.left[joins], found.right[joins])
        more = missing_pairs(label, self.code(found), _WHOLE)
        if len(more[0]):
            extra = compare(self.table, *more)
            self.found = Compared(
                np.concatenate([found.left, extra.left]), np.concatenate([found.right, extra.right]),
                np.concatenate([found.levels, extra.levels], axis=1),
            )  # fmt: skip
            self.probability = np.concatenate([self.probability, self._weigh(extra)])
            joins = np.concatenate([joins, np.zeros(len(extra.left), dtype=bool)])
        bounded = np.clip(self.probability, 1e-5, 1 - 1e-5)
        score = np.log(bounded / (1 - bounded))
        idno = self.found.of("idno")
        if strict:
            # A mistyped id may differ in one place; anything more is for a person to decide.
            score[(idno >= level("idno", "id_two_digits_off")) & (self.probability < 0.999)] = -12.0
        code = self.code(self.found)
        score[_among(code, self.same)] = ALWAYS
        score[_among(code, self.distinct)] = NEVER
        least = float(np.log(threshold / (1 - threshold)))
        return untangle(label, self.found.left, self.found.right, score, joins, least)

    def pairs(self, ids: pl.Series, label: Ints, limits: Thresholds) -> pl.DataFrame:
        """The frame `Matching.pairs`."""
        code = self.code(self.found)
        joined = label[self.found.left] == label[self.found.right]
        shown = (joined | (self.probability >= limits.review)) & ~_among(code, self.distinct)
        found = self.found.take(shown)
        left, right = ids.gather(found.left), ids.gather(found.right)
        frame = pl.DataFrame({
            "left": left, "right": right, "confidence": self.probability[shown],
            "band": pl.Series(np.where(joined[shown], "auto", "review"), dtype=pl.String),
            "reasons": reasons(self.table, self.chance, found, _among(code[shown], self.same)),
        })  # fmt: skip
        swapped = pl.col("left") > pl.col("right")
        ordered = frame.with_columns(
            left=pl.when(swapped).then("right").otherwise("left"),
            right=pl.when(swapped).then("left").otherwise("right"),
        )
        return ordered.sort("left", "right")

    def clusters(self, ids: pl.Series, order: Ints, label: Ints) -> pl.DataFrame:
        """The frame `Matching.clusters`: numbered from 1 in the order of the ids."""
        left, right = self.found.left, self.found.right
        together = label[left] == label[right]
        best, doubt = np.zeros(self.table.n), np.zeros(self.table.n)
        for side in (left, right):
            np.maximum.at(best, side[together], self.probability[together])
            np.maximum.at(doubt, side[~together], self.probability[~together])
        alone = np.bincount(label, minlength=self.table.n)[label] == 1
        sure = np.where(alone, 1 - doubt, best)
        _, first, inverse = np.unique(label[order], return_index=True, return_inverse=True)
        rank = np.empty(len(first), dtype=np.int64)
        rank[np.argsort(first)] = np.arange(1, len(first) + 1)
        return pl.DataFrame({"id": ids.gather(order), "cluster": rank[inverse], "confidence": sure[order]})


def _among(codes: Ints, decided: Ints) -> Bits:
    """Which codes a person has decided on; nearly always none."""
    return np.isin(codes, decided) if len(decided) else np.zeros(len(codes), dtype=bool)


def _check_ids(records: pl.DataFrame) -> None:
    if "id" not in records.columns:
        raise MatchingRefused("no_id")
    if missing := records["id"].null_count():
        raise MatchingRefused("empty_id", {"count": missing})
    if records["id"].n_unique() != len(records):
        raise MatchingRefused("repeated_id", {"id": records["id"].filter(records["id"].is_duplicated())[0]})


def _positions(ids: pl.Series, *decisions: Iterable[tuple[Any, Any]]) -> list[Ints]:
    """Each list of pairs of ids as sorted codes left × n + right in canonical positions."""
    lists = [list(pairs) for pairs in decisions]
    where = {value: at for at, value in enumerate(ids.to_list())} if any(lists) else {}
    result = []
    for pairs in lists:
        codes = set()
        for one, two in pairs:
            for value in (one, two):
                if value not in where:
                    raise MatchingRefused("unknown_id", {"id": value})
            a, b = sorted((where[one], where[two]))
            if a != b:
                codes.add(a * len(ids) + b)
        result.append(np.array(sorted(codes), dtype=np.int64))
    return result


def _with(n: int, left: Ints, right: Ints, codes: Ints) -> tuple[Ints, Ints]:
    """The candidate pairs and those that a person has decided: a decision must be seen by the join to be kept."""
    if not len(codes):
        return left, right
    every = np.union1d(left * np.int64(n) + right, codes)
    return every // n, every % n
