"""A firm's dossier names the rosters behind it."""

import pytest

from nuanxin.foundation.access.enums import Permission
from nuanxin.organisation.survey.actions.enterprises import put_enterprises, take_enterprises_back
from nuanxin.organisation.survey.models import EnterpriseSource
from nuanxin.organisation.survey.queries.firm_sources import sources_section
from nuanxin.registry.enterprises.models import Enterprise, EnterpriseVersion
from tests.cast import cast_for, scope
from tests.organisation.survey.roster import TODAY, day_before, roster

pytestmark = pytest.mark.django_db
FIRM = {"name": "长沙云帆快递有限公司", "credit_code": "91430121MAGE7DENXU", "surveyed_on": "2026-11-01"}


@pytest.fixture
def sent():
    upload = roster(FIRM, {"name": "长沙星沙餐饮配送有限公司"}, target="enterprises")
    put_enterprises(upload=upload.pk, by=None)
    return upload


def test_the_dossier_tells_row_and_round_to_those_who_may_see_the_firm(sent):
    cast = cast_for(Permission.ENTERPRISES_VIEW)
    firm = Enterprise.objects.get(credit_code=FIRM["credit_code"]).pk
    section = sources_section(scope(cast.owner), firm, TODAY)
    assert section is not None and [r[1] for r in section.rows] == ["第 2 行"]
    assert sources_section(scope(cast.owner), firm, day_before(30)) is None
    assert sources_section(scope(cast.outsider), firm, TODAY) is None


def test_an_undone_roster_takes_its_firms_along(sent):
    assert EnterpriseVersion.objects.count() == 2
    take_enterprises_back(upload=sent.pk, by=None)
    assert not Enterprise.objects.exists() and not EnterpriseSource.objects.exists()


def test_the_same_roster_put_in_again_changes_nothing(sent):
    before = list(EnterpriseVersion.objects.order_by("pk").values())
    put_enterprises(upload=sent.pk, by=None)
    assert list(EnterpriseVersion.objects.order_by("pk").values()) == before
