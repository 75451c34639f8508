"""Files lie under random names, their own name sealed, and open only after the owner's check."""

import hashlib
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.storage import InMemoryStorage
from django.db import transaction

from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.facts.models import Fact
from nuanxin.foundation.media import actions, queries
from nuanxin.foundation.media.models import StoredFile
from nuanxin.foundation.media.rules import Refused, sniff

from .test_pictures import with_gps

NOW = datetime(2026, 9, 18, 8, 0, tzinfo=UTC)
XLSX = b"PK\x03\x04" + b"x" * 5000
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def storage(monkeypatch):
    kept = InMemoryStorage()
    monkeypatch.setattr(actions, "default_storage", kept)
    monkeypatch.setattr(queries, "default_storage", kept)
    return kept


@pytest.fixture
def kinds(monkeypatch):
    monkeypatch.setattr(queries, "_checkers", {})


def test_a_document_is_kept_as_it_is(storage):
    file = actions.accept_document(
        io.BytesIO(XLSX), by=3, now=NOW, name="张三的名册.xlsx", area=430121 * 10**9
    )
    assert file.sha256 == hashlib.sha256(XLSX).hexdigest()
    assert file.size == len(XLSX)
    assert queries.contents(file).read() == XLSX
    assert file.path.startswith("2026/09/")
    assert file.path.endswith(".xlsx")
    assert "张三" not in f"{file.path}{bytes(file.name)!r}{queries.download_name(file)}"
    assert queries.original_name(file) == "张三的名册.xlsx"
    fact = Fact.objects.get(kind="media.file.stored")
    assert "张三" not in str(fact.detail)


def test_a_photo_is_kept_clean(storage):
    file = actions.accept_photo(with_gps(), by=3, now=NOW, name="IMG_1.jpg")
    assert (file.mime, file.width, file.height) == ("image/jpeg", 600, 400)
    assert b"SecretPhoneMaker" not in queries.contents(file).read()


def test_a_refused_photo_leaves_nothing(storage):
    with pytest.raises(Refused):
        actions.accept_photo(b"nothing", by=3, now=NOW)
    assert not StoredFile.objects.exists()
    assert storage.listdir("") == ([], [])


@pytest.mark.parametrize(
    ("head", "name", "suffix"),
    [
        (b"%PDF-1.7", "a.txt", ".pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "a.xlsx", ".xls"),
        (XLSX, "a.xlsx", ".xlsx"),
        (XLSX, "a.docx", ".docx"),
        ("姓名,电话".encode("gb18030"), "a.csv", ".csv"),
        ("\ufeff姓名".encode("utf-16-le"), "a.csv", ".csv"),
        (b'{"type": "FeatureCollection"}', "a.geojson", ".json"),
    ],
)
def test_what_it_is_by_its_bytes(head, name, suffix):
    assert sniff(head, name) == suffix


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"", "a.csv"),
        (XLSX, "a.zip"),
        (b"<!DOCTYPE html><script>", "a.csv"),
        (b"\x7fELF\0\0", "a.csv"),
        (b"MZ\0\0", "a.xlsx"),
    ],
)
def test_anything_else_is_refused(head, name):
    with pytest.raises(Refused):
        sniff(head, name)


def test_size_limit(settings, storage):
    settings.NUANXIN_LARGEST_DOCUMENT = 1000
    with pytest.raises(Refused) as refused:
        actions.accept_document(XLSX, by=3, now=NOW, name="a.xlsx")
    assert refused.value.code == "too_large"


def test_opening_asks_the_owner(kinds):
    file = actions.accept_document(XLSX, by=3, now=NOW, name="a.xlsx", kind="survey.upload")
    mine, other = Scope(user_id=3), Scope(user_id=4)
    assert queries.openable(mine, file.pk) is None  # nobody answers for the kind
    queries.register("survey.upload", lambda scope, f: scope.user_id == f.created_by)
    assert queries.openable(mine, file.pk) == file
    assert queries.openable(other, file.pk) is None
    with pytest.raises(ValueError):
        queries.register("survey.upload", lambda scope, f: True)


def test_removal_waits_for_the_commit(storage, django_capture_on_commit_callbacks):
    file = actions.accept_document(XLSX, by=3, now=NOW, name="a.xlsx")
    path = file.path
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove(file, by=3)
        assert storage.exists(path)
    assert not storage.exists(path)


def test_bytes_without_a_row_are_swept(storage):
    kept = actions.accept_document(XLSX, by=3, now=NOW, name="a.xlsx")
    with pytest.raises(RuntimeError), transaction.atomic():
        lost = actions.accept_document(XLSX, by=3, now=NOW, name="b.xlsx")
        raise RuntimeError
    assert actions.sweep(before=NOW - timedelta(days=3650)) == 0
    assert actions.sweep(before=datetime.now(UTC) + timedelta(days=1)) == 1
    assert storage.exists(kept.path)
    assert not storage.exists(lost.path)
