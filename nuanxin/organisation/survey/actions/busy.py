"""Waiting for a ledger that is being consolidated: a moment, never as long as a consolidation takes."""

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from .consolidate import lock_area
from .refusal import SurveyRefused

PATIENCE = "4s"


def lock_or_refuse(area: int) -> None:
    """`lock_area` for somebody who sits before the screen. Raises SurveyRefused("busy"); inside a transaction."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
            lock_area(area)
            cursor.execute("SELECT set_config('lock_timeout', '0', true)")
    except OperationalError as error:
        raise SurveyRefused("busy", _("后台正在比对归集，请过一会儿再试。")) from error
