from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nuanxin.foundation.facts.enums import FactKind


class FileKind(TextChoices):
    """What a stored file is. The app that owns files of its own names its kinds freely: `survey.upload`."""

    PHOTO = "photo", _("照片")
    DOCUMENT = "document", _("文档")


class MediaFact(FactKind):
    FILE_STORED = "media.file.stored", _("保存文件")
    FILE_OPENED = "media.file.opened", _("打开文件")
    FILE_REMOVED = "media.file.removed", _("删除文件")
