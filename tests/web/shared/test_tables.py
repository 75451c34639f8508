"""The table: state in the address, nothing outside the rows it was given, few queries, no unbounded count."""

import io

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils import timezone
from openpyxl import load_workbook

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.queries import within
from nuanxin.foundation.access.rules import Scope
from nuanxin.registry.areas.models import Area
from nuanxin.registry.units.queries import scope_of
from nuanxin.web.shared.areas import area_tree
from nuanxin.web.shared.routes import any_staff
from nuanxin.web.shared.tables import (
    AreaFilter,
    BulkAction,
    ChoiceFilter,
    Column,
    DateFilter,
    MultiChoiceFilter,
    Table,
    TextFilter,
    UnorderedRows,
)
from tests.cast import COUNTY, OTHER_COUNTY, STREET, client, holder
from tests.cast import area as make_area

pytestmark = pytest.mark.django_db


class Places(Table):
    name = "places"
    title = "地名"
    columns = [
        Column("name", "名称", sort="name"),
        Column("code", "代码", kind="number", sort="code"),
        Column("pinyin", "拼音", hidden=True),
        Column("valid_from", "启用", kind="date", sort="valid_from"),
    ]
    filters = [
        MultiChoiceFilter("initials", "首字母", [("a", "甲"), ("b", "乙"), ("c", "丙")]),
        ChoiceFilter("pinyin", "拼音", [("x", "x"), ("y", "y")]),
        AreaFilter("area", "区域", lookup="code", tree=area_tree),
        DateFilter("valid_from", "启用日期"),
        TextFilter("name", "名称包含"),
    ]
    bulk = [BulkAction("mark", "标记", "places_bulk", Permission.CONSOLE)]


class PrivatePlaces(Places):
    name = "secret"
    private = True


def rows_of(scope):
    return Area.objects.filter(
        within(scope, Permission.AREAS_EDIT, area="code", sector=None)
    ).order_by("code")  # fmt: skip


def find(rows, text):
    return rows.filter(name__contains=text)


@any_staff
def places(request):
    return Places(request, rows_of(request.scope), search=find).respond("table.html")


@any_staff
def secret(request):
    return PrivatePlaces(request, rows_of(request.scope), search=find).respond("table.html")


@any_staff
def places_bulk(request):
    from django.http import JsonResponse

    chosen = Places(request, rows_of(request.scope), search=find).selection()
    return JsonResponse([r.pk for r in chosen], safe=False)


from config.urls import urlpatterns as _project  # noqa: E402

urlpatterns = [
    *_project,
    path("places/", places),
    path("secret/", secret),
    path("places/bulk/", places_bulk, name="places_bulk"),
]


@pytest.fixture(autouse=True)
def _addresses(settings, tmp_path):
    (tmp_path / "table.html").write_text(
        '{% extends "console/base.html" %}{% import "shared/table.html" as tables with context %}'
        "{% block page %}{{ tables.table(table) }}{% endblock %}"
    )
    templates = [dict(t) for t in settings.TEMPLATES]
    templates[0]["DIRS"] = [tmp_path]
    settings.TEMPLATES = templates
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def staff():
    for code in (STREET, OTHER_COUNTY):
        make_area(code)
    Area.objects.bulk_create(
        Area(
            code=STREET + n, name=f"第{n}网格", full_name=f"第{n}网格", initials="abc"[n % 3], pinyin="xy"[n % 2],
            valid_from=f"2025-01-{n % 28 + 1:02d}",
        )
        for n in range(1, 121)
    )  # fmt: skip
    return holder({Permission.AREAS_EDIT, Permission.EXPORT, Permission.CONSOLE}, COUNTY)


def table(query="", kind=Places, rows=None, scope=None):
    request = RequestFactory().get(f"/places/{query}")
    request.scope = scope or Scope()
    return kind(request, Area.objects.order_by("code") if rows is None else rows, search=find)


def shown(t):
    return [r.pk for r in t.page.rows]


def test_rows_without_an_order_are_refused():
    with pytest.raises(UnorderedRows):
        Places(RequestFactory().get("/"), Area.objects.order_by())


def test_the_address_says_everything_and_is_canonical():
    query = "?q=网格&initials=b&initials=a&sort=-name&cols=code,name&size=25&page=2&valid_from=2025-01-02.."
    t = table(query)
    assert t.state.filters == {"initials": ("b", "a"), "valid_from": ("2025-01-02..",)}
    again = table("?" + t.query())
    assert again.state == t.state
    assert [c.code for c in again.visible] == ["code", "name"]
    assert again.query() == t.query()


def test_what_is_not_known_is_dropped():
    t = table("?initials=z&pinyin=q&sort=password&cols=nothing&size=9999&page=x&valid_from=never&area=abc")
    assert t.state == table().state
    assert t.query() == ""


def test_a_change_of_rows_goes_back_to_page_one():
    t = table("?page=3&size=25")
    assert "page" not in t.query(sort="name")
    assert "page=4" in t.query(page=4)


def test_sort_turns_ascending_descending_usual():
    name = Places.columns[0]
    assert "sort=name" in table().sort_url(name)
    assert "sort=-name" in table("?sort=name").sort_url(name)
    assert "sort" not in table("?sort=-name").sort_url(name)


def test_filters_narrow(staff):
    assert len(shown(table(f"?area={STREET}&size=100"))) == 100
    assert table(f"?area={STREET}&initials=a").total.number == 40
    assert table(f"?area={STREET}&initials=a,b").total.number == 80
    assert table(f"?area={STREET}&initials=a&pinyin=x").total.number == 20
    assert table("?valid_from=2025-01-02..2025-01-02").total.number == 5
    assert table("?valid_from_from=2025-01-02&valid_from_to=2025-01-02").total.number == 5
    assert table("?name=第7网").total.number == 1
    assert table("?q=第11网").total.number == 1


def test_chips_say_what_is_filtered_and_take_it_off(staff):
    t = table(f"?area={STREET}&initials=a,b", scope=scope_of(staff.pk, timezone.localdate()))
    assert [(str(label), words) for label, words, _u in t.chips] == [
        ("首字母", "甲、乙"),
        ("区域", "星沙街道"),
    ]
    assert "initials" not in t.chips[0][2]
    assert "area" in t.chips[0][2]


def test_pages_do_not_overlap_even_when_the_order_ties(staff):
    seen = [
        pk for n in (1, 2, 3, 4, 5) for pk in shown(table(f"?sort=valid_from&size=25&page={n}&area={STREET}"))
    ]
    assert len(seen) == len(set(seen)) == 121


def test_the_count_stops_at_its_cap(staff):
    t = table("?size=25", kind=type("Small", (Places,), {"count_cap": 50}))
    with CaptureQueriesContext(connection) as queries:
        assert str(t.total) == "50+"
    assert "LIMIT 51" in queries.captured_queries[-1]["sql"]
    assert t.last_reachable == 2
    assert t.page_numbers == [1, 2]
    beyond = table("?size=25&page=900", kind=type("Small", (Places,), {"count_cap": 50}))
    assert beyond.page.number == 2


def test_a_page_that_shows_everything_is_not_counted(staff):
    with CaptureQueriesContext(connection) as queries:
        assert table("?name=第7网").total.number == 1
    assert len(queries) == 1


def test_number_of_queries_does_not_grow_with_rows(staff, django_assert_max_num_queries):
    browser = client(staff)
    browser.get("/places/?size=25")
    with CaptureQueriesContext(connection) as few:
        browser.get("/places/?size=25")
    with CaptureQueriesContext(connection) as many:
        browser.get("/places/?size=100")
    assert len(many) <= len(few)


def test_htmx_gets_the_part_and_the_address(staff):
    browser = client(staff)
    part = browser.get(
        "/places/?initials=a&q=&sort=", headers={"HX-Request": "true", "HX-Target": "t-places-rows"}
    )
    assert part.headers["HX-Push-Url"] == "/places/?initials=a"
    assert part.content.strip().startswith(b'<div id="t-places-rows"')
    assert b"<html" not in part.content
    assert "HX-Target" in part.headers["Vary"]
    whole = browser.get("/places/", headers={"HX-Request": "true", "HX-Target": "t-places"})
    assert whole.content.strip().startswith(b'<div class="nx-tbl')
    assert b"<html" in browser.get("/places/").content


def export(browser, address):
    answer = browser.post(address, {"_export": "xlsx"})
    assert answer.status_code == 200
    return [list(r) for r in load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values]


def test_export_is_what_the_screen_shows(staff):
    lines = export(client(staff), "/places/?initials=a&cols=code,name&sort=-code")
    assert lines[0] == ["代码", "名称"]
    codes = [line[0] for line in lines[1:]]
    wanted = rows_of(scope_of(staff.pk, timezone.localdate())).filter(initials="a")
    assert codes == [r.code for r in wanted.order_by("-code")]


def test_export_of_another_district_is_empty_of_it(staff):
    """Fault 26: a filter on another's area gives none of its rows."""
    lines = export(client(staff), f"/places/?area={OTHER_COUNTY}")
    assert len(lines) == 1


def test_export_keeps_formulas_as_text(staff):
    Area.objects.filter(code=STREET + 1).update(name='=cmd|"/c calc"!A1')
    lines = export(client(staff), f"/places/?area={STREET + 1}")
    assert lines[1][0] == '=cmd|"/c calc"!A1'


def test_export_needs_its_permission(staff):
    clerk = holder({Permission.AREAS_EDIT}, COUNTY)
    page = client(clerk).get("/places/")
    assert b"_export" not in page.content
    assert client(clerk).post("/places/", {"_export": "xlsx"}).status_code == 404


def test_export_ends_when_the_posting_ends(staff, monkeypatch):
    """Fault 27: nothing has left when the posting ends half way."""
    monkeypatch.setattr("nuanxin.web.shared.tables.table.RECHECK_EVERY", 10)
    monkeypatch.setattr("nuanxin.web.shared.tables.table.still_in_force", lambda scope: False)
    assert client(staff).post("/places/", {"_export": "xlsx"}).status_code == 404


def test_bulk_takes_the_ticked_rows_of_the_scope_only(staff):
    browser = client(staff)
    answer = browser.post("/places/bulk/", {"row": [STREET + 1, STREET + 2, OTHER_COUNTY, "x"]})
    assert answer.status_code in (200, 404)
    answer = browser.post("/places/bulk/", {"row": [STREET + 1, STREET + 2, OTHER_COUNTY]})
    assert answer.json() == [STREET + 1, STREET + 2]


def test_bulk_everything_means_all_that_match(staff):
    answer = client(staff).post("/places/bulk/?initials=a", {"everything": "1", "row": [STREET + 1]})
    assert len(answer.json()) == 40


@pytest.mark.parametrize(
    ("said", "to"), [("/places/", "/places/?initials=a"), ("//evil.example/", "/x/?initials=a")]
)
def test_a_bulk_action_goes_back_to_its_list_and_nowhere_else(said, to):
    request = RequestFactory().post("/x/?initials=a", {"_list": said})
    request.scope = Scope()
    assert Places(request, Area.objects.order_by("code")).back().headers["Location"] == to


def test_private_search_never_stands_in_the_address(staff):
    browser = client(staff)
    answer = browser.post("/secret/", {"_table": "secret", "q": "第7网"})
    assert answer.status_code == 303
    assert "%E7" not in answer.headers["Location"]
    assert "第7网" not in answer.headers["Location"]
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "第7网格" in page
    assert "第8网格" not in page
    assert 'method="post"' in page
    t = table("?q=第7网", kind=PrivatePlaces)
    assert "第7" not in t.query()
    assert t.view_query == ""


def test_an_empty_table_says_what_to_do(staff):
    page = client(staff).get("/places/?q=没有这个").content.decode()
    assert "没有符合条件的记录" in page
    assert "清除全部条件" in page
