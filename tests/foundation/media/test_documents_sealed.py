"""No roster lies readable on the disk."""

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from nuanxin.foundation.media.actions import accept_document
from nuanxin.foundation.media.models import StoredFile
from nuanxin.foundation.media.queries import contents
from nuanxin.foundation.vault.rules import CannotOpen

pytestmark = pytest.mark.django_db
ROSTER = "姓名,身份证号\n王强,430511199001010014\n".encode() * 5000


@pytest.fixture
def stored() -> StoredFile:
    return accept_document(ROSTER, by=None, now=timezone.now(), name="a.csv")


def test_the_bytes_on_the_disk_hold_nothing_of_the_roster(stored):
    with default_storage.open(stored.path) as file:
        raw = file.read()
    assert b"430511199001010014" not in raw and "王强".encode() not in raw
    assert contents(stored).read() == ROSTER


def test_changed_bytes_do_not_open(stored):
    path = default_storage.path(stored.path)
    with open(path, "r+b") as file:
        file.seek(5000)
        file.write(b"x")
    with pytest.raises(CannotOpen):
        contents(stored)


def test_another_file_s_key_does_not_open(stored):
    other = accept_document(b"a,b\n1,2\n", by=None, now=timezone.now(), name="b.csv")
    stored.data_key = other.data_key
    with pytest.raises(CannotOpen):
        contents(stored)


def test_the_largest_piece_and_the_empty_rest_open(stored):
    exact = accept_document(b"a,b\n" + b"1" * ((1 << 20) - 4), by=None, now=timezone.now(), name="c.csv")
    assert len(contents(exact).read()) == 1 << 20
