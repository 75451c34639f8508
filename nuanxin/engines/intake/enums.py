from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _

from nuanxin.foundation.facts.enums import FactKind


class UploadState(TextChoices):
    RECEIVED = "received", _("已上传")  # read, columns proposed, nothing written
    CHECKING = "checking", _("正在预检")  # a large file, in a job; nothing written
    CHECKED = "checked", _("已预检")  # every row checked, counts known, still nothing written
    QUEUED = "queued", _("等待导入")
    COMMITTING = "committing", _("正在导入")
    COMMITTED = "committed", _("已导入")
    UNDONE = "undone", _("已撤销")
    REFUSED = "refused", _("已拒收")  # the whole file: unreadable, dangerous, too large
    FAILED = "failed", _("导入中断")  # resumes where it stopped


LIVE = [
    s.value for s in (UploadState.QUEUED, UploadState.COMMITTING, UploadState.COMMITTED, UploadState.FAILED)
]
"""States in which an upload holds its file: the same file may not come in a second time."""

RUNNING = [s.value for s in (UploadState.CHECKING, UploadState.QUEUED, UploadState.COMMITTING)]
"""States in which a job is at work, or should be."""


class Verdict(IntegerChoices):
    ACCEPTED = 0, _("接收")
    NOTED = 1, _("接收（有提示）")
    REFUSED = 2, _("拒收")


class IntakeFact(FactKind):
    RECEIVED = "intake.upload.received", _("上传表格")
    REFUSED = "intake.upload.refused", _("拒收表格")
    COMMITTED = "intake.upload.committed", _("导入表格")
    ERRORS_OPENED = "intake.errors.opened", _("下载错误表")
    DISCARDED = "intake.upload.discarded", _("放弃上传")
    UNDONE = "intake.upload.undone", _("撤销导入")
    RESUMED = "intake.upload.resumed", _("继续导入")
    MAPPED = "intake.upload.mapped", _("确认列对应关系")
    HEADER_LEARNED = "intake.header.learned", _("记住列对应关系")
    CHECKED = "intake.upload.checked", _("预检表格")
    QUEUED = "intake.upload.queued", _("提交导入")
    FAILED = "intake.upload.failed", _("导入中断")
