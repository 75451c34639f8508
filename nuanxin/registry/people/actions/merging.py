"""What follows for persons when two entries of the ledger of firms were one."""

from uuid import UUID

from nuanxin.foundation.facts.models import Fact

from ..models import Engagement


def follow_merge(fact: Fact) -> None:
    """The persons of the firm that went are engaged at the one that stays (subscribed to EnterpriseFact.MERGED)."""
    Engagement.objects.filter(enterprise_id=UUID(fact.detail["gone"])).update(
        enterprise_id=UUID(fact.detail["keep"])
    )
