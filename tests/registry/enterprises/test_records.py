"""One enterprise by hand, its owners, its page as of any day."""

from datetime import date
from types import SimpleNamespace as Row

import pytest

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.facts.models import Fact
from nuanxin.registry.enterprises import actions
from nuanxin.registry.enterprises.actions import EnterpriseRefused
from nuanxin.registry.enterprises.enums import EnterpriseFact, LinkKind
from nuanxin.registry.enterprises.models import Enterprise, EnterpriseVersion
from nuanxin.registry.enterprises.queries.dossier import dossier
from nuanxin.registry.enterprises.queries.ledger import enterprises, search
from nuanxin.registry.enterprises.rules import owners, parse_record_key, record_key
from nuanxin.registry.people.models import Engagement
from tests.cast import COMMUNITY, COUNTY, OTHER_COUNTY, SISTER_STREET, STREET, area, holder, scope, unit
from tests.registry.people.people import worker

JULY, AUGUST, OCTOBER = date(2026, 7, 1), date(2026, 8, 1), date(2026, 10, 1)
CODE = "91430511MA4TEAT09M"


def register(name="长沙蜂鸟配送有限公司", on=JULY, **more):
    area(COMMUNITY)
    return actions.register_enterprise(
        by=1, on=on, **{"name": name, "area": COMMUNITY, "sector": "delivery"} | more
    )


@pytest.fixture
def viewer(db):
    return scope(holder([Permission.ENTERPRISES_VIEW]))


@pytest.mark.django_db
class TestHand:
    def test_a_change_is_a_version_and_a_fact(self, viewer):
        firm = register(staff_full=3)
        assert actions.change_enterprise(
            by=1, enterprise=firm.pk, valid_from=OCTOBER, changes={"staff_full": 5}
        )
        days = EnterpriseVersion.objects.values_list("valid_from", "valid_to", "staff_full")
        assert list(days) == [(JULY, OCTOBER, 3), (OCTOBER, None, 5)]
        assert Fact.objects.get(kind=EnterpriseFact.CHANGED).detail["columns"] == ["staff_full"]

    def test_no_change_is_no_version(self):
        firm = register(staff_full=3, phone="13800001234")
        changes = {"staff_full": 3, "name": " 长沙蜂鸟配送有限公司", "phone": "138 0000 1234"}
        assert not actions.change_enterprise(by=1, enterprise=firm.pk, valid_from=OCTOBER, changes=changes)
        assert EnterpriseVersion.objects.count() == 1

    def test_a_change_on_the_same_day_replaces_and_is_still_a_fact(self, viewer):
        firm = register(staff_full=3)
        actions.change_enterprise(by=1, enterprise=firm.pk, valid_from=JULY, changes={"staff_full": 5})
        assert [v.staff_full for v in enterprises(viewer, on=JULY)] == [5]
        assert Fact.objects.filter(kind=EnterpriseFact.CHANGED).count() == 1

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"name": " "}, "name"),
            ({"phone": "12345678901"}, "phone"),
            ({"sector": "banking"}, "sector"),
            ({"credit_code": "91430511MA4TEAT09N"}, "credit_code"),
        ],
    )
    def test_a_wrong_value_names_its_field(self, changes, field):
        firm = register()
        with pytest.raises(EnterpriseRefused) as refused:
            actions.change_enterprise(by=1, enterprise=firm.pk, valid_from=OCTOBER, changes=changes)
        assert (refused.value.field, str(refused.value) != "") == (field, True)

    def test_a_credit_code_stands_for_one_firm(self):
        register(credit_code=CODE)
        with pytest.raises(EnterpriseRefused, match="蜂鸟"):
            register("另一家", credit_code=CODE)

    def test_closed_from_a_day_on(self, viewer):
        firm = register()
        assert actions.close_enterprise(by=1, enterprise=firm.pk, on=OCTOBER)
        assert not actions.close_enterprise(by=1, enterprise=firm.pk, on=OCTOBER)
        assert [enterprises(viewer, on=d).get().status for d in (AUGUST, OCTOBER)] == ["active", "closed"]

    def test_merged_firms_are_one_with_all_that_hung_on_them(self, viewer):
        keep, gone, third = (
            register("甲", principal=""),
            register("甲公司", principal="张三", credit_code=CODE),
            register("丙"),
        )
        row = worker()
        Engagement.objects.filter(worker=row).update(enterprise=gone)
        actions.add_site(by=1, enterprise=gone.pk, name="一站", area=COMMUNITY, on=JULY)
        actions.link_enterprises(by=1, head=third.pk, member=gone.pk, kind=LinkKind.FRANCHISE, on=JULY)
        actions.merge_enterprises(by=1, keep=keep.pk, gone=gone.pk, on=OCTOBER)
        page = dossier(viewer, keep.pk, on=OCTOBER)
        assert (page.version.principal, page.people, page.sites[0].name) == ("张三", 1, "一站")
        assert [name for _link, name in page.links_up] == ["丙"]
        assert Enterprise.objects.get(credit_code=CODE) == keep
        assert {v.name for v in enterprises(viewer)} == {"甲", "丙"}

    def test_linked_once(self):
        head, member = register("甲"), register("乙")
        actions.link_enterprises(by=1, head=head.pk, member=member.pk, kind=LinkKind.PARTNER, on=JULY)
        with pytest.raises(EnterpriseRefused):
            actions.link_enterprises(by=1, head=head.pk, member=member.pk, kind=LinkKind.PARTNER, on=JULY)


@pytest.mark.django_db
class TestDossier:
    def test_as_of_a_day(self, viewer):
        firm = register(staff_full=3)
        actions.change_enterprise(by=1, enterprise=firm.pk, valid_from=OCTOBER, changes={"staff_full": 5})
        assert [dossier(viewer, firm.pk, on=d).version.staff_full for d in (AUGUST, OCTOBER)] == [3, 5]
        assert dossier(viewer, firm.pk, on=date(2020, 1, 1)).version is None

    def test_outside_the_scope_it_does_not_exist(self):
        firm = register()
        with pytest.raises(Enterprise.DoesNotExist):
            dossier(scope(holder([Permission.ENTERPRISES_VIEW], OTHER_COUNTY)), firm.pk)

    def test_the_history_says_what_changed_and_who_did_it(self, viewer):
        who = holder([Permission.ENTERPRISES_EDIT])
        firm = register(staff_full=3)
        actions.change_enterprise(
            by=who.pk, enterprise=firm.pk, valid_from=OCTOBER, changes={"staff_full": 5}
        )
        entry = dossier(viewer, firm.pk).history[0]
        assert (entry.who, [(d.label, d.before, d.after) for d in entry.differences]) == (
            who.name,
            [("全职", "3", "5")],
        )

    def test_the_number_of_queries_does_not_grow(self, viewer, django_assert_num_queries):
        firm = register()
        for n in range(6):
            actions.change_enterprise(
                by=1, enterprise=firm.pk, valid_from=date(2026, 8, n + 1), changes={"staff_full": n}
            )
            actions.add_site(by=1, enterprise=firm.pk, name=f"{n}站", area=COMMUNITY, on=JULY)
            other = register(f"企业{n}")
            actions.link_enterprises(by=1, head=firm.pk, member=other.pk, kind=LinkKind.PARTNER, on=JULY)
        with django_assert_num_queries(11):
            dossier(viewer, firm.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["鸟", "蜂鸟", "csfn", "fnps", "fengniao", CODE, "13800001234", "公司"])
def test_found(viewer, text):
    register(credit_code=CODE, phone="13800001234")
    assert search(enterprises(viewer), text).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["鸟蜂", "xyz", "13800001235"])
def test_not_found(viewer, text):
    register(phone="13800001234")
    assert search(enterprises(viewer), text).count() == 0


def office(pk, kind, at, *sectors):
    return Row(id=pk, kind=kind, area_id=at, sectors=list(sectors))


UNITS = [
    office(1, "department", COUNTY, "courier"),
    office(2, "department", OTHER_COUNTY, "delivery"),
    office(3, "street", STREET),
    office(4, "community", COMMUNITY),
    office(5, "street", SISTER_STREET),
    office(6, "department", 430100000000000, "courier", "truck"),
    office(7, "department", COUNTY),
]


@pytest.mark.parametrize(
    ("at", "sector", "industry", "territory"),
    [
        (COMMUNITY, "courier", 1, 4),  # the nearest department, the community before its street
        (STREET, "truck", 6, 3),  # what the county's departments do not hold, the city's may
        (SISTER_STREET, "delivery", None, 5),  # another county's department does not answer here: 兜底
        (COUNTY, "delivery", None, None),
    ],
)
def test_owners(at, sector, industry, territory):
    found = owners(at, sector, UNITS)
    assert (found.industry and found.industry.id, found.territory and found.territory.id) == (
        industry,
        territory,
    )
    assert found.fallback == (industry is None and territory is not None)
    assert found.responsible == (found.industry or found.territory)


def test_an_owner_set_by_hand_stands():
    assert owners(COMMUNITY, "courier", UNITS, industry=UNITS[6]).industry.id == 7


@pytest.mark.django_db
def test_the_key_of_a_record_is_read_back():
    unit()
    pk = register().pk
    assert parse_record_key("E", record_key("E", pk)) == pk
    assert parse_record_key("W", record_key("E", pk)) is None
    assert parse_record_key("E", "E" + "z" * 22) is None
