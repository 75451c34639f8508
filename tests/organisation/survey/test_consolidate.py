"""From source rows to the ledger."""

from datetime import date

import pytest

from nuanxin.foundation.facts.models import Fact
from nuanxin.organisation.survey.actions.consolidate import consolidate
from nuanxin.organisation.survey.actions.rounds import close_round
from nuanxin.organisation.survey.enums import Party
from nuanxin.organisation.survey.models import Pair, Source, Standing
from nuanxin.registry.people.actions import leave
from nuanxin.registry.people.models import Consent, Engagement, PartyDeclaration, Worker
from tests.cast import COMMUNITY, COUNTY, SISTER_STREET, STREET, area
from tests.organisation.survey.roster import (
    LI,
    TODAY,
    WANG,
    WANG_AGAIN,
    canvass,
    people,
    roster,
    undo,
    worker_of,
)

pytestmark = pytest.mark.django_db


def test_two_rosters_name_one_person_once():
    post = roster(WANG, LI)
    platform = roster(WANG_AGAIN, kind="platform")
    outcome = consolidate(area=COUNTY, by=None)
    assert (outcome.rows, outcome.people, outcome.new) == (3, 2, 2)
    assert worker_of(post).pk == worker_of(platform).pk != worker_of(post, 3).pk


def test_a_second_run_changes_nothing():
    roster(WANG, LI)
    consolidate(area=COUNTY, by=None)
    before = list(Worker.objects.order_by("pk").values())
    outcome = consolidate(area=COUNTY, by=None)
    assert (outcome.new, outcome.changed) == (0, 0)
    assert list(Worker.objects.order_by("pk").values()) == before


def test_two_platforms_are_two_engagements_of_one_person():
    roster({**WANG, "employer": "长沙云帆快递有限公司"})
    roster({**WANG, "employer": "长沙星沙餐饮配送有限公司"}, kind="platform", sector="delivery")
    consolidate(area=COUNTY, by=None)
    assert people() == 1
    assert sorted(Engagement.objects.values_list("sector", flat=True)) == ["courier", "delivery"]


def test_a_whole_number_replaces_a_masked_one_and_never_the_other_way_round():
    roster({"name": "王志强", "phone": "138****0001", "idno": WANG["idno"]})
    first = roster(WANG)
    consolidate(area=COUNTY, by=None)
    assert people() == 1
    assert worker_of(first).phone_index is not None


def test_the_community_knows_the_finest_place():
    area(COMMUNITY)
    roster(WANG, at=COUNTY)
    found = roster({**WANG, "area": COMMUNITY}, kind="community", at=STREET)
    consolidate(area=COUNTY, by=None)
    assert worker_of(found).area_id == COMMUNITY


def test_an_undone_import_takes_its_people_along_and_leaves_the_others():
    stays = roster(LI)
    goes = roster(WANG, {**LI, "phone": "13873109999"})
    consolidate(area=COUNTY, by=None)
    undo(goes)
    consolidate(area=COUNTY, by=None)
    assert people() == 1
    assert worker_of(stays).name == "李红梅"
    assert Source.objects.count() == 1


def test_siblings_on_one_phone_stay_two_people():
    roster(WANG, {"name": "王志明", "phone": WANG["phone"], "idno": "430121199505058217"})
    consolidate(area=COUNTY, by=None)
    assert people() == 2


def test_doubtful_pairs_are_asked_once_for_two_persons():
    roster({"name": "王志强", "phone": "13873100001", "employer": "甲", "area": COUNTY})
    roster({"name": "王志墙", "phone": "13873100001", "employer": "乙"}, kind="community")
    consolidate(area=COUNTY, by=None)
    asked = Pair.objects.filter(state="open").count()
    consolidate(area=COUNTY, by=None)
    assert people() == 2 - (asked == 0)
    assert Pair.objects.filter(state="open").count() == asked
    assert Worker.objects.filter(doubtful=True).count() == 2 * asked


def test_membership_is_only_kept_with_consent_and_never_again_once_withdrawn():
    roster({**WANG, "political": "full", "consent": True}, {**LI, "political": "full"})
    consolidate(area=COUNTY, by=None)
    declaration = PartyDeclaration.objects.get()
    assert declaration.worker.name == "王志强"
    assert Consent.objects.count() == 1
    PartyDeclaration.objects.update(withdrawn_on=TODAY)
    roster({**WANG, "political": "full", "consent": True})
    consolidate(area=COUNTY, by=None)
    assert PartyDeclaration.objects.filter(withdrawn_on=None).count() == 0


def test_new_stayed_moved_and_left_against_the_round_before():
    autumn = canvass(date(2026, 8, 20))
    area(STREET)
    zhao = {"name": "赵亮", "phone": "13873100003", "idno": "430121199001011234"}
    roster(WANG, LI, zhao, of=autumn, as_of=date(2026, 8, 20))
    close_round(round_id=autumn.pk, by=None)
    winter = canvass(TODAY)
    sun = {"name": "孙梅", "phone": "13873100004"}
    roster(WANG, {**LI, "area": STREET}, sun, of=winter)
    consolidate(area=COUNTY, by=None)
    changes = dict(Standing.objects.filter(round=winter).values_list("worker__name", "change"))
    assert changes == {"王志强": "stayed", "李红梅": "stayed", "赵亮": "left", "孙梅": "new"}
    close_round(round_id=winter.pk, by=None)
    assert Worker.objects.get(name="赵亮").status == "left"
    assert Engagement.objects.get(worker__name="赵亮").valid_to == winter.ends_on


def test_who_named_a_person_is_kept_as_three_bits():
    roster(WANG)
    roster(WANG, kind="platform")
    roster(WANG, kind="community")
    consolidate(area=COUNTY, by=None)
    assert Standing.objects.get().parties == 7


def test_a_bulk_change_is_one_fact_for_each_area_and_sector():
    area(STREET)
    roster(WANG, LI, {"name": "赵亮", "phone": "13873100003", "area": STREET})
    consolidate(area=COUNTY, by=7)
    facts = Fact.objects.filter(kind="people.worker.registered").order_by("area")
    assert [(f.area, f.sector, f.quantity, f.actor) for f in facts] == [
        (COUNTY, "courier", 2, 7),
        (STREET, "courier", 1, 7),
    ]


def test_what_a_person_corrected_is_held_against_later_rosters():
    first = roster(WANG)
    consolidate(area=COUNTY, by=None)
    Worker.objects.update(name="王智强", held=["name"])
    roster({**WANG, "education": "大专"})
    consolidate(area=COUNTY, by=None)
    found = worker_of(first)
    assert (found.name, found.education) == ("王智强", "大专")


def test_namesakes_born_in_other_months_are_not_asked_about():
    roster({"name": "王志强", "phone": "13873100001", "birth": "1990-03"}, sector="courier")
    roster({"name": "王志强", "phone": "13873100077", "birth": "1985-11"}, kind="community", sector="courier")
    consolidate(area=COUNTY, by=None)
    assert people() == 2
    assert not Pair.objects.filter(state="open").exists()


def test_a_person_who_was_written_off_by_hand_comes_back_only_with_a_later_roster():
    first = roster(WANG, as_of=date(2026, 11, 1))
    consolidate(area=COUNTY, by=None)
    leave(worker_id=worker_of(first).pk, by=None, on=date(2026, 11, 5))
    consolidate(area=COUNTY, by=None)
    assert worker_of(first).status == "left"
    assert Engagement.objects.get().valid_to == date(2026, 11, 5)
    roster(WANG, as_of=date(2026, 11, 10))
    consolidate(area=COUNTY, by=None)
    assert worker_of(first).status == "active"
    assert Engagement.objects.get().valid_to is None


def test_only_offices_that_speak_of_such_people_are_missed():
    area(COMMUNITY)
    area(SISTER_STREET)
    here, elsewhere = {**WANG, "area": COMMUNITY, "platform": "sf"}, {**LI, "area": SISTER_STREET, "platform": "zto"}
    roster(here, elsewhere)
    roster({"name": "赵亮", "phone": "13873100003", "platform": "sf"}, kind="platform")
    roster({"name": "孙梅", "phone": "13873100004", "area": COMMUNITY}, kind="community", at=STREET, sector="delivery")
    consolidate(area=COUNTY, by=None)
    missing = dict(Standing.objects.values_list("worker__name", "missing"))
    assert missing == {
        "王志强": Party.PLATFORM | Party.COMMUNITY,  # 顺丰 and the street sent lists, and did not name him
        "李红梅": 0,  # nobody sent a list of 中通 or of her street
        "赵亮": Party.DEPARTMENT,
        "孙梅": 0,  # the department sent couriers only
    }
