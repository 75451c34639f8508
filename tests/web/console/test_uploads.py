"""The import screens: from the file to the ledger and back, and who sees what."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from nuanxin.engines.intake.actions import register_target, run_commit
from nuanxin.engines.intake.enums import UploadState
from nuanxin.engines.intake.models import LearnedHeader, Row, Upload
from nuanxin.engines.intake.queries.targets import registered
from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.sheets.rules import read_table
from nuanxin.organisation.survey.rules.enterprise_fields import ENTERPRISES
from nuanxin.organisation.survey.rules.worker_fields import WORKERS
from tests.cast import COUNTY, OTHER_COUNTY, STREET, area, cast_for, client, holder, post, unit, user
from tests.engines.intake.files import HEADERS, person, xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def targets():
    before = dict(registered)
    register_target(WORKERS)
    register_target(ENTERPRISES)
    area(STREET)
    yield
    registered.clear()
    registered.update(before)


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }


@pytest.fixture
def cast():
    return cast_for(Permission.IMPORT)


def send(browser, data: bytes, name: str = "名册.xlsx", **more):
    form = {
        "target": "workers", "unit": unit(COUNTY).pk, "area": COUNTY, "sector": "delivery", "as_of": "2026-01-01",
        "file": SimpleUploadedFile(name, data), **more,
    }  # fmt: skip
    return browser.post(reverse("console:import_new"), form)


def sent(browser, data: bytes | None = None, **more) -> Upload:
    answer = send(browser, data or xlsx([person(1), person(2, 联系电话="1380000")]), **more)
    assert answer.status_code == 302, answer.content.decode()
    return Upload.objects.get(pk=answer.headers["Location"].rstrip("/").rsplit("/", 1)[-1])


def text(answer) -> str:
    return answer.content.decode()


def test_from_the_file_to_the_result_and_back(cast):
    browser = client(cast.owner)
    upload = sent(browser)
    page = reverse("console:import", args=[upload.pk])
    mapping = text(browser.get(page))
    assert "联系电话" in mapping and person(1)[4] not in mapping, "samples are masked"
    assert browser.post(reverse("console:import_columns", args=[upload.pk])).status_code == 302
    preview = text(browser.get(page))
    assert "第 3 行 F 列（电话）" in preview and "手机号应为11位" in preview
    assert person(1)[4] not in preview and person(1)[1] not in preview
    assert not Row.objects.exists()
    assert browser.post(reverse("console:import_commit", args=[upload.pk])).status_code == 302
    assert "排队等待导入" in text(browser.get(page))
    run_commit(upload.pk, by=cast.owner.pk)
    assert "已导入 1 行" in text(browser.get(page))
    assert browser.post(reverse("console:import_undo", args=[upload.pk])).status_code == 302
    assert Upload.objects.get().state == UploadState.UNDONE
    assert "撤销，不再计入台账" in text(browser.get(page))


def test_an_unusable_file_is_told_why(cast):
    browser = client(cast.owner)
    upload = sent(browser, b"not a workbook", name="a.xlsx")
    page = text(browser.get(reverse("console:import", args=[upload.pk])))
    assert upload.state == UploadState.REFUSED
    assert "没有收下" in page
    assert "再上传一份" in page, "no dead end"


@pytest.mark.parametrize("day", ["0202-01-01", "2099-01-01", "2026-02-30", ""])
def test_a_day_that_cannot_be_is_asked_again(cast, day):
    answer = send(client(cast.owner), xlsx([person(1)]), as_of=day)
    assert answer.status_code == 422
    assert "数据截止日期" in text(answer) and not Upload.objects.exists()


def test_the_same_file_again_leads_to_the_import_that_holds_it(cast):
    browser = client(cast.owner)
    data = xlsx([person(1)])
    first = sent(browser, data)
    browser.post(reverse("console:import_commit", args=[first.pk]))
    again = send(browser, data, name="改了名字.xlsx")
    assert again.status_code == 422
    assert reverse("console:import", args=[first.pk]) in text(again)
    assert Upload.objects.count() == 1


def test_a_correction_of_the_columns_is_remembered_for_the_unit(cast):
    browser = client(cast.owner)
    headers = [{"备注": "小哥情况", "所在企业": "东家"}.get(h, h) for h in HEADERS]
    upload = sent(browser, xlsx([person(1)], headers))
    letter = next(c["letter"] for c in upload.summary["columns"] if c["header"] == "东家")
    assert upload.mapping[letter] == ""
    browser.post(reverse("console:import_columns", args=[upload.pk]), {f"col-{letter}": "employer"})
    assert LearnedHeader.objects.get().field == "employer"
    second = sent(browser, xlsx([person(2)], headers))
    assert second.mapping[letter] == "employer"
    assert "以前这样对应过" in text(browser.get(reverse("console:import", args=[second.pk])))


def test_a_field_given_twice_is_named(cast):
    browser = client(cast.owner)
    upload = sent(browser)
    answer = browser.post(reverse("console:import_columns", args=[upload.pk]), {"col-C": "name"})
    assert answer.status_code == 422
    assert "“姓名”对应了多列（B、C）" in text(answer)


def test_the_error_file_comes_in_the_same_layout_and_mended_is_imported(cast):
    browser = client(cast.owner)
    upload = sent(browser)
    browser.post(reverse("console:import_columns", args=[upload.pk]))
    answer = browser.post(reverse("console:import_errors", args=[upload.pk]))
    data = b"".join(answer.streaming_content)
    table = read_table(data, "错误表.xlsx")
    assert table.headers == HEADERS and len(table) == 1
    assert table.original_rows == [3]
    book = load_workbook(io.BytesIO(data))
    book.active["F2"] = "13800001234"
    mended = io.BytesIO()
    book.save(mended)
    second = sent(browser, mended.getvalue(), name="错误表.xlsx")
    browser.post(reverse("console:import_columns", args=[second.pk]))
    second.refresh_from_db()
    assert (second.accepted, second.refused) == (1, 0)


def test_the_list_of_problems_carries_no_cells(cast):
    browser = client(cast.owner)
    upload = sent(browser)
    browser.post(reverse("console:import_columns", args=[upload.pk]))
    data = b"".join(browser.post(reverse("console:import_problems", args=[upload.pk])).streaming_content)
    rows = list(load_workbook(io.BytesIO(data)).active.values)
    assert rows[1] == (3, "F", "电话", "手机号应为11位，现为7位", "请核对", "拒收")


def test_templates_have_all_columns_and_are_understood(cast):
    browser = client(cast.owner)
    for code in ("workers", "enterprises"):
        answer = browser.get(reverse("console:import_template", args=[code]))
        assert answer.status_code == 200
    assert browser.get(reverse("console:import_template", args=["nothing"])).status_code == 404


ROUTES = [
    ("get", "import", {}),
    ("get", "import_progress", {}),
    ("post", "import_columns", {}),
    ("post", "import_sheet", {}),
    ("post", "import_commit", {}),
    ("post", "import_undo", {}),
    ("post", "import_discard", {}),
    ("post", "import_errors", {}),
    ("post", "import_problems", {}),
]


@pytest.mark.parametrize(("method", "route", "form"), ROUTES)
def test_another_district_finds_nothing(cast, method, route, form):
    upload = sent(client(cast.owner))
    answer = getattr(client(cast.outsider), method)(reverse(f"console:{route}", args=[upload.pk]), form)
    assert answer.status_code == 404
    assert Upload.objects.get().state == UploadState.RECEIVED


def test_the_unit_and_the_lead_see_an_upload_and_another_unit_does_not(cast):
    upload = sent(client(cast.owner))
    page = reverse("console:import", args=[upload.pk])
    assert client(cast.team_mate).get(page).status_code == 200
    other = user()
    post(other, "importer", COUNTY, permissions=["console", "import"], office=unit(COUNTY, "department"))
    assert client(other).get(page).status_code == 404
    assert str(upload.pk) not in text(client(other).get(reverse("console:imports")))
    office = unit(COUNTY, "department")
    office.leads = True
    office.save()
    assert client(other).get(page).status_code == 200


def test_unit_and_area_of_others_are_not_accepted(cast):
    browser = client(cast.owner)
    area(OTHER_COUNTY)
    assert send(browser, xlsx([person(1)]), area=OTHER_COUNTY).status_code == 404
    assert send(browser, xlsx([person(1)]), unit=unit(OTHER_COUNTY).pk).status_code == 404
    assert not Upload.objects.exists()


def test_without_the_permission_there_are_no_screens():
    browser = client(holder([Permission.WORKERS_VIEW]))
    assert browser.get(reverse("console:imports")).status_code == 404
    assert browser.get(reverse("console:import_new")).status_code == 404


def test_the_list_asks_the_same_number_of_queries_however_long(cast, django_assert_max_num_queries):
    browser = client(cast.owner)
    for n in range(12):
        sent(browser, xlsx([person(n)]))
    browser.get(reverse("console:imports"))
    with django_assert_max_num_queries(12):
        page = text(browser.get(reverse("console:imports")))
    assert page.count("名册.xlsx") >= 12


def test_another_header_row_and_the_form_with_faults(cast):
    browser = client(cast.owner)
    upload = sent(browser)
    again = browser.post(reverse("console:import_sheet", args=[upload.pk]), {"header_row": "9999"})
    assert again.status_code == 422
    assert (
        browser.post(reverse("console:import_sheet", args=[upload.pk]), {"header_row": "1"}).status_code
        == 302
    )
    answer = browser.post(reverse("console:import_new"), {"target": "workers"})
    assert answer.status_code == 422 and "请选择要上传的文件" in text(answer)
    assert send(browser, xlsx([person(3)]), as_of="2999-01-01").status_code == 422
    assert browser.post(reverse("console:import_discard", args=[upload.pk])).status_code == 302
    assert not Upload.objects.exists()
