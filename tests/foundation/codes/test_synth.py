import random
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from nuanxin.foundation.codes import synth
from nuanxin.foundation.codes.rules import (
    birth_date,
    parse_credit_code,
    parse_mobile,
    parse_plate,
    parse_resident_id,
    sex,
)


@given(st.integers(0, 2**32), st.dates(date(1950, 1, 1), date(2008, 1, 1)), st.sampled_from("MF"))
def test_invented_codes_pass_every_check(seed, birth, gender):
    rng = random.Random(seed)
    number = parse_resident_id(synth.fake_id(rng, "430121", birth, gender), today=date(2026, 11, 22))
    assert (birth_date(number), sex(number)) == (birth, gender)
    assert parse_credit_code(synth.fake_credit_code(rng, "430121"))
    assert parse_mobile(synth.fake_mobile(rng))
    assert parse_plate(synth.fake_plate(rng, "湘A"))


def test_the_same_seed_gives_the_same_codes():
    def codes(seed):
        rng = random.Random(seed)
        return synth.fake_mobile(rng), synth.fake_plate(rng, "湘A"), synth.fake_credit_code(rng, "430121")

    assert codes(7) == codes(7) != codes(8)
