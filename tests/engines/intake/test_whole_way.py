"""A file received, checked, committed: what is written and what is not."""

import pytest

from nuanxin.engines.intake.enums import IntakeFact, UploadState
from nuanxin.engines.intake.models import Row, Upload
from nuanxin.engines.intake.rules.packing import open_row
from nuanxin.foundation.facts.models import Fact
from nuanxin.foundation.vault.queries import keyring
from tests.cast import COUNTY, STREET, area
from tests.engines.intake.files import office, person, problems, receive, values, whole_way, xlsx

pytestmark = pytest.mark.django_db


def test_rows_of_a_roster_become_sealed_rows_with_values() -> None:
    area(STREET)
    upload = whole_way(xlsx([person(1), person(2, 联系电话="138****1234"), person(3, 联系电话="1380000")]))
    assert upload.state == UploadState.COMMITTED
    assert (upload.accepted, upload.noted, upload.refused) == (1, 1, 1)
    assert upload.done_rows == upload.total_rows == 3
    first, masked, refused = values(upload)
    assert first["name"].startswith("张")
    assert first["area"] == STREET
    assert first["kind"] == "full" and first["sector"] == "delivery" and first["union"] is True
    assert masked["phone"] == "138****1234"
    assert "phone" not in refused
    assert problems(upload)[2] == [("phone", "mobile.length")]
    assert list(Row.objects.order_by("number").values_list("number", flat=True)) == [2, 3, 4]


def test_the_cells_stay_readable_behind_the_values() -> None:
    upload = whole_way(xlsx([person(7)]))
    row = Row.objects.get(upload=upload)
    assert open_row(keyring(), row.content)["c"][1:3] == person(7)[1:3]
    assert person(7)[1].encode() not in bytes(row.content)


def test_nothing_is_written_before_the_commit() -> None:
    upload = receive(xlsx([person(1)]))
    assert upload.state == UploadState.RECEIVED
    assert not Row.objects.exists()


def test_facts_are_counted_by_area_and_sector() -> None:
    area(STREET)
    rows = [person(1), person(2), person(3, 职业类型="货车司机", 常驻街道="")]
    upload = whole_way(xlsx([*rows, person(4, 身份证号="430121199001010000")]))
    facts = Fact.objects.filter(kind=IntakeFact.COMMITTED, subject=f"upload:{upload.pk}")
    assert set(facts.values_list("area", "sector", "quantity")) == {
        (STREET, "delivery", 2),
        (COUNTY, "truck", 1),
    }


def test_a_dangerous_or_unreadable_file_is_refused_with_the_reason() -> None:
    upload = receive(b"PK\x03\x04nothing", filename="a.xlsx")
    assert upload.state == UploadState.REFUSED
    assert upload.file is None
    assert "损坏" in upload.error


def test_an_equal_row_of_a_later_file_is_recognised() -> None:
    one = whole_way(xlsx([person(1)]))
    two = whole_way(xlsx([person(9, 序号=4), person(1, 序号=77)]))
    again = Row.objects.get(upload=one).fingerprint
    assert bytes(again) in {bytes(r.fingerprint) for r in Row.objects.filter(upload=two)}
    assert Row.objects.filter(fingerprint=again).count() == 2


def test_a_unit_can_only_send_for_its_own_scope() -> None:
    from nuanxin.engines.intake.actions import receive_upload
    from nuanxin.engines.intake.errors import NotYours
    from tests.cast import OTHER_COUNTY

    office_id, scope = office()
    area(OTHER_COUNTY)
    with pytest.raises(NotYours):
        receive_upload(
            by=None, scope=scope, unit=office_id, area=OTHER_COUNTY, target="workers", data=xlsx([person(1)]),
            filename="a.xlsx",
        )  # fmt: skip
    assert not Upload.objects.exists()
