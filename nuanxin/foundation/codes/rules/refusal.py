"""What a code check answers besides the normalised text: a refusal with its mend, or a masked value."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _


class Masked(str):
    """A value whose sender has hidden part of it (`138****1234`); every hidden character is one `*`.

    Returned, not raised: a masked number is no mistake, it only proves less. Test with `isinstance`.
    """

    __slots__ = ()


class CodeRefused(ValueError):
    """The text is not such a code. `code` is a key of MESSAGES, `params` are the names in its template.

    Params never hold the number itself, so the refusal may be logged.
    """

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return refusal_text(self.code, self.params)


MESSAGES = {
    "empty": _("此项为空，请填写"),
    "id.length": _("身份证号应为18位（或旧的15位），现为%(length)s位，请核对原件"),
    "id.characters": _("身份证号只能是数字，末位可为 X，请核对原件"),
    "id.birth": _("身份证号第7至14位不是真实的出生日期，请核对原件"),
    "id.future": _("身份证号中的出生日期晚于今天，请核对原件"),
    "id.division": _("身份证号前6位不是有效的行政区划代码，请核对原件"),
    "id.check": _("身份证号第18位校验码应为 %(expected)s，请核对原件"),
    "id.destroyed": _(
        "身份证号末三位为000且校验不符，多半已被 Excel 截断；请把该列设为“文本”格式，按原件重新录入"
    ),
    "id.masked": _("身份证号的掩码形式不完整；请写满18位，以 * 代替隐去的数字"),
    "credit.length": _("统一社会信用代码应为18位，现为%(length)s位，请核对营业执照"),
    "credit.old_number": _("这是旧的营业执照注册号（15位），请改填18位统一社会信用代码"),
    "credit.organisation": _("这是旧的组织机构代码（9位），请改填18位统一社会信用代码"),
    "credit.characters": _(
        "统一社会信用代码第%(position)s位“%(character)s”不会出现在代码中（不用 I O S V Z），请核对营业执照"
    ),
    "credit.department": _("统一社会信用代码第1位“%(character)s”不是登记管理部门代码，请核对营业执照"),
    "credit.division": _("统一社会信用代码第3至8位不是有效的行政区划代码，请核对营业执照"),
    "credit.organisation_check": _(
        "统一社会信用代码第17位（主体标识校验码）应为 %(expected)s，请核对营业执照"
    ),
    "credit.check": _("统一社会信用代码第18位校验码应为 %(expected)s，请核对营业执照"),
    "mobile.length": _("手机号应为11位，现为%(length)s位，请核对"),
    "mobile.characters": _("手机号只能是数字，请删去其他文字"),
    "mobile.prefix": _("手机号应以13至19开头，请核对"),
    "mobile.landline": _("这是固定电话，请改填手机号，或填入固定电话一栏"),
    "mobile.several": _("一格中有多个号码，请每格只填一个"),
    "landline.format": _("固定电话应为区号加号码，如 0731-84012345，请核对"),
    "plate.length": _("车牌应为7位（新能源8位），现为%(length)s位，请核对行驶证"),
    "plate.province": _("车牌首字“%(character)s”不是省份简称，请核对行驶证"),
    "plate.letters": _("车牌不用字母 I 和 O，请改为数字 1 或 0 后再核对"),
    "plate.format": _("车牌格式不对，应如 湘A12345 或 湘AD12345，请核对行驶证"),
    "ebike.format": _("电动自行车号牌与本地格式（%(example)s）不符，请核对号牌"),
    "name.digits": _("姓名中不应有数字，请核对是否填错列"),
    "name.characters": _("姓名中有不应出现的符号“%(character)s”，请删去"),
    "name.long": _("姓名超过%(limit)s个字，请核对是否填错列"),
    "name.placeholder": _("“%(text)s”不是姓名，请填写真实姓名"),
}


def refusal_text(code: str, params: dict[str, Any]) -> str:
    """What is wrong and how to mend it, in the active language."""
    return str(MESSAGES[code]) % params
