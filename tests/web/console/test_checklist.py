"""六清 on screen: the list, marks one by one and many at once, completion by area."""

import pytest
from django.urls import reverse

from nuanxin.foundation.access.enums import Permission as P
from nuanxin.organisation.survey.models import ChecklistItem, ChecklistMark
from nuanxin.registry.enterprises.actions import register_enterprise
from nuanxin.registry.enterprises.models import EnterpriseVersion
from tests.cast import COMMUNITY, COUNTY, OTHER_COUNTY, STREET, area, client, holder
from tests.registry.people.people import JULY

pytestmark = pytest.mark.django_db
ALL = [P.ENTERPRISES_VIEW, P.SURVEY_RUN, P.SURVEY_VERIFY]
PAGE, ITEM, BULK = "console:checklist", "console:checklist_item", "console:checklist_bulk"


@pytest.fixture
def browser():
    area(COMMUNITY)
    for n in range(3):
        register_enterprise(by=None, on=JULY, name=f"企业{n}", area=COMMUNITY, sector="delivery")
    browser = client(holder(ALL))
    browser.post(reverse(ITEM), {"county": COUNTY, "what": "adopt"})
    return browser


def test_items_are_adopted_reworded_retired_and_added(browser):
    first = ChecklistItem.objects.order_by("position").first()
    post = {"county": COUNTY, "item": first.pk}
    browser.post(reverse(ITEM), post | {"name": "投资人清", "what": "save"})
    browser.post(reverse(ITEM), post | {"what": "retire"})
    browser.post(reverse(ITEM), {"county": COUNTY, "name": "群团组织清", "what": "save"})
    text = browser.get(reverse(PAGE)).text
    assert all(word in text for word in ("投资人清", "已停用", "群团组织清"))
    assert ChecklistItem.objects.filter(retired_on=None).count() == 6


def test_marks_in_bulk_ask_which_and_then_count(browser):
    keys = list(EnterpriseVersion.objects.values_list("pk", flat=True))[:2]
    asked = browser.post(reverse(BULK), {"row": keys})
    assert "2 家企业" in asked.text
    items = list(ChecklistItem.objects.values_list("pk", flat=True))
    browser.post(reverse(BULK), {"row": keys, "item": items})
    assert ChecklistMark.objects.count() == 12
    text = browser.get(reverse(PAGE)).text
    assert "66.7%" in text
    assert "星沙街道" in text
    assert "望仙桥社区" in browser.get(reverse(PAGE), {"area": STREET}).text


def test_another_district_cannot_look_edit_or_mark(browser):
    outsider = client(holder(ALL, OTHER_COUNTY))
    item, firm = ChecklistItem.objects.first(), EnterpriseVersion.objects.first()
    assert outsider.get(reverse(PAGE), {"area": COUNTY}).status_code == 404
    assert outsider.post(reverse(ITEM), {"county": COUNTY, "item": item.pk, "name": "改"}).status_code == 404
    mark = reverse("console:checklist_mark", args=[firm.enterprise_id])
    assert outsider.post(mark, {"item": item.pk}).status_code == 404
    outsider.post(reverse(BULK), {"row": [firm.pk], "item": [item.pk]})
    assert not ChecklistMark.objects.exists()


def test_one_mark_on_the_dossier_and_back(browser):
    item, firm = ChecklistItem.objects.first(), EnterpriseVersion.objects.first()
    mark = reverse("console:checklist_mark", args=[firm.enterprise_id])
    browser.post(mark, {"item": item.pk, "clear": "1"})
    assert ChecklistMark.objects.count() == 1
    browser.post(mark, {"item": item.pk, "clear": "0"})
    assert ChecklistMark.objects.count() == 0


def test_only_the_lead_edits_the_list(browser):
    community = client(holder([P.ENTERPRISES_VIEW, P.SURVEY_VERIFY], STREET))
    assert community.post(reverse(ITEM), {"county": COUNTY, "name": "改"}).status_code == 404
    assert "清单项目" not in community.get(reverse(PAGE)).text
