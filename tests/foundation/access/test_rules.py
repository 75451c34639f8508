import pytest

from nuanxin.foundation.access import rules
from nuanxin.foundation.access.enums import Permission as P


@pytest.mark.parametrize(
    ("permissions", "sound"),
    [
        ({P.CONSOLE, P.SYSTEM_ADMIN, P.UNITS_EDIT, P.AREAS_EDIT}, True),
        ({P.CONSOLE, P.AUDIT_ADMIN}, True),
        ({P.WORKERS_VIEW, P.EXPORT}, True),
        ({P.SYSTEM_ADMIN, P.SECURITY_ADMIN}, False),
        ({P.AUDIT_ADMIN, P.UNITS_EDIT}, False),
        ({P.SYSTEM_ADMIN, P.WORKERS_VIEW}, False),
        ({P.SECURITY_ADMIN, P.AUDIT_ADMIN}, False),
    ],
)
def test_administrators_stand_apart(permissions, sound):
    assert bool(rules.clash(permissions)) is not sound


def test_who_grants_what():
    assert rules.granting_permission({P.WORKERS_VIEW}) == P.SYSTEM_ADMIN
    for admin in rules.ADMIN_PERMISSIONS:
        assert rules.granting_permission({P.CONSOLE, admin}) == P.SECURITY_ADMIN


@pytest.mark.parametrize(
    ("reason", "fault"),
    [
        ("核对", "short"),
        ("   ", "short"),
        ("回访 13812345678 核实", "number"),
        ("回访 138 1234 5678 核实", "number"),
        ("身份证４３０１２１１９９０", "number"),
        ("接到本人来电，核对登记信息", ""),
        ("2026年第三季度核查", ""),
    ],
)
def test_a_reason_says_something_and_carries_no_number(reason, fault):
    assert rules.reason_fault(reason) == fault
