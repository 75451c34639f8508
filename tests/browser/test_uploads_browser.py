"""The whole way of an import in a real browser, at a desk and on a phone: it fits, passes axe, and shows no number."""

import os
from pathlib import Path

import pytest
from django.urls import reverse

from nuanxin.engines.intake.actions import register_target, run_commit
from nuanxin.engines.intake.models import Upload
from nuanxin.engines.intake.queries.targets import registered
from nuanxin.foundation.access.enums import Permission
from nuanxin.organisation.survey.rules.enterprise_fields import ENTERPRISES
from nuanxin.organisation.survey.rules.worker_fields import WORKERS
from tests.cast import COUNTY, STREET, area, holder
from tests.engines.intake.files import HEADERS, person, xlsx

SHOTS = os.environ.get("NUANXIN_SHOTS")
TITLE = ["长沙县快递外卖从业人员花名册（2026年第四季度）", "填报单位：某某局　填报日期：2026年11月20日"]


@pytest.fixture(autouse=True)
def targets():
    before = dict(registered)
    register_target(WORKERS)
    register_target(ENTERPRISES)
    area(STREET)
    yield
    registered.clear()
    registered.update(before)


@pytest.fixture
def roster(tmp_path) -> Path:
    odd = {
        7: {"联系电话": "1380000"},
        9: {"身份证号": "4.30121E+17"},
        12: {"联系电话": "138****1234"},
        15: {"身份证号": "430121199001010011"},
        18: {"常驻街道": "火星街道"},
        21: {"职业类型": "宇航员"},
        24: {"姓名": ""},
        27: {"常驻街道": "深圳市南山区"},
    }
    rows = [person(n, **odd.get(n, {})) for n in range(1, 60)]
    headers = [{"所在企业": "东家名", "备注": "其他情况说明"}.get(h, h) for h in HEADERS]
    path = tmp_path / "长沙县外卖骑手名册（最终版2）.xlsx"
    path.write_bytes(xlsx(rows, headers, titles=TITLE))
    return path


def look(page, name: str, axe) -> None:
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/uploads-{name}-{page.viewport_size['width']}.png", full_page=True)
    assert width <= 0, f"{name} is {width} px too wide"
    axe(page)


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_whole_way(size, request, live_server, signed_in, roster, axe):
    page = request.getfixturevalue(f"{size}_page")
    who = holder({Permission.IMPORT, Permission.WORKERS_VIEW}, COUNTY)
    signed_in(page, who)
    page.goto(live_server.url + reverse("console:imports"))
    look(page, "0-empty", axe)
    page.get_by_role("link", name="上传文件").first.click()
    page.set_input_files("#f-file", roster)
    look(page, "1-new", axe)
    page.get_by_role("button", name="上传并查看列").click()
    page.get_by_text("预检全部行").wait_for()
    look(page, "2-mapping", axe)
    page.select_option("#col-J", "employer")
    page.get_by_role("button", name="预检全部行").click()
    page.get_by_text("问题和改法").wait_for()
    look(page, "3-preview", axe)
    assert person(1)[4] not in page.content()
    page.get_by_role("button", name="导入", exact=False).filter(has_text="行").first.click()
    page.get_by_text("排队等待导入").wait_for()
    look(page, "4-running", axe)
    run_commit(Upload.objects.get().pk, by=who.pk)
    page.get_by_text("撤销这次导入").wait_for(timeout=10_000)
    look(page, "5-result", axe)
    page.goto(live_server.url + reverse("console:imports"))
    look(page, "6-list", axe)
    page.goto(live_server.url + reverse("console:import_new"))
    page.set_input_files("#f-file", roster)
    page.get_by_role("button", name="上传并查看列").click()
    page.get_by_text("查看原来的那次导入").wait_for()
    look(page, "7-twice", axe)
