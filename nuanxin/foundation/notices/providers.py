"""Providers of short messages. `NUANXIN_SMS_PROVIDER` names one by its dotted path."""

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from nuanxin.foundation.vault.queries import keyring

from .models import PHONE, Delivery, OutboxMessage

DEFAULT = "nuanxin.foundation.notices.providers.Outbox"


class CannotSend(Exception):
    """The provider did not take the message. `lasting`: trying again will not help (wrong number, no
    contract).
    """

    def __init__(self, reason: str, *, lasting: bool = False) -> None:
        super().__init__(reason)
        self.lasting = lasting


class Provider(Protocol):
    """Sends one message. `key` is handed on where the provider knows idempotency keys, since after a crash
    a message that was sent may be sent again. Returns the provider's receipt; raises CannotSend."""

    def send(self, *, phone: str, text: str, template: str, key: str) -> str: ...


class Outbox:
    """Writes messages where the system administrator reads them. For trying out, and where no contract
    exists yet.
    """

    def send(self, *, phone: str, text: str, template: str, key: str) -> str:
        message, _made = OutboxMessage.objects.get_or_create(
            delivery=Delivery.objects.get(key=key),
            defaults={"phone": keyring().seal(PHONE, phone), "text": text},
        )
        return f"outbox:{message.pk}"


def provider_path() -> str:
    path: str = getattr(settings, "NUANXIN_SMS_PROVIDER", "") or DEFAULT
    return path


def provider() -> Provider:
    """The provider in force. Raises ImportError when the setting names none."""
    made: Provider = import_string(provider_path())()
    return made
