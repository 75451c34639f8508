"""One person's record: looked at, corrected, gone, come back, consented."""

import pytest

from nuanxin.foundation.access.actions import UnmaskRefused
from nuanxin.foundation.access.enums import AccessFact, Permission
from nuanxin.foundation.facts.models import Fact
from nuanxin.foundation.vault.queries import keyring
from nuanxin.registry.people import actions
from nuanxin.registry.people.enums import ConsentPurpose, PeopleFact
from nuanxin.registry.people.models import Engagement, PartyDeclaration, Worker
from nuanxin.registry.people.queries.page import declared, worker_page
from nuanxin.registry.people.queries.rosters import members, search, workers
from tests.cast import COMMUNITY, OTHER_COUNTY, SISTER_STREET, STREET, area, holder, scope

from .people import JULY, OCTOBER, worker

pytestmark = pytest.mark.django_db
PHONE, OTHER_PHONE = "13800001234", "13900005678"


def kinds(subject=None):
    facts = Fact.objects.order_by("id")
    return list((facts.filter(subject=subject) if subject else facts).values_list("kind", flat=True))


def test_opening_a_person_is_a_fact_without_the_name():
    who, row = holder([Permission.WORKERS_VIEW]), worker()
    actions.open_worker(scope=scope(who), worker_id=row.pk, by=who.pk)
    fact = Fact.objects.get(kind=PeopleFact.OPENED)
    assert (fact.actor, fact.area, fact.sector, fact.subject) == (
        who.pk,
        COMMUNITY,
        "delivery",
        f"worker:{row.pk}",
    )
    assert row.name not in str(fact.detail)


@pytest.mark.parametrize(("at", "sectors"), [(OTHER_COUNTY, ()), (STREET, ("courier",)), (SISTER_STREET, ())])
def test_outside_the_scope_a_person_does_not_exist(at, sectors):
    who, row = holder([Permission.WORKERS_VIEW], at, sectors), worker()
    with pytest.raises(Worker.DoesNotExist):
        actions.open_worker(scope=scope(who), worker_id=row.pk, by=who.pk)
    assert Fact.objects.count() == 0


def test_the_page_masks_every_number():
    who, row = (
        holder([Permission.WORKERS_VIEW]),
        worker(numbers={"phone": PHONE, "id_number": "11010519491231002X"}),
    )
    page = worker_page(scope(who), row)
    assert (page.phone, page.id_number) == ("138****1234", "1101**********002X")


def test_the_page_takes_the_same_number_of_queries_for_much_as_for_little(django_assert_num_queries):
    who, row = holder([Permission.WORKERS_VIEW]), worker()
    for _n in range(5):
        Engagement.objects.create(worker=row, area_id=COMMUNITY, sector="courier", valid_from=JULY)
    reader = scope(who)
    with django_assert_num_queries(3):
        worker_page(reader, row)


def test_a_full_number_needs_permission_and_reason():
    row = worker(numbers={"phone": PHONE})
    viewer, opener = holder([Permission.WORKERS_VIEW]), holder([Permission.WORKERS_UNMASK])
    with pytest.raises(Worker.DoesNotExist):
        actions.unmask(scope=scope(viewer), worker_id=row.pk, field="phone", reason="电话核实", by=viewer.pk)
    with pytest.raises(UnmaskRefused):
        actions.unmask(scope=scope(opener), worker_id=row.pk, field="phone", reason="看", by=opener.pk)
    full = actions.unmask(
        scope=scope(opener), worker_id=row.pk, field="phone", reason="电话核实", by=opener.pk
    )
    assert full == PHONE
    assert kinds(f"worker:{row.pk}") == [AccessFact.UNMASKED]


def test_a_corrected_column_is_held_and_found_again():
    row = worker(numbers={"phone": PHONE})
    assert actions.change_worker(worker_id=row.pk, by=1, name="曾小红", phone=OTHER_PHONE)
    row.refresh_from_db()
    assert (row.initials, row.held) == ("zxh", ["name", "phone"])
    assert keyring().open("person.phone", row.phone) == OTHER_PHONE
    assert list(search(Worker.objects.all(), OTHER_PHONE)) == [row]
    assert Fact.objects.get(kind=PeopleFact.CHANGED).detail == {"columns": ["name", "phone"]}


def test_nothing_different_is_no_change():
    row = worker(numbers={"phone": PHONE})
    assert not actions.change_worker(worker_id=row.pk, by=1, name=" 单 晓明", phone=PHONE)
    assert kinds() == []


@pytest.mark.parametrize("value", ["138****1234", "1380000"])
def test_a_masked_or_wrong_number_is_refused(value):
    row = worker(numbers={"phone": PHONE})
    with pytest.raises(actions.WorkerRefused):
        actions.change_worker(worker_id=row.pk, by=1, phone=value)


def test_a_move_leaves_the_days_before_where_they_were():
    who, row = holder([Permission.WORKERS_VIEW]), worker()
    area(SISTER_STREET)
    actions.change_worker(worker_id=row.pk, by=1, on=OCTOBER, area=SISTER_STREET)
    seen = scope(who)
    assert [w.place_id for w in workers(seen, on=JULY)] == [COMMUNITY]
    assert [w.place_id for w in workers(seen, on=OCTOBER)] == [SISTER_STREET]
    assert [w.place_id for w in workers(seen)] == [SISTER_STREET]
    street = scope(holder([Permission.WORKERS_VIEW], STREET))
    assert (workers(street, on=JULY).count(), workers(street).count()) == (1, 0)


def test_left_and_back():
    who, row = scope(holder([Permission.WORKERS_VIEW])), worker()
    assert actions.leave(worker_id=row.pk, by=1, on=OCTOBER)
    assert not actions.leave(worker_id=row.pk, by=1, on=OCTOBER)
    assert (workers(who).count(), workers(who, on=JULY).count(), workers(who, on=OCTOBER).count()) == (
        0,
        1,
        0,
    )
    actions.return_worker(worker_id=row.pk, by=1, on=OCTOBER)
    assert (workers(who).count(), Engagement.objects.filter(valid_to=None).count()) == (1, 1)


def test_two_engagements_are_one_person_on_any_day():
    who, row = scope(holder([Permission.WORKERS_VIEW])), worker()
    Engagement.objects.create(worker=row, area_id=COMMUNITY, sector="courier", valid_from=JULY)
    assert [w.line for w in workers(who, on=OCTOBER)] == ["delivery"]


def test_consent_withdrawn_takes_the_hardship_along():
    row = worker(hardship=keyring().seal("person.hardship", "家人重病"))
    actions.give_consent(worker_id=row.pk, by=1, purpose=ConsentPurpose.HARDSHIP, on=JULY)
    with pytest.raises(actions.WorkerRefused):
        actions.give_consent(worker_id=row.pk, by=1, purpose=ConsentPurpose.HARDSHIP, on=JULY)
    actions.withdraw_consent(worker_id=row.pk, by=1, purpose=ConsentPurpose.HARDSHIP, on=OCTOBER)
    row.refresh_from_db()
    assert bytes(row.hardship) == b""


def test_members_are_seen_only_with_their_permission_and_within_the_scope():
    row = worker()
    actions.declare_membership(
        worker_id=row.pk, by=1, on=JULY, detail={"political": "full", "contact": "王姐"}
    )
    assert not members(scope(holder([Permission.WORKERS_VIEW])))
    assert not members(scope(holder([Permission.PARTY_VIEW], OTHER_COUNTY)))
    [declaration] = members(scope(holder([Permission.PARTY_VIEW])))
    assert declared(declaration) == {"political": "full", "contact": "王姐"}
    assert not Fact.objects.filter(subject__contains=str(row.pk)).exists()


def test_a_declaration_taken_back_is_destroyed():
    row = worker()
    actions.declare_membership(worker_id=row.pk, by=1, on=JULY, detail={"political": "full"}, floating=True)
    assert actions.withdraw_declaration(worker_id=row.pk, by=1, on=OCTOBER)
    assert not actions.withdraw_declaration(worker_id=row.pk, by=1, on=OCTOBER)
    assert bytes(PartyDeclaration.objects.get().detail) == b""
    assert not members(scope(holder([Permission.PARTY_VIEW]))).exists()


@pytest.mark.parametrize("text", ["单", "晓明", "单晓明", "sxm", "sx", "shan", "shanxiaom"])
def test_found_by_characters_pinyin_and_initials(text):
    worker()
    assert search(Worker.objects.all(), text).count() == 1


@pytest.mark.parametrize("text", ["danxiaoming", "明晓", "x", "13800001235", "无此人"])
def test_not_found_by_anything_else(text):
    worker(numbers={"phone": PHONE})
    assert search(Worker.objects.all(), text).count() == 0
