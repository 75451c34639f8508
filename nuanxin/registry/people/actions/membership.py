"""A member's own declaration (dossier 6.4): voluntary, revocable, sealed, seen only with PARTY_VIEW."""

import json
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import transaction

from nuanxin.foundation.facts import actions as facts
from nuanxin.foundation.vault.queries import keyring

from ..enums import ConsentPurpose, Membership, PeopleFact
from ..models import Consent, PartyDeclaration, Worker

DETAIL = (
    *("political", "ethnicity", "education", "joined_on", "confirmed_on", "organisation"),
    *("origin", "destination", "reported_on", "contact"),
)
"""What a declaration may say (columns of the 党员名册, dossier 5); empty values are not kept."""


@transaction.atomic
def declare_membership(
    *, worker_id: UUID, by: int | None, on: date, detail: Mapping[str, str], floating: bool = False
) -> PartyDeclaration:
    """The person says so themselves: their consent and their declaration, in place of an earlier one.

    Raises Worker.DoesNotExist; ValueError for a key that does not exist or a membership that is none.
    """
    worker = Worker.objects.select_for_update().get(pk=worker_id)
    if unknown := set(detail) - set(DETAIL):
        raise ValueError(f"a declaration has no {sorted(unknown)}")
    if detail.get("political") not in Membership.values:
        raise ValueError("a declaration says which membership")
    Consent.objects.get_or_create(
        worker=worker, purpose=ConsentPurpose.PARTY, withdrawn_on=None, defaults={"given_on": on}
    )
    PartyDeclaration.objects.filter(worker=worker, withdrawn_on=None).update(withdrawn_on=on, detail=b"")
    text = json.dumps({k: v for k, v in detail.items() if v}, ensure_ascii=False)
    declaration = PartyDeclaration.objects.create(
        worker=worker, detail=keyring().seal("person.party", text), floating=floating, declared_on=on
    )
    _record(PeopleFact.DECLARED, worker, by)
    return declaration


@transaction.atomic
def withdraw_declaration(*, worker_id: UUID, by: int | None, on: date) -> bool:
    """The declaration is taken back: its content is destroyed, only that there was one remains."""
    worker = Worker.objects.select_for_update().get(pk=worker_id)
    found = PartyDeclaration.objects.filter(worker=worker, withdrawn_on=None)
    if not found.update(withdrawn_on=on, detail=b""):
        return False
    Consent.objects.filter(worker=worker, purpose=ConsentPurpose.PARTY, withdrawn_on=None).update(
        withdrawn_on=on
    )
    _record(PeopleFact.DECLARATION_WITHDRAWN, worker, by)
    return True


def _record(kind: PeopleFact, worker: Worker, by: int | None) -> None:
    """The trail says that it happened in the county, not to whom: the subject would be a list of members."""
    county = worker.area_id // 10**9 * 10**9
    facts.record(kind, subject="declaration", by=by, area=county)
