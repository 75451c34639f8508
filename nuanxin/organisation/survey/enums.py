from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _

from nuanxin.foundation.facts.enums import FactKind


class RoundState(TextChoices):
    OPEN = "open", _("进行中")
    CLOSED = "closed", _("已结束")


class TaskState(TextChoices):
    TODO = "todo", _("未开始")
    DOING = "doing", _("进行中")
    DONE = "done", _("已完成")


class Party(IntegerChoices):
    """三方比对: who has named a person or firm in a round; the values are bits of a mask."""

    PLATFORM = 1, _("平台企业")
    DEPARTMENT = 2, _("行业部门")
    COMMUNITY = 4, _("街道社区")


class Change(TextChoices):
    """Against the round before."""

    NEW = "new", _("新增")
    STAYED = "stayed", _("延续")
    MOVED = "moved", _("变动")  # another area or employer
    LEFT = "left", _("未再出现")


class PairState(TextChoices):
    OPEN = "open", _("待判断")
    SAME = "same", _("同一人")
    DISTINCT = "distinct", _("不是同一人")
    STALE = "stale", _("已失效")  # one of the two left the ledger by an undo or another merge


class CheckKind(TextChoices):
    """Ways to verify: 电话核实 → 现场走访 (dossier 1, 摸排)."""

    PHONE = "phone", _("电话核实")
    VISIT = "visit", _("现场走访")


class CheckResult(TextChoices):
    CONFIRMED = "confirmed", _("属实")
    CORRECTED = "corrected", _("有更正")
    LEFT = "left", _("已离开")
    MOVED = "moved", _("已搬到别处")
    UNREACHABLE = "unreachable", _("联系不上")
    REFUSED = "refused", _("不愿登记")  # respected: no second call in this round


class SurveyFact(FactKind):
    ROUND_OPENED = "survey.round.opened", _("开始摸排轮次")
    ROUND_CLOSED = "survey.round.closed", _("结束摸排轮次")
    TASK_DONE = "survey.task.done", _("完成摸排任务")
    TASK_REOPENED = "survey.task.reopened", _("重新打开摸排任务")
    MATCHED = "survey.roster.matched", _("比对归集")
    PAIR_MERGED = "survey.pair.merged", _("判为同一人")
    PAIR_DISTINCT = "survey.pair.distinct", _("判为不同人")
    PAIR_REOPENED = "survey.pair.reopened", _("撤回疑似重复的判断")
    SPLIT = "survey.worker.split", _("拆分误并")
    CHECKED = "survey.check.recorded", _("核实结果")
    CHECKS_ASSIGNED = "survey.check.assigned", _("派发核实任务")
    DIFFERENCE_SETTLED = "survey.difference.settled", _("处理三方差异")
    DIFFERENCE_REOPENED = "survey.difference.reopened", _("重新打开三方差异")
    CLEAR_MARKED = "survey.checklist.marked", _("六清打勾")
    CLEAR_UNMARKED = "survey.checklist.unmarked", _("六清取消")
    CHECKLIST_CHANGED = "survey.checklist.changed", _("修改清单")
