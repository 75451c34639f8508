"""Imports that stop, go on, are taken over, undone or given up."""

from datetime import timedelta

import pytest
from django.utils import timezone

from nuanxin.engines.intake import actions
from nuanxin.engines.intake.actions import committing
from nuanxin.engines.intake.enums import IntakeFact, UploadState
from nuanxin.engines.intake.errors import AlreadyImported, IntakeError
from nuanxin.engines.intake.jobs import committed_job, undone_job
from nuanxin.engines.intake.models import Row, Upload
from nuanxin.engines.intake.rules.packing import open_row
from nuanxin.foundation.facts.models import Fact
from nuanxin.foundation.vault.queries import keyring
from nuanxin.organisation.survey.rules.worker_fields import WORKERS
from tests.cast import STREET, area
from tests.engines.intake.files import HEADERS, office, person, receive, whole_way, xlsx

pytestmark = pytest.mark.django_db

ROWS = 95


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(committing, "CHUNK", 10)
    area(STREET)


@pytest.fixture
def queued() -> Upload:
    upload = receive(xlsx([person(n) for n in range(ROWS)]))
    return actions.commit_upload(by=None, scope=office()[1], upload=upload.pk)


class PowerCut(BaseException):
    """Not an Exception: nothing in the way of an import may catch it."""


def stop_at(row: int):
    def after(done: int) -> None:
        if done >= row:
            raise PowerCut

    return after


def test_it_goes_on_where_the_rows_end(queued):
    with pytest.raises(PowerCut):
        actions.run_commit(queued.pk, by=None, after_chunk=stop_at(50))
    assert Row.objects.count() == 50 == Upload.objects.get().done_rows
    assert actions.run_commit(queued.pk, by=None)
    assert Row.objects.count() == ROWS == Upload.objects.get().accepted


def test_two_at_work_on_one_upload_write_each_row_once(queued):
    def other_comes_first(done: int) -> None:
        if done == 30:
            assert actions.run_commit(queued.pk, by=None)

    assert not actions.run_commit(queued.pk, by=None, after_chunk=other_comes_first)
    assert Row.objects.count() == ROWS
    assert Fact.objects.filter(kind=IntakeFact.COMMITTED).count() == 1


def test_a_fault_is_told_and_the_person_goes_on(queued, monkeypatch):
    write = committing._write_chunk
    monkeypatch.setattr(
        committing,
        "_write_chunk",
        lambda u, p, start, stop: 1 / 0 if start == 40 else write(u, p, start, stop),
    )
    assert not actions.run_commit(queued.pk, by=None)
    failed = Upload.objects.get()
    assert (failed.state, failed.done_rows) == (UploadState.FAILED, 40)
    assert "继续" in failed.error and "ZeroDivisionError" in failed.error
    monkeypatch.setattr(committing, "_write_chunk", write)
    actions.commit_upload(by=None, scope=office()[1], upload=queued.pk)
    assert actions.run_commit(queued.pk, by=None)
    assert Row.objects.count() == ROWS
    assert Fact.objects.filter(kind=IntakeFact.RESUMED).exists()


def test_an_import_at_work_is_not_queued_again_until_it_is_silent(queued):
    with pytest.raises(IntakeError):
        actions.commit_upload(by=None, scope=office()[1], upload=queued.pk)
    Upload.objects.update(progress_at=timezone.now() - timedelta(minutes=5))
    actions.commit_upload(by=None, scope=office()[1], upload=queued.pk)


def test_undone_the_rows_stay_and_the_file_may_come_again():
    data = xlsx([person(n) for n in range(20)])
    upload = whole_way(data)
    with pytest.raises(AlreadyImported):
        receive(data)
    actions.undo_upload(by=None, scope=office()[1], upload=upload.pk)
    assert Upload.objects.get().state == UploadState.UNDONE
    assert Row.objects.count() == 20
    again = whole_way(data)
    assert again.state == UploadState.COMMITTED
    with pytest.raises(IntakeError):
        actions.undo_upload(by=None, scope=office()[1], upload=upload.pk)


def test_the_target_is_told_after_the_commit_and_after_the_undo():
    from dataclasses import replace

    told: list[str] = []
    actions.register_target(
        replace(
            WORKERS,
            on_committed=lambda upload: told.append("committed"),
            on_undone=lambda upload: told.append("undone"),
        )
    )
    upload = whole_way(xlsx([person(1)]))
    assert told == [], "as a job, not inside the import"
    committed_job(str(upload.pk))
    actions.undo_upload(by=None, scope=office()[1], upload=upload.pk)
    committed_job(str(upload.pk))
    undone_job(str(upload.pk))
    assert told == ["committed", "undone"]


def test_given_up_nothing_stays():
    upload = receive(xlsx([person(1)]))
    actions.discard_upload(by=None, scope=office()[1], upload=upload.pk)
    assert not Upload.objects.exists()
    assert Fact.objects.filter(kind=IntakeFact.DISCARDED).exists()


def test_cells_of_membership_without_consent_are_nowhere():
    headers = [*HEADERS, "政治面貌"]
    rows = [[*person(1, 同意标记=""), "中共党员"], [*person(2), "中共党员"]]
    upload = whole_way(xlsx(rows, headers))
    silent, agreed = (open_row(keyring(), r.content) for r in Row.objects.order_by("number"))
    assert silent["c"][-1] == "" and "political" not in silent["v"]
    assert agreed["c"][-1] == "中共党员" and agreed["v"]["political"] == "full"
    assert "党员" not in keyring().open("upload.samples", bytes(upload.samples))


def test_another_sheet_of_an_imported_workbook_can_be_imported():
    import io

    from openpyxl import Workbook

    book = Workbook()
    for name, numbers in (("星沙", range(3)), ("湘龙", range(3, 5))):
        sheet = book.create_sheet(name)
        sheet.append(HEADERS)
        for n in numbers:
            sheet.append(person(n))
    del book["Sheet"]
    out = io.BytesIO()
    book.save(out)
    data = out.getvalue()
    first = whole_way(data)
    assert first.sheet == "星沙"
    with pytest.raises(AlreadyImported) as already:
        receive(data)
    assert already.value.sheets_left == ["湘龙"]
    second = whole_way(data, sheet="湘龙")
    assert (second.sheet, second.accepted) == ("湘龙", 2)
    with pytest.raises(AlreadyImported):
        receive(data, sheet="湘龙")
