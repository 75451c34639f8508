"""Fault 2: the same file imported twice at once, from two browsers: exactly one import.

The control takes the unique key away: the same race then imports the file twice. Without that failure the test
would only show that two people were never quick enough.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from django.db import close_old_connections, connection

from nuanxin.engines.intake.actions import commit_upload, receive_upload, register_target, run_commit
from nuanxin.engines.intake.enums import LIVE, UploadState
from nuanxin.engines.intake.errors import AlreadyImported
from nuanxin.engines.intake.models import Row, Upload
from nuanxin.organisation.survey.rules.worker_fields import WORKERS
from tests.cast import STREET, area
from tests.engines.intake.files import office, person, xlsx

pytestmark = pytest.mark.django_db(transaction=True)

ROWS, PEOPLE = 300, 4
FILE = xlsx([person(n) for n in range(ROWS)])


@pytest.fixture(autouse=True)
def ready():
    register_target(WORKERS)
    area(STREET)
    office()


def race() -> list[UUID | AlreadyImported]:
    """So many people send the same file and press 导入 at the same moment."""
    unit, scope = office()
    barrier = Barrier(PEOPLE)

    def send(_who: int) -> UUID | AlreadyImported:
        try:
            upload = receive_upload(
                by=None, scope=scope, unit=unit, area=430121000000000, target="workers", data=FILE,
                filename="名册.xlsx", sector="delivery", context={"round": 1, "as_of": f"2026-11-{10 + _who}"},
            )  # fmt: skip
            barrier.wait(30)
            commit_upload(by=None, scope=scope, upload=upload.pk)
            run_commit(upload.pk, by=None)
        except AlreadyImported as already:
            return already
        else:
            return upload.pk
        finally:
            close_old_connections()
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as pool:
        return list(pool.map(send, range(PEOPLE)))


def test_two_at_once_make_one_import():
    answers = race()
    imported = [a for a in answers if isinstance(a, UUID)]
    refused = [a for a in answers if isinstance(a, AlreadyImported)]
    assert len(imported) == 1
    assert {a.holder for a in refused} == set(imported), "the others learn which import has the file"
    assert Row.objects.count() == ROWS
    assert Upload.objects.filter(state__in=LIVE).count() == 1


def test_control_without_the_unique_key_it_is_imported_several_times():
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'intake_same_file_once'")
        (definition,) = cursor.fetchone()
        cursor.execute("DROP INDEX intake_same_file_once")
        try:
            race()
            assert Upload.objects.filter(state=UploadState.COMMITTED).count() > 1
            assert Row.objects.count() > ROWS
        finally:
            cursor.execute("TRUNCATE intake_upload CASCADE")
            cursor.execute(definition)


def test_after_an_import_the_file_is_known_by_its_hash_before_it_is_parsed(django_assert_max_num_queries):
    race()
    unit, scope = office()
    with django_assert_max_num_queries(6), pytest.raises(AlreadyImported) as already:
        receive_upload(
            by=None, scope=scope, unit=unit, area=430121000000000, target="workers", data=FILE,
            filename="另一个名字.xlsx", sector="delivery", context={"round": 1},
        )  # fmt: skip
    assert Upload.objects.get(pk=already.value.holder).state == UploadState.COMMITTED
    assert Upload.objects.count() == PEOPLE
