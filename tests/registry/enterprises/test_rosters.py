"""What rosters say of firms: made once, brought up to date, taken back."""

from datetime import date
from uuid import UUID

import pytest

from nuanxin.foundation.facts.models import Fact
from nuanxin.foundation.vault.queries import keyring
from nuanxin.registry.enterprises.actions.records import change_enterprise, close_enterprise
from nuanxin.registry.enterprises.actions.rosters import upsert_enterprises
from nuanxin.registry.enterprises.actions.versions import remove_origin
from nuanxin.registry.enterprises.enums import EnterpriseFact
from nuanxin.registry.enterprises.models import Enterprise, EnterpriseVersion
from tests.cast import COMMUNITY, COUNTY, OTHER_STREET, STREET, area

pytestmark = pytest.mark.django_db
JULY, OCTOBER = date(2026, 7, 1), date(2026, 10, 1)
CODE, OTHER_CODE = "91430511MA4TEAT09M", "91440300708461136T"


@pytest.fixture(autouse=True)
def places():
    for code in (COMMUNITY, OTHER_STREET):
        area(code)


def row(name="长沙蜂鸟配送有限公司", **more):
    return {"name": name, "area": COMMUNITY, "sector": "delivery"} | more


def upsert(*rows, on=JULY, origin="upload:1"):
    return upsert_enterprises(rows, on=on, by=None, origin=origin)


def current(enterprise: UUID) -> EnterpriseVersion:
    return EnterpriseVersion.objects.get(enterprise_id=enterprise, valid_to=None)


def test_a_new_firm_is_found_by_its_characters_and_pinyin():
    [firm] = upsert(row(credit_code=CODE))
    version = current(firm)
    assert (version.initials, "鸟" in version.chars) == ("csfnpsyxgs", True)
    assert Enterprise.objects.get(pk=firm).credit_code == CODE


def test_the_same_roster_again_makes_no_version():
    first = upsert(row(phone="13800001234"), row("第二家"))
    assert upsert(row(phone="13800001234"), row("第二家"), on=OCTOBER, origin="upload:2") == first
    assert EnterpriseVersion.objects.count() == 2


def test_the_same_name_in_brackets_of_another_kind_is_the_same_firm_within_the_county():
    [one] = upsert(row("蜂鸟（星沙）站"))
    [same] = upsert(row("蜂鸟(星沙) 站", area=STREET), origin="upload:2")
    [elsewhere] = upsert(row("蜂鸟（星沙）站", area=OTHER_STREET), origin="upload:3")
    assert one == same != elsewhere


def test_two_credit_codes_are_two_firms_whatever_the_name():
    assert len(set(upsert(row(credit_code=CODE), row(credit_code=OTHER_CODE)))) == 2


def test_a_firm_without_code_takes_the_code_that_a_later_row_brings():
    [firm] = upsert(row())
    assert upsert(row(credit_code=CODE), row("改了名字", credit_code=CODE), origin="upload:2") == [firm, firm]
    assert Enterprise.objects.get().credit_code == CODE


def test_a_change_closes_the_version_before_and_keeps_what_is_not_said():
    [firm] = upsert(row(staff_full=10, principal="张三"))
    upsert(row(staff_full=12, principal=""), on=OCTOBER, origin="upload:2")
    old, new = EnterpriseVersion.objects.filter(enterprise_id=firm)
    assert (old.valid_from, old.valid_to, old.staff_full) == (JULY, OCTOBER, 10)
    assert (new.valid_to, new.staff_full, new.principal) == (None, 12, "张三")


def test_a_masked_phone_replaces_nothing():
    [firm] = upsert(row(phone="13800001234"))
    upsert(row(phone="138****1234", staff_full=1), on=OCTOBER, origin="upload:2")
    assert keyring().open("enterprise.phone", current(firm).phone) == "13800001234"


def test_what_was_set_by_hand_stays():
    [firm] = upsert(row(principal="张三"))
    change_enterprise(by=1, enterprise=firm, valid_from=JULY, changes={"principal": "李四"})
    upsert(row(principal="张三", staff_full=3), on=OCTOBER, origin="upload:2")
    assert (current(firm).principal, current(firm).staff_full) == ("李四", 3)


def test_a_firm_closed_by_hand_is_not_reopened_by_a_roster():
    [firm] = upsert(row())
    close_enterprise(by=1, enterprise=firm, on=JULY)
    upsert(row(staff_full=3), on=OCTOBER, origin="upload:2")
    assert current(firm).status == "closed"


def test_an_older_roster_read_late_comes_before_what_is_known():
    [firm] = upsert(row(staff_full=12), on=OCTOBER)
    upsert(row(staff_full=10), on=JULY, origin="upload:2")
    days = EnterpriseVersion.objects.filter(enterprise_id=firm).values_list(
        "valid_from", "valid_to", "staff_full"
    )
    assert list(days) == [(JULY, OCTOBER, 10), (OCTOBER, None, 12)]


def test_undo_brings_the_version_before_back_and_removes_what_the_import_made():
    [firm] = upsert(row(staff_full=10))
    upsert(row(staff_full=12), row("只在第二份里"), on=JULY, origin="upload:2")
    assert remove_origin("upload:2", by=1) == 2
    assert current(firm).staff_full == 10
    assert Enterprise.objects.count() == 1


def test_undo_leaves_a_later_version_made_by_hand():
    [firm] = upsert(row(staff_full=10))
    upsert(row(staff_full=12), on=JULY, origin="upload:2")
    change_enterprise(by=1, enterprise=firm, valid_from=OCTOBER, changes={"staff_full": 14})
    remove_origin("upload:2")
    days = EnterpriseVersion.objects.filter(enterprise_id=firm).values_list(
        "valid_from", "valid_to", "staff_full"
    )
    assert list(days) == [(JULY, OCTOBER, 10), (OCTOBER, None, 14)]


def test_facts_by_area_and_sector_with_quantity():
    upsert(row(), row("乙"), row("丙", sector="courier"))
    found = Fact.objects.filter(kind=EnterpriseFact.REGISTERED).values_list("sector", "quantity")
    assert sorted(found) == [("courier", 1), ("delivery", 2)]


def test_thousands_of_firms_in_few_statements(django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        upsert(*(row(f"企业{n}号") for n in range(3000)))


def test_a_wider_place_and_the_sector_other_say_less_than_what_is_known():
    [firm] = upsert(row(area=STREET), row(area=COMMUNITY))[:1]
    upsert(row(area=COUNTY, sector="other"), on=OCTOBER, origin="upload:2")
    assert (current(firm).area_id, current(firm).sector) == (COMMUNITY, "delivery")


def test_a_masked_credit_code_is_none():
    assert len(set(upsert(row(credit_code=CODE), row(credit_code="9143**********T09M")))) == 1
