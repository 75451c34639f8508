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

from .chance import Chance, log_chance, others_on
from .compare import FIELDS, LEVELS, Compared, Levels, level
from .table import Bits, Floats, Table

SAMPLE = 60_000
ROUNDS = 8

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

# What agrees between two different people who share a phone or a plate. Few people on one number are often a
# family: the surname agrees and with it, in many families, the character of the generation, and the county. Many
# are colleagues at a station: their names agree by chance only.
_FAMILY = {
    "name": {
        "same_name": 0.004, "name_homophone": 0.006, "name_near_homophone": 0.003, "name_one_character": 0.08,
        "masked_name_agrees": 0.03, "name_character_lost": 0.01, "same_surname_only": 0.37,
        "name_surname_differs": 0.005, "different_name": 0.492,
    },
    "county": {"same_county": 0.8, "different_county": 0.2},
    "work": {
        "same_employer": 0.3, "similar_employer": 0.03, "same_industry_other_employer": 0.1,
        "different_work": 0.37, "same_industry": 0.1, "different_industry": 0.1,
    },
}  # fmt: skip
_CROWD = {
    "name": {
        "same_name": 0.001, "name_homophone": 0.001, "name_near_homophone": 0.001, "name_one_character": 0.006,
        "masked_name_agrees": 0.005, "name_character_lost": 0.002, "same_surname_only": 0.05,
        "name_surname_differs": 0.003, "different_name": 0.931,
    },
    "county": {"same_county": 0.7, "different_county": 0.3},
    "work": {
        "same_employer": 0.4, "similar_employer": 0.03, "same_industry_other_employer": 0.1,
        "different_work": 0.27, "same_industry": 0.15, "different_industry": 0.05,
    },
}  # fmt: skip
_SHARERS_WORTH = 300.0
_SHARING_WORTH = 200.0
_NUMBERS = {"same_phone": "phone", "same_plate": "plate", "same_id": "idno"}
# More people than this on one number are a crowd, not a family.
FAMILY_SIZE = 3
# How many strangers a record may share its phone, plate, id with, of those that nobody else is seen to use.
_SHARING = {"same_phone": 0.12, "same_plate": 0.15, "same_id": 0.003}


@dataclass(frozen=True)
class Model:
    """What was learned: `agree` = log m per field and level, `prior` = log odds that two random rows
    are one person.

    `sharers`: log P(level | two people with one phone or plate) per field, of families and of crowds. `sharing`: expected number of
    unseen strangers on one phone, plate, id.
    """

    prior: float
    agree: dict[str, Floats]
    sharers: tuple[dict[str, Floats], dict[str, Floats]]
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
        sharers=(_all_logs(_FAMILY), _all_logs(_CROWD)),
        sharing=np.array(list(_SHARING.values())),
    )


def _all_logs(shares: dict[str, dict[str, float]]) -> dict[str, Floats]:
    return {field: _logs(field, levels) for field, levels in shares.items()}


def sharers_of(chance: Chance, pairs: Compared) -> tuple[Bits, Bits]:
    """Which pairs have a phone or a plate in common, used by few people; and by a crowd."""
    phone, plate = pairs.of("phone"), pairs.of("plate")
    shared = (phone == 1) | (phone == 2) | (plate == 1)
    users = np.maximum(
        np.where(phone == 1, chance.phone_names[pairs.left], 0),
        np.where(plate == 1, chance.plate_names[pairs.left], 0),
    )
    return shared & (users <= FAMILY_SIZE), shared & (users > FAMILY_SIZE)


def field_weights(table: Table, chance: Chance, pairs: Compared, model: Model) -> Floats:
    """log(m / u) per field (rows in the order of FIELDS) and pair; 0 where a value is not given."""
    by_value = log_chance(table, chance, pairs, model.sharing)
    weights = -by_value
    for row, field in enumerate(FIELDS):
        weights[row] += model.agree[field][pairs.levels[row]]
    name = pairs.of("name")
    spelled = (name == 1) | (name == 2)
    related = _related(chance, pairs, by_value, model)
    for shared, sharers in zip(sharers_of(chance, pairs), model.sharers, strict=True):
        at = np.flatnonzero(shared)
        share = related[at]
        for field, shares in sharers.items():
            row, levels = FIELDS.index(field), pairs.of(field)[at]
            # A name that agrees in full has the chance of the name itself on top of the family's.
            rest = np.where(spelled[at], 1.0, 1 - share) if field == "name" else 1 - share
            own = np.where(spelled[at], share * 0.25, share) if field == "name" else share
            strangers = np.logaddexp(
                by_value[row, at] + np.log(rest + 1e-12), shares[levels] + np.log(own + 1e-12)
            )
            weights[row, at] = np.where(levels > 0, model.agree[field][levels] - strangers, 0.0)
    return weights


def _related(chance: Chance, pairs: Compared, by_value: Floats, model: Model) -> Floats:
    """How likely two strangers on one number have to do with each other. Masked numbers also agree by accident."""
    masked = (pairs.of("phone") == level("phone", "masked_phone_agrees")) & (pairs.of("plate") != 1)
    accident = np.exp(by_value[FIELDS.index("phone")])
    return np.where(masked, np.minimum(model.sharing[0] / chance.n / accident, 1.0), 1.0)


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
    shared = sharers_of(chance, sample)
    users = {"same_phone": chance.phone_names, "same_plate": chance.plate_names, "same_id": chance.id_names}
    alone = {
        code: (sample.of(_NUMBERS[code]) == 1) & (others_on(names, sample) == 0)
        for code, names in users.items()
    }
    for _ in range(ROUNDS):
        same = confidence(field_weights(table, chance, sample, model), model)
        model = _update(table.n, sample, same, shared, alone, float(step))
    return model


def _update(
    n: int, pairs: Compared, same: Floats, shared: tuple[Bits, Bits], alone: dict[str, Bits], scale: float
) -> Model:
    agree = {}
    for field, (worth, shares) in _PRIOR.items():
        agree[field] = _posterior(field, pairs.of(field), same * scale, worth, shares)
    sharers = tuple(
        {
            field: _posterior(
                field, pairs.of(field), np.where(where, 1 - same, 0.0) * scale, _SHARERS_WORTH, shares
            )
            for field, shares in prior.items()
        }
        for where, prior in zip(shared, (_FAMILY, _CROWD), strict=True)
    )
    found = float(same.sum()) * scale
    # n rows hold `found` pairs; 100 imagined rows hold 100 of them.
    prior = np.log((found + 100.0) / ((n + 100.0) * max(n, 30)) * 2.0)
    return Model(
        prior=float(prior), agree=agree,
        sharers=(sharers[0], sharers[1]),
        sharing=_sharing(same * scale, alone, float(np.exp(prior)) * max(n, 30), agree, scale),
    )  # fmt: skip


def _sharing(
    same: Floats, alone: dict[str, Bits], rows: float, agree: dict[str, Floats], scale: float
) -> Floats:
    """Strangers per record on one phone, plate, id, learned from the numbers that no third name stands on.

    `rows`: further rows of the same person that a record has on average. On such numbers strangers stand to own
    rows as the pairs found apart stand to the pairs found to be one person.
    """
    result = []
    for code, usual in _SHARING.items():
        field = _NUMBERS[code]
        own = rows * float(np.exp(agree[field][level(field, code)]))
        joined = float(same[alone[code]].sum()) + _SHARING_WORTH
        apart = float((scale - same[alone[code]]).sum()) + _SHARING_WORTH * usual / max(own, 0.05)
        result.append(own * apart / joined)
    strangers: Floats = np.clip(np.array(result), 1e-4, 2.0)
    return strangers


def _posterior(field: str, levels: Levels, weight: Floats, worth: float, shares: dict[str, float]) -> Floats:
    counts = np.bincount(levels, weights=weight, minlength=len(LEVELS[field]))
    total = counts[1:].sum() + worth
    return _logs(field, {
        code: (counts[level(field, code)] + worth * share) / total for code, share in shares.items()
    })  # fmt: skip
