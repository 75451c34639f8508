"""A gallery of all components on invented rows: what the browser tests look at, and a place to try things.

Run it by hand:  NUANXIN_GALLERY=1 with `ROOT_URLCONF="gallery"` and this folder's templates (see conftest.gallery).
"""

import datetime as dt
import random

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from config.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401
from nuanxin.foundation.access.enums import Permission
from nuanxin.registry.areas.models import Area
from nuanxin.web.shared.errors import Problem
from nuanxin.web.shared.routes import any_staff
from nuanxin.web.shared.tables import (
    AreaFilter,
    AreaLevel,
    BulkAction,
    ChoiceFilter,
    Column,
    DateFilter,
    MultiChoiceFilter,
    Table,
    TextFilter,
)

SECTORS = [("courier", "快递"), ("delivery", "外卖配送"), ("ride_hail", "网约车"), ("truck", "货运")]
STATES = {
    "on": ("green", "在岗"),
    "new": ("blue", "新增"),
    "left": ("", "已离开"),
    "doubt": ("amber", "待核实"),
}
FAMILY, GIVEN = "张王李赵陈刘杨黄周吴欧阳", "伟芳娜敏静磊洋勇艳杰涛明超秀英霞平刚桂"


def invented(row: Area) -> dict[str, object]:
    """A person who does not exist, the same one for the same row."""
    luck = random.Random(row.pk)
    return {
        "name": luck.choice(FAMILY) + "".join(luck.sample(GIVEN, luck.choice((1, 2)))),
        "sector": dict(SECTORS)[luck.choice(SECTORS)[0]],
        "phone": f"1{luck.choice((38, 59, 86))}****{luck.randrange(10000):04d}",
        "employer": luck.choice(
            ("湖南顺行物流有限公司", "星沙美送外卖站", "长沙众捷网络科技有限公司", "极兔速递星沙网点")
        ),
        "state": luck.choice(list(STATES)),
        "seen": dt.date(2026, 1, 1) + dt.timedelta(days=luck.randrange(300)),
        "trips": luck.randrange(5, 4200),
    }


def tree(scope, code):
    path = [(430121000000000, "长沙县")]
    if code and code != 430121000000000:
        path.append((code, Area.objects.get(pk=code).name))
        return AreaLevel(path, ())
    return AreaLevel(
        path, [(430121000000000 + n * 10**6, f"{'星湘泉长'[n % 4]}沙街道") for n in range(1, 19)]
    )


class PeopleTable(Table):
    name = "gallery"
    title = "从业人员台账"
    noun = "人"
    columns = [
        Column("name", "姓名", value=lambda r: invented(r)["name"], sort="name"),
        Column("sector", "行业", value=lambda r: invented(r)["sector"], sort="code"),
        Column("phone", "电话", value=lambda r: invented(r)["phone"], nowrap=True),
        Column("employer", "用工单位", value=lambda r: invented(r)["employer"]),
        Column("area", "所在区域", value="full_name", sort="full_name"),
        Column("state", "状态", value=lambda r: invented(r)["state"], badges=STATES),
        Column("trips", "本月单量", value=lambda r: invented(r)["trips"], kind="number", sort="pinyin"),
        Column("seen", "最近核实", value=lambda r: invented(r)["seen"], kind="date", sort="initials"),
        Column("code", "编号", kind="text", hidden=True),
    ]
    filters = [
        MultiChoiceFilter("sector", "行业", SECTORS, lookup=lambda rows, values: rows),
        AreaFilter("area", "区域", lookup="code", tree=tree),
        ChoiceFilter(
            "state", "状态", [(k, v[1]) for k, v in STATES.items()], lookup=lambda rows, value: rows
        ),
        DateFilter("seen", "核实日期", lookup=lambda rows, value: rows),
        TextFilter("name", "名称包含", pinned=False),
    ]
    bulk = [
        BulkAction("assign", "分派核实", "gallery_bulk", Permission.CONSOLE, icon="user-check"),
        BulkAction(
            "drop",
            "移出台账",
            "gallery_bulk",
            Permission.CONSOLE,
            confirm="把选中的人员移出台账？",
            danger=True,
        ),
    ]
    search_hint = "姓名、拼音、首字母或电话"
    empty_text = "先导入一张名册，或手工登记。"

    def row_url(self, row):
        return reverse("gallery_row", args=[row.pk])


class PrivateTable(PeopleTable):
    name = "private"
    private = True
    bulk = ()


def table_of(request, kind=PeopleTable):
    return kind(
        request, Area.objects.filter(code__lt=10**15).order_by("code"),
        search=lambda rows, text: rows.filter(name__contains=text),
    )  # fmt: skip


@any_staff
def people(request):
    return table_of(request).respond("gallery/people.html")


@any_staff
def private(request):
    return table_of(request, PrivateTable).respond("gallery/people.html")


@any_staff
@require_POST
def bulk(request):
    messages.success(request, f"已处理 {table_of(request).selection().count()} 人")
    return table_of(request).back()


@any_staff
def row(request, pk):
    return HttpResponse(f"row {pk}")


@any_staff
def parts(request):
    now = timezone.now()
    problems = []
    if request.method == "POST":
        problems = [Problem("手机号应为 11 位数字，现在是 10 位", "phone"), Problem("请选择行业", "sector"),
                    Problem("这家企业已经登记过了")]  # fmt: skip
        messages.error(request, "没有保存：有 3 处需要修改")
    log = [
        {"what": "电话核实：在岗", "who": "李敏", "at": now, "tone": "green", "icon": "phone-call"},
        {"what": "与“王伟”合并", "who": "系统", "at": now - dt.timedelta(hours=5), "tone": "blue", "icon": "git-merge",
         "text": "证件号一致，电话一致"},
        {"what": "从《快递协会三季度名册.xlsx》第 218 行登记", "who": "市邮政管理局", "at": now - dt.timedelta(days=3),
         "icon": "file-spreadsheet"},
    ]  # fmt: skip
    return render(
        request, "gallery/parts.html", {"problems": problems, "log": log, "today": now.date(), "sectors": SECTORS},
        status=422 if problems else 200,
    )  # fmt: skip


urlpatterns = [
    *urlpatterns,
    path("gallery/people/", people, name="gallery_people"),
    path("gallery/private/", private, name="gallery_private"),
    path("gallery/bulk/", bulk, name="gallery_bulk"),
    path("gallery/row/<int:pk>/", row, name="gallery_row"),
    path("gallery/parts/", parts, name="gallery_parts"),
]
