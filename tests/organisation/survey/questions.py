"""Open questions of the review queue, made from rosters by the ordinary consolidation."""

from typing import Any

from nuanxin.organisation.survey.actions.consolidate import consolidate
from nuanxin.organisation.survey.models import Pair
from tests.cast import COUNTY
from tests.organisation.survey.roster import roster

ONE = {"name": "刘建国", "idno": "430121198507128935", "phone": "13873100011"}
OTHER = {"name": "刘建国", "idno": "430121198507128971", "phone": "13873100011"}  # two digits, valid both


def asked(one: dict[str, Any] = ONE, other: dict[str, Any] = OTHER, *, confidence: float = 0.9) -> Pair:
    """Two rosters with a person each, of whom the queue asks."""
    first, second = roster(one), roster(other, kind="platform")
    consolidate(area=COUNTY, by=None)
    left, right = first.rows.get().pk, second.rows.get().pk
    pair, _new = Pair.objects.get_or_create(
        left_id=left, right_id=right,
        defaults={"area_id": COUNTY, "sector": "courier", "confidence": confidence, "reasons": ["same_name", "same_phone"]},
    )  # fmt: skip
    return pair
