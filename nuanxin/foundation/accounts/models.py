"""Who signs in. What a person may do stands in postings (registry.units), never here."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """A person of staff who signs in."""

    username = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    area = models.BigIntegerField(
        default=0
    )  # where the person belongs: whose administrators keep the account
    email = models.EmailField(blank=True)  # allauth asks for the field; staff sign in by user name
    is_active = models.BooleanField(default=True)
    password_changed_at = models.DateTimeField(default=timezone.now)
    must_change_password = models.BooleanField(default=False)
    session_epoch = models.PositiveIntegerField(default=0)  # raised to end all sessions of the person
    language = models.CharField(max_length=10, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        ordering = ["username"]
        indexes = [models.Index(fields=["area"])]
        constraints = [models.UniqueConstraint(Lower("username"), name="username_once_in_any_case")]

    def get_full_name(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django compares this with the session at every request; with the epoch in it, raising the epoch
        ends every session of the person in every process at once, without looking for them."""
        return salted_hmac(
            "nuanxin.accounts.session",
            f"{self.password}\0{self.session_epoch}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()


class PastPassword(models.Model):
    """The hash of a password that a person has used, so that the last ones are not taken again."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="past_passwords")
    encoded = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-id"]


class SignInGuard(models.Model):
    """Counts failures for a user name as typed, known or not, so that a lock does not tell which names exist.

    Only the keyed hash of the name is kept: people type their password into the wrong field.
    """

    name_index: Any = models.BinaryField(primary_key=True, max_length=16)
    failures = models.PositiveSmallIntegerField(default=0)
    last_failure_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-last_failure_at", "name_index"]
        indexes = [models.Index(fields=["last_failure_at"])]
