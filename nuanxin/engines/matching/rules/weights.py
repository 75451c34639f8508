"""The model: how likely is it that two records are one person (Fellegi & Sunter 1969, without labelled
pairs).

    odds = prior × Π over fields  P(level | same person) / P(level | two people)
 The lower part comes from `chance`, pair by pair. The upper part (m) and two habits of the file are
learned from the file itself by expectation–maximisation: how often the rows repeat people, and how
often people share a phone, a plate, an id number. Everything learned starts from prior counts (a few
hundred imagined pairs), so a small roster stays near the prior and a large one near itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .chance import Chance, log_chance
from .compare import FIELDS, LEVELS, Compared, Levels, level
from .table import Bits, Floats, Table

SAMPLE = 200_000
ROUNDS = 10

# P(level | same person) before the file is seen, and in how many pairs that belief is worth.
_PRIOR: dict[str, tuple[float, dict[str, float]]] = {
    "name": (400, {
        "same_name": 0.88, "name_homophone": 0.035, "name_near_homophone": 0.008, "name_one_character": 0.035,
        "masked_name_agrees": 0.015, "name_character_lost": 0.01, "same_surname_only": 0.01,
        "name_surname_differs": 0.004, "different_name": 0.01,
    }),
    "idno": (400, {
        "same_id": 0.6, "masked_id_agrees": 0.34, "id_one_digit_off": 0.025, "id_two_digits_off": 0.003,
        "same_birthdate_only": 0.002, "different_id_one_invalid": 0.005, "different_id": 0.01,
        "masked_id_disagrees": 0.015, "different_birthdate": 0.005,
    }),
    "phone": (400, {
        "same_phone": 0.62, "masked_phone_agrees": 0.2, "phone_one_digit_off": 0.02, "different_phone": 0.12,
        "masked_phone_disagrees": 0.04,
    }),
    "plate": (200, {"same_plate": 0.82, "plate_one_character_off": 0.03, "different_plate": 0.15}),
    "work": (200, {
        "same_employer": 0.6, "similar_employer": 0.05, "same_industry_other_employer": 0.08,
        "different_work": 0.12, "same_industry": 0.12, "different_industry": 0.03,
    }),
    "county": (200, {"same_county": 0.9, "different_county": 0.1}),
    "source": (400, {"same_source": 0.2, "different_source": 0.8}),
}  # fmt: skip

# Levels of a name between two different people who share a phone or a plate: often a family, so the
# surname agrees and with it, in many families, the character of the generation.
_SHARERS = {
    "same_name": 0.004, "name_homophone": 0.006, "name_near_homophone": 0.003, "name_one_character": 0.08,
    "masked_name_agrees": 0.03, "name_character_lost": 0.01, "same_surname_only": 0.37, "name_surname_differs": 0.005,
    "different_name": 0.492,
}  # fmt: skip
# How many strangers a record may share its phone, plate, id with, of those that nobody else is seen to use.
_SHARING = {"same_phone": 0.12, "same_plate": 0.15, "same_id": 0.003}
_SHARING_WORTH = 200.0


@dataclass(frozen=True)
class Model:
    """What was learned: `agree` = log m per field and level, `prior` = log odds that two random rows
    are one person.

    `sharers`: log P(name level | two people with one phone or plate). `sharing`: expected number of
    unseen strangers on one phone, plate, id.
    """

    prior: float
    agree: dict[str, Floats]
    sharers: Floats
    sharing: Floats


def _logs(field: str, shares: dict[str, float]) -> Floats:
    result = np.zeros(len(LEVELS[field]))
    for code, share in shares.items():
        result[level(field, code)] = np.log(share)
    return result


def start(n: int) -> Model:
    """The model before a file of `n` records is seen: one other row per record is taken to be the same person."""
    return Model(
        prior=-np.log(max(n, 30)),
        agree={field: _logs(field, shares) for field, (_, shares) in _PRIOR.items()},
        sharers=_logs("name", _SHARERS),
        sharing=np.array(list(_SHARING.values())),
    )


def on_one_number(pairs: Compared) -> Bits:
    """Whether the pair has a phone or a plate in common."""
    phone = pairs.of("phone")
    shared: Bits = ((phone == 1) | (phone == 2)) | (pairs.of("plate") == 1)
    return shared


def field_weights(table: Table, chance: Chance, pairs: Compared, model: Model) -> Floats:
    """log(m / u) per field (rows in the order of FIELDS) and pair; 0 where a value is not given."""
    weights = -log_chance(table, chance, pairs, model.sharing)
    for row, field in enumerate(FIELDS):
        weights[row] += model.agree[field][pairs.levels[row]]
    name = pairs.of("name")
    spelled = (name >= 1) & (name <= 2)
    shared = on_one_number(pairs) & (name > 0)
    # Among sharers a name that agrees has the chance of the name itself on top of the family's.
    family = model.sharers[name[shared]]
    by_value = model.agree["name"][name[shared]] - weights[0, shared]
    strangers = np.where(spelled[shared], np.logaddexp(by_value, family + np.log(0.25)), family)
    weights[0, shared] = model.agree["name"][name[shared]] - strangers
    return weights


def confidence(weights: Floats, model: Model) -> Floats:
    """The probability of one person for each pair, from the weights of its fields."""
    odds = np.clip(weights.sum(axis=0) + model.prior, -40.0, 40.0)
    result: Floats = 1.0 / (1.0 + np.exp(-odds))
    return result


def learn(table: Table, chance: Chance, pairs: Compared) -> Model:
    """Fit the model to the candidate pairs (of many, to every k-th: the pairs are in canonical order)."""
    model = start(table.n)
    step = max(1, -(-len(pairs.left) // SAMPLE))
    sample = pairs.take(np.arange(0, len(pairs.left), step)) if step > 1 else pairs
    shared = on_one_number(sample)
    for _ in range(ROUNDS):
        same = confidence(field_weights(table, chance, sample, model), model)
        model = _update(table.n, sample, same, shared, float(step))
    return model


def _update(n: int, pairs: Compared, same: Floats, shared: Bits, scale: float) -> Model:
    agree = {}
    for field, (worth, shares) in _PRIOR.items():
        agree[field] = _posterior(field, pairs.of(field), same * scale, worth, shares)
    apart = np.where(shared, 1 - same, 0.0) * scale
    found = float(same.sum()) * scale
    # n rows hold `found` pairs; 100 imagined rows hold 100 of them.
    prior = np.log((found + 100.0) / ((n + 100.0) * max(n, 30)) * 2.0)
    return Model(
        prior=float(prior), agree=agree,
        sharers=_posterior("name", pairs.of("name"), apart, 300.0, _SHARERS),
        sharing=np.array(list(_SHARING.values())),
    )  # fmt: skip


def _posterior(field: str, levels: Levels, weight: Floats, worth: float, shares: dict[str, float]) -> Floats:
    counts = np.bincount(levels, weights=weight, minlength=len(LEVELS[field]))
    total = counts[1:].sum() + worth
    return _logs(field, {
        code: (counts[level(field, code)] + worth * share) / total for code, share in shares.items()
    })  # fmt: skip
