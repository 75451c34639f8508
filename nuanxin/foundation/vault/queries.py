"""The keyring of this installation, for the apps that keep personal data."""

from django.conf import settings

from .rules import Keyring


def keyring() -> Keyring:
    """Keys in force; read anew at each call so that a rotation reaches running processes with their restart."""
    ring: Keyring = settings.VAULT
    return ring
