"""三方比对 on the screen: who is missing, settled one by one and many at once, exported as seen."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from nuanxin.foundation.access.enums import Permission
from nuanxin.organisation.survey.actions.consolidate import consolidate
from nuanxin.organisation.survey.models import Standing
from nuanxin.web.console.views.differences import differences_open
from tests.cast import COUNTY, area, cast_for, client, scope
from tests.organisation.survey.roster import LI, WANG, canvass, roster

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return cast_for(Permission.SURVEY_VERIFY, Permission.EXPORT)


@pytest.fixture
def address():
    roster({**WANG, "platform": "sf"}, {**LI, "platform": "sf"})
    roster({**WANG, "platform": "sf"}, kind="platform")
    consolidate(area=COUNTY, by=None)
    return reverse("console:round_differences", args=[canvass().pk])


def text(answer) -> str:
    return answer.content.decode()


def settle(who, address, **data):
    return client(who).post(reverse("console:differences_settle"), {"_list": address, "_table": "differences", **data})


def test_the_list_opens_on_the_round_at_work(cast, address):
    browser = client(cast.owner)
    assert browser.get(reverse("console:differences")).headers["Location"] == address
    page = text(browser.get(address))
    assert "李红梅" in page and "王志强" not in page and "平台企业未报" in page
    assert "街道社区还没有报，不参与比对" in page
    assert "李红梅" not in text(browser.get(address, {"missing": "2"}))
    assert "李红梅" in text(browser.get(address, {"missing": "1"}))
    assert [i.count for i in differences_open(scope(cast.owner), cast.owner)] == [1]
    assert differences_open(scope(cast.outsider), cast.outsider) == []


def test_a_word_is_asked_and_written_down(cast, address):
    row = Standing.objects.get(worker__name="李红梅").pk
    asked = settle(cast.owner, address, row=row)
    assert asked.status_code == 200 and "平台已补报" in text(asked) and "李红梅" in text(asked)
    assert settle(cast.owner, address, row=row, said="1").status_code == 422
    number = settle(cast.owner, address, row=row, said="1", other="他的电话 13873100001")
    assert number.status_code == 422 and not Standing.objects.get(pk=row).settled
    answer = settle(cast.owner, address, row=row, said="1", how="平台已补报")
    assert answer.headers["Location"] == address
    assert Standing.objects.get(pk=row).settled == "平台已补报"
    assert "李红梅" not in text(client(cast.owner).get(address))
    done = f"{address}done/"
    assert "平台已补报" in text(client(cast.owner).get(done, {"cols": "name,settled"}))
    settle(cast.owner, done, row=row, reopen="1")
    assert Standing.objects.get(pk=row).settled == ""


def test_all_that_match_are_settled_at_once(cast, address):
    assert settle(cast.owner, address, everything="1", said="1", other="已核对").status_code == 303
    assert Standing.objects.get(worker__name="李红梅").settled == "已核对"
    assert Standing.objects.get(worker__name="王志强").settled == "", "not in the list, not settled"


def test_another_district_settles_nothing(cast, address):
    row = Standing.objects.get(worker__name="李红梅").pk
    assert settle(cast.outsider, address, row=row, said="1", how="已离开").status_code == 404
    assert settle(cast.owner, "/console/differences/", row=row, said="1", how="已离开").status_code == 404
    assert Standing.objects.get(pk=row).settled == ""


def test_the_export_is_what_is_on_the_screen(cast, address):
    answer = client(cast.owner).post(f"{address}?missing=1", {"_export": "xlsx"})
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    cells = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert any("李红梅" in row for row in cells) and not any("王志强" in row for row in cells)
    assert any("平台企业" in row for row in cells)


def test_before_the_first_round_it_says_what_comes_first(cast):
    area(COUNTY)
    assert "还没有开始过摸排" in text(client(cast.owner).get(reverse("console:differences")))
