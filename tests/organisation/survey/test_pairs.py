"""Doubtful pairs: decided, by one of two, taken back, split."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import QuerySet

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.facts.models import Fact
from nuanxin.organisation.survey.actions import busy, pairs
from nuanxin.organisation.survey.actions.consolidate import consolidate, lock_area
from nuanxin.organisation.survey.actions.pairs import decide_many, decide_pair, split_worker
from nuanxin.organisation.survey.actions.refusal import SurveyRefused
from nuanxin.organisation.survey.actions.undo import undo_decision
from nuanxin.organisation.survey.enums import PairState
from nuanxin.organisation.survey.models import Check, Pair, Source, Standing
from nuanxin.organisation.survey.queries.pairs import cells, following, pair_view, sources_of
from nuanxin.registry.people.models import Consent, Worker
from tests.cast import COUNTY, cast_for, scope
from tests.organisation.survey.questions import OTHER, asked
from tests.organisation.survey.roster import LI, TODAY, WANG, canvass, people, roster, worker_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return cast_for(Permission.SURVEY_MATCH, Permission.WORKERS_VIEW)


def decide(who, pair, same=True):
    return decide_pair(scope=scope(who), pair_id=pair.pk, same=same, by=who.pk)


def two(pair):
    return set(Source.objects.filter(row_id__in=[pair.left_id, pair.right_id]).values_list("worker_id", flat=True))


def test_same_merges_at_once_and_says_who(cast):
    pair = asked()
    assert people() == 2
    decided = decide(cast.owner, pair)
    assert (decided.state, decided.decided_by) == ("same", cast.owner.pk)
    assert people() == 1 and len(two(pair)) == 1
    fact = Fact.objects.get(kind="survey.pair.merged")
    assert fact.actor == cast.owner.pk and fact.area == COUNTY


def test_a_team_mate_may_and_an_outsider_does_not_see_it(cast):
    pair = asked()
    with pytest.raises(Pair.DoesNotExist):
        decide(cast.outsider, pair)
    with pytest.raises(Pair.DoesNotExist):
        pair_view(scope(cast.outsider), pair.pk)
    assert decide(cast.team_mate, pair, same=False).state == "distinct"
    with pytest.raises(Pair.DoesNotExist):
        undo_decision(scope=scope(cast.outsider), pair_id=pair.pk, by=cast.outsider.pk)


def test_the_second_to_decide_is_told_what_was_decided(cast):
    pair = asked()
    decide(cast.owner, pair, same=False)
    with pytest.raises(SurveyRefused, match="不是同一人"):
        decide(cast.team_mate, pair)
    assert Fact.objects.filter(kind__startswith="survey.pair").count() == 1


def test_different_holds_in_later_consolidations_and_comes_back_when_taken_back(cast):
    pair = asked()
    decide(cast.owner, pair, same=False)
    consolidate(area=COUNTY, by=None)
    pair.refresh_from_db()
    assert pair.state == "distinct" and people() == 2
    undo_decision(scope=scope(cast.owner), pair_id=pair.pk, by=cast.owner.pk)
    pair.refresh_from_db()
    assert (pair.state, pair.decided_by, pair.decided_at) == ("open", None, None)
    assert Worker.objects.filter(doubtful=True).count() == 2
    assert Fact.objects.get(kind="survey.pair.reopened").detail["was"] == "distinct"


def test_undoing_same_puts_everything_back_where_it_was(cast):
    pair = asked()
    left, right = (Source.objects.get(row_id=r).worker_id for r in (pair.left_id, pair.right_id))
    gone = max(left, right, key=str)
    check = Check.objects.create(round=canvass(), worker_id=gone, area_id=COUNTY)
    consent = Consent.objects.create(worker_id=gone, purpose="contact", given_on=TODAY)
    before = list(Worker.objects.order_by("pk").values("pk", "name", "id_index", "phone_index", "status", "merged_into"))
    standings = list(Standing.objects.order_by("worker_id").values_list("worker_id", "change", "parties"))
    decide(cast.owner, pair)
    check.refresh_from_db()
    assert check.worker_id != gone
    undo_decision(scope=scope(cast.owner), pair_id=pair.pk, by=cast.owner.pk)
    check.refresh_from_db()
    consent.refresh_from_db()
    assert check.worker_id == consent.worker_id == gone
    assert before == list(
        Worker.objects.order_by("pk").values("pk", "name", "id_index", "phone_index", "status", "merged_into")
    )
    assert standings == list(Standing.objects.order_by("worker_id").values_list("worker_id", "change", "parties"))
    assert Pair.objects.get(pk=pair.pk).state == "open"
    decide(cast.owner, pair, same=False)
    consolidate(area=COUNTY, by=None)
    assert people() == 2


def test_a_bulk_decision_can_be_undone_pair_by_pair(cast):
    pair = asked()
    assert decide_many(decisions=[(pair.pk, True)], by=cast.owner.pk) == 1
    assert people() == 1
    undo_decision(scope=scope(cast.owner), pair_id=pair.pk, by=cast.owner.pk)
    assert people() == 2


def test_undo_keeps_the_question_open_through_a_consolidation(cast):
    pair = asked()
    decide(cast.owner, pair)
    undo_decision(scope=scope(cast.owner), pair_id=pair.pk, by=cast.owner.pk)
    consolidate(area=COUNTY, by=None)
    assert people() == 2, "the decision is gone: nothing joins them any more"


def test_an_undecided_pair_has_nothing_to_take_back(cast):
    pair = asked()
    with pytest.raises(SurveyRefused, match="没有可以撤回"):
        undo_decision(scope=scope(cast.owner), pair_id=pair.pk, by=cast.owner.pk)


def test_a_split_holds_and_loses_nothing(cast):
    first, second = roster(WANG, LI), roster(WANG, kind="platform")
    consolidate(area=COUNTY, by=None)
    worker = worker_of(first)
    row = second.rows.get()
    fresh = split_worker(scope=scope(cast.owner), worker_id=worker.pk, rows=[row.pk], by=cast.owner.pk)
    assert people() == 3 and Source.objects.count() == 3
    consolidate(area=COUNTY, by=None)
    assert worker_of(second).pk == fresh != worker_of(first).pk
    lines = sources_of(scope(cast.owner), fresh)
    assert [line.row for line in lines] == [row.pk]
    shown = dict(cells(lines[0]))
    assert shown["姓名"] == "王志强" and shown["电话"] == "138****0001" and "199003" not in str(shown)
    pair = Pair.objects.get(reasons=["split"])
    with pytest.raises(SurveyRefused, match="拆分"):
        undo_decision(scope=scope(cast.owner), pair_id=pair.pk, by=cast.owner.pk)


@pytest.mark.parametrize("chosen", ["none", "all", "foreign"])
def test_a_split_needs_some_rows_and_leaves_some(cast, chosen):
    first, second = roster(WANG), roster(WANG, LI, kind="platform")
    consolidate(area=COUNTY, by=None)
    mine = [first.rows.get().pk, second.rows.get(number=2).pk]
    rows = {"none": [], "all": mine, "foreign": [mine[0], second.rows.get(number=3).pk]}[chosen]
    with pytest.raises(SurveyRefused):
        split_worker(scope=scope(cast.owner), worker_id=worker_of(first).pk, rows=rows, by=cast.owner.pk)
    with pytest.raises(Worker.DoesNotExist):
        split_worker(scope=scope(cast.outsider), worker_id=worker_of(first).pk, rows=mine[:1], by=cast.outsider.pk)
    assert sources_of(scope(cast.outsider), worker_of(first).pk) == []


def test_membership_is_not_shown_behind_a_person(cast):
    first = roster({**WANG, "political": "full", "consent": True, "joined_on": "2010-07", "organisation": "某支部",
                    "note": "另有电话13873100099"})  # fmt: skip
    consolidate(area=COUNTY, by=None)
    shown = str(cells(sources_of(scope(cast.owner), worker_of(first).pk)[0]))
    assert "支部" not in shown and "2010" not in shown and "13873100099" not in shown


def test_a_pair_shows_the_differing_digits_and_no_whole_number(cast):
    pair = asked()
    view = pair_view(scope(cast.owner), pair.pk)
    line = next(f for f in view.fields if f.label == "身份证号")
    assert [p.text for p in line.left if p.differs] == ["35"] and [p.text for p in line.right if p.differs] == ["71"]
    everything = str(view.fields) + str(view.left.values) + str(view.right.values)
    assert "13873100011" not in everything and OTHER["idno"] not in everything
    assert view.reasons and all(len(r) > 3 for r in view.reasons)


def test_the_next_question_is_behind_the_last_one_and_wraps(cast):
    pair = asked()
    rows = roster(LI, {**LI, "phone": "13873100077"}).rows.order_by("pk")
    less = Pair.objects.create(left=rows[0], right=rows[1], area_id=COUNTY, sector="courier", confidence=0.01)
    assert following(scope(cast.owner)) == pair
    assert following(scope(cast.owner), pair.pk) == less
    assert following(scope(cast.owner), less.pk) == pair
    assert following(scope(cast.owner), pair.pk, seen=[less.pk]) is None
    assert following(scope(cast.outsider), pair.pk) is None


def test_a_question_keeps_its_number_through_a_consolidation(cast):
    first = roster({"name": "陈晓", "phone": "13873100031", "idno": "430121199106150018"})
    second = roster({"name": "陈小", "phone": "13873100031"}, kind="platform")
    consolidate(area=COUNTY, by=None)
    pair = Pair.objects.filter(state=PairState.OPEN).first()
    if pair is None:
        pytest.skip("the matching is sure of these by now")
    consolidate(area=COUNTY, by=None)
    assert Pair.objects.get(left=pair.left_id, right=pair.right_id).pk == pair.pk
    assert first.pk != second.pk


# --- two at once ----------------------------------------------------------------------------------------------


def _race(cast, pair) -> list[str]:
    barrier = Barrier(2)

    def go(who):
        try:
            mine = scope(who)
            barrier.wait(20)
            return decide_pair(scope=mine, pair_id=pair.pk, same=True, by=who.pk).state
        except SurveyRefused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return sorted(str(a) for a in pool.map(go, (cast.owner, cast.team_mate)))


@pytest.mark.django_db(transaction=True)
def test_two_people_decide_one_pair_at_once_and_one_decision_counts(cast):
    pair = asked()
    assert _race(cast, pair) == ["decided", "same"]
    assert Fact.objects.filter(kind="survey.pair.merged").count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_locks_both_count(cast, monkeypatch):
    pair = asked()
    meet = Barrier(2)
    read = QuerySet.get

    def slow(self, *args, **more):
        found = read(self, *args, **more)
        if self.model is Pair and "state" not in found.get_deferred_fields():
            meet.wait(20)  # both have read "open" before either writes
        return found

    monkeypatch.setattr(pairs, "lock_or_refuse", lambda area: None)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **more: self)
    monkeypatch.setattr(pairs, "rebuild", lambda *args, **more: None)
    monkeypatch.setattr(pairs, "absorb", lambda *args, **more: None)
    monkeypatch.setattr(QuerySet, "get", slow)
    answers = _race(cast, pair)
    monkeypatch.undo()
    assert answers == ["same", "same"]
    assert Fact.objects.filter(kind="survey.pair.merged").count() == 2


@pytest.mark.django_db(transaction=True)
def test_while_a_consolidation_runs_the_person_is_told_to_wait(cast, monkeypatch):
    pair = asked()
    monkeypatch.setattr(busy, "PATIENCE", "200ms")
    held, done = Barrier(2), Barrier(2)

    def consolidation():
        from django.db import transaction

        try:
            with transaction.atomic():
                lock_area(COUNTY)
                held.wait(20)
                done.wait(20)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(consolidation)
        held.wait(20)
        with pytest.raises(SurveyRefused, match="正在比对"):
            decide(cast.owner, pair)
        done.wait(20)
        running.result()
    assert decide(cast.owner, pair).state == "same"
