"""`nuanxin import`: the same checks, from the command line."""

import argparse
from datetime import date
from pathlib import Path

import pytest

from nuanxin.command.verbs import import_
from nuanxin.engines.intake.enums import UploadState
from nuanxin.engines.intake.models import Row, Upload
from tests.cast import COUNTY, STREET, area, unit
from tests.engines.intake.files import person, xlsx

pytestmark = pytest.mark.django_db


def run(path: Path, *more: str) -> int:
    parser = argparse.ArgumentParser()
    import_.arguments(parser)
    return import_._import(parser.parse_args([str(path), "--unit", unit(COUNTY).code, *more]))


@pytest.fixture
def roster(tmp_path):
    area(STREET)
    path = tmp_path / "名册.xlsx"
    path.write_bytes(xlsx([person(1), person(2, 联系电话="12")]))
    return path


def test_it_imports_and_knows_the_file_the_second_time(roster, capsys):
    assert run(roster, "--yes", "--as-of", "2026-09-30") == 0
    upload = Upload.objects.get()
    assert upload.state == UploadState.COMMITTED
    assert upload.context["as_of"] == date(2026, 9, 30).isoformat()
    assert Row.objects.count() == 2
    assert "第 3 行 F 列（电话）" in capsys.readouterr().out
    assert run(roster, "--yes") == 1
    assert Upload.objects.count() == 1


def test_without_a_yes_nothing_stays(roster, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda prompt: "")
    assert run(roster) == 1
    assert not Upload.objects.exists()


def test_unknown_units_and_unreadable_files_are_told(tmp_path, capsys):
    bad = tmp_path / "a.xlsx"
    bad.write_bytes(b"nothing")
    assert run(bad, "--yes") == 1
    assert Upload.objects.get().state == UploadState.REFUSED
