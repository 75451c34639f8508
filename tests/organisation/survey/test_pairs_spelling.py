"""What of two spellings is marked, and what of a number is seen."""

import pytest

from nuanxin.foundation.codes.rules import mask_id, mask_phone
from nuanxin.organisation.survey.rules.spelling import numbers_side_by_side, side_by_side


def marked(pieces):
    return "".join(f"[{p.text}]" if p.differs else p.text for p in pieces)


@pytest.mark.parametrize(
    ("left", "right", "shown"),
    [
        ("陈晓明", "陈小明", ("陈[晓]明", "陈[小]明")),
        ("王志强", "王志强", ("王志强", "王志强")),
        ("李红", "李红梅", ("李红", "李红[梅]")),
        ("李红", "赵军", ("[李红]", "[赵军]")),
        ("", "李红", ("", "李红")),
        ("长沙云帆快递有限公司", "长沙云帆快递公司", ("长沙云帆快递[有限]公司", "长沙云帆快递公司")),
    ],
)
def test_texts(left, right, shown):
    assert tuple(map(marked, side_by_side(left, right))) == shown


@pytest.mark.parametrize(
    ("left", "right", "shown"),
    [
        ("13873100001", "13873100001", ("138****0001", "138****0001")),
        ("13873100001", "13873900001", ("138**[1]*0001", "138**[9]*0001")),
        ("13873100001", "13973100001", ("13[8]****0001", "13[9]****0001")),
        ("13873100001", "15012345678", ("[138****0001]", "[150****5678]")),
        ("138****0001", "13873100001", ("138****0001", "138****0001")),
        ("138****0002", "13873100001", ("138****000[2]", "138****000[1]")),
        ("", "13873100001", ("", "138****0001")),
    ],
)
def test_phones(left, right, shown):
    assert tuple(map(marked, numbers_side_by_side(left, right, mask_phone))) == shown


def test_of_two_ids_no_more_than_the_two_differing_digits_are_seen():
    one, two = numbers_side_by_side("430121198507128935", "430121198507128971", mask_id)
    assert marked(one) == "4301**********89[35]" and marked(two) == "4301**********89[71]"
