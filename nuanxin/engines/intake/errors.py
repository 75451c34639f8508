"""What an import refuses, as sentences for people."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _


class IntakeError(Exception):
    """`str()` is the sentence for the person."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params

    def __str__(self) -> str:
        return str(MESSAGES[self.code]) % self.params


class AlreadyImported(IntakeError):
    """The same file was imported before: `holder` is the upload that has it; `sheets_left` those it did not read."""

    def __init__(self, holder: UUID, sheets_left: list[str] | None = None) -> None:
        super().__init__("already")
        self.holder, self.sheets_left = holder, sheets_left or []


class NotYours(IntakeError):
    """The place or unit lies outside the person's scope: the screen answers 404."""


MESSAGES = {
    "already": _("这份文件已经导入过，没有重复导入"),
    "not_yours": _("不能为这个单位或区域上传"),
    "state": _("当前状态（%(state)s）不能这样操作，请刷新页面"),
    "mapping.unknown": _("没有这个字段：%(field)s"),
    "mapping.twice": _("“%(label)s”对应了多列（%(letters)s），请只保留一列，其余改为“不导入”"),
    "mapping.required": _("还没有指定“%(label)s”是哪一列"),
    "mapping.one_of": _("至少要指定一列：%(labels)s"),
    "nothing": _("没有可导入的行：%(total)s 行全部有问题，请下载错误表改正后重新上传"),
    "target": _("没有这种表格"),
    "lost": _("找不到已上传的文件，请重新上传"),
    "count": _("写入的行数 %(rows)s 与文件行数 %(total)s 不符，已停止"),
    "fault": _("导入时出错（%(kind)s），可点“继续”重试；若再次出错，请把上传编号告诉管理员"),
}
