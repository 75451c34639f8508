from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _

from nuanxin.foundation.facts.enums import FactKind


class Level(IntegerChoices):
    """What a code of this many digits stands for (dossier 3)."""

    COUNTRY = 0, _("全国")
    PROVINCE = 1, _("省级")
    CITY = 2, _("地级")
    COUNTY = 3, _("县级")
    STREET = 4, _("镇街")
    VILLAGE = 5, _("社区（村）")
    GRID = 6, _("网格")


class Source(TextChoices):
    """Where a row came from. The streets of a county come from one source: each source has its own
    numbers.
    """

    CIVIL = "civil", _("民政部门代码")
    STATISTICS = "statistics", _("统计用区划代码")
    LOCAL = "local", _("本地录入")


class Datum(TextChoices):
    """The systems coordinates arrive in (dossier 3). Ours are WGS-84 everywhere."""

    WGS84 = "wgs84", _("WGS-84（手机定位）")
    CGCS2000 = "cgcs2000", _("CGCS2000（天地图）")
    GCJ02 = "gcj02", _("GCJ-02（高德、腾讯）")
    BD09 = "bd09", _("BD-09（百度）")


GRID_FILE = "areas.grids"
"""The kind under which uploaded files of grids are kept."""


class AreaFact(FactKind):
    AREAS_LOADED = "areas.loaded", _("载入行政区划")
    GRIDS_IMPORTED = "areas.grids.imported", _("导入网格")
