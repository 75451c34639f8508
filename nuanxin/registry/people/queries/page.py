"""The page of one person: numbers masked, with what other apps know of where it came from."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.accounts.queries import names
from nuanxin.foundation.codes.rules.masking import mask_id, mask_phone, mask_plate
from nuanxin.foundation.facts.enums import kind_label
from nuanxin.foundation.facts.models import Fact
from nuanxin.foundation.facts.queries import about
from nuanxin.foundation.vault.queries import keyring
from nuanxin.registry.enterprises.models import EnterpriseVersion
from nuanxin.registry.enterprises.queries.dossier import Section

from ..models import Consent, Engagement, PartyDeclaration, Worker
from ..rules import PURPOSES

_MASKS = {"phone": mask_phone, "id_number": mask_id, "plate": mask_plate}


def number(row: Worker, column: str, *, full: bool = False) -> str:
    """A sealed number as a list shows it; what came masked stays as it came. `full` is for exports with a reason."""
    text = keyring().open(PURPOSES[column], getattr(row, column))
    return text if full or not text or "*" in text else _MASKS[column](text)


_providers: list[Callable[[Scope, UUID], Section | None]] = []


def add_section(provider: Callable[[Scope, UUID], Section | None]) -> None:
    """`provider(scope, worker)` gives a section of the person's page, None for nothing. For `AppConfig.ready`."""
    if provider not in _providers:
        _providers.append(provider)


@dataclass(frozen=True)
class Happened:
    """A fact about the person: what, when, by whom; what changed, by the names of columns."""

    title: str
    fact: Fact
    who: str


@dataclass(frozen=True)
class WorkerPage:
    worker: Worker
    id_number: str
    phone: str
    plate: str
    has_hardship: bool
    engagements: Sequence[tuple[Engagement, str]]  # with the name of the firm
    consents: Sequence[Consent]
    happened: Sequence[Happened]
    sections: Sequence[Section]
    may_edit: bool
    may_unmask: bool


def worker_page(scope: Scope, worker: Worker) -> WorkerPage:
    """Everything of a person that `actions.open_worker` has opened, in a fixed number of queries."""
    engagements = list(
        Engagement.objects.filter(worker=worker)
        .select_related("platform", "area", "site")
        .order_by("-valid_from", "-id")
    )
    firms = dict(
        EnterpriseVersion.objects.filter(
            enterprise__in={e.enterprise_id for e in engagements if e.enterprise_id}, valid_to=None
        ).values_list("enterprise_id", "name")
    )
    facts = list(about(f"worker:{worker.pk}")[:50])
    who = names(f.actor for f in facts)
    place = (worker.area_id, worker.sector)
    return WorkerPage(
        worker=worker,
        id_number=number(worker, "id_number"),
        phone=number(worker, "phone"),
        plate=number(worker, "plate"),
        has_hardship=bool(worker.hardship),
        engagements=[
            (e, firms.get(e.enterprise_id, e.employer_text) if e.enterprise_id else e.employer_text)
            for e in engagements
        ],
        consents=list(Consent.objects.filter(worker=worker).order_by("-given_on", "-id")),
        happened=[Happened(kind_label(f.kind), f, who.get(f.actor or 0, "")) for f in facts],
        sections=[s for provider in _providers if (s := provider(scope, worker.pk)) is not None],
        may_edit=scope.allows(Permission.WORKERS_EDIT, *place),
        may_unmask=scope.allows(Permission.WORKERS_UNMASK, *place),
    )


def worker(scope: Scope, pk: UUID, *, permission: str) -> Worker:
    """The person's row for an action. Raises Worker.DoesNotExist outside the scope."""
    found = Worker.objects.select_related("area").get(pk=pk)
    if not scope.allows(permission, found.area_id, found.sector):
        raise Worker.DoesNotExist
    return found


def declared(row: PartyDeclaration) -> Mapping[str, Any]:
    """What a declaration says (columns of the 党员名册); the caller's query has checked PARTY_VIEW."""
    text = keyring().open("person.party", bytes(row.detail))
    return json.loads(text) if text else {}


def declaration(scope: Scope, worker: Worker) -> PartyDeclaration | None:
    """The person's declaration in force, only for those who may see members."""
    if not scope.allows(Permission.PARTY_VIEW, worker.area_id, worker.sector):
        return None
    return PartyDeclaration.objects.filter(worker=worker, withdrawn_on=None).first()
