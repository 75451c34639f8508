"""A new key: every sealed value is sealed anew, whatever column it stands in, and a second run goes on."""

import pytest

from nuanxin.command import rotation
from nuanxin.command.rotation import reseal, sealed_columns
from nuanxin.foundation.notices.models import Delivery
from nuanxin.foundation.vault.rules import Keyring

PURPOSE = "notices.phone"


@pytest.fixture
def rings():
    old = Keyring.new()
    return old, old.with_new_key()


def deliveries(ring: Keyring, count: int) -> None:
    Delivery.objects.bulk_create(
        Delivery(key=f"{n}", phone=ring.seal(PURPOSE, f"1380000{n:04}"), template="t", text="t")
        for n in range(count)
    )


def versions(ring: Keyring) -> set[int]:
    return {ring.version(value) for value in Delivery.objects.values_list("phone", flat=True)}


def column(columns):
    return next(c for c in columns if c.model is Delivery)


def test_every_sealed_field_is_found(db):
    purposes = {c.field.vault_purpose for c in sealed_columns()}
    assert {"notices.phone", "person.phone", "person.idno"} <= purposes


@pytest.mark.django_db
def test_all_values_open_with_the_new_key_alone(rings, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 3)
    old, new = rings
    deliveries(old, 10)
    Delivery.objects.create(key="empty", template="t", text="t")

    done = column(reseal(new))

    assert (done.sealed, done.broken) == (10, 0)
    alone = Keyring({new.current: new.keys[new.current]}, new.current, new.index_key)
    row = Delivery.objects.get(key="7")
    assert alone.open(PURPOSE, row.phone) == "13800000007"
    assert bytes(Delivery.objects.get(key="empty").phone) == b""


@pytest.mark.django_db
def test_a_run_that_was_cut_off_goes_on(rings, monkeypatch):
    old, new = rings
    deliveries(old, 10)
    monkeypatch.setattr(rotation, "BATCH", 4)
    real, calls = rotation._write, []

    def cut(*arguments):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(*arguments)

    monkeypatch.setattr(rotation, "_write", cut)
    with pytest.raises(KeyboardInterrupt):
        reseal(new)
    assert versions(new) == {1, 2}
    monkeypatch.setattr(rotation, "_write", real)

    assert column(reseal(new)).sealed == 6
    assert versions(new) == {2}
    assert column(reseal(new)).sealed == 0


@pytest.mark.django_db
def test_what_no_key_opens_stays_and_is_counted(rings):
    old, new = rings
    deliveries(old, 2)
    strange = Keyring.new().seal(PURPOSE, "x")
    Delivery.objects.create(key="strange", phone=strange, template="t", text="t")

    done = column(reseal(new))

    assert (done.sealed, done.broken, done.left) == (2, 1, 0)
    assert bytes(Delivery.objects.get(key="strange").phone) == strange
