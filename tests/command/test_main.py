"""The command itself: quick, in Chinese, with an exit code that means something."""

import subprocess
import sys

import pytest

from nuanxin.command.main import VERBS, main


def test_help_names_every_verb_and_loads_nothing(capsys):
    code = "import sys; from nuanxin.command.main import main\ntry: main(['--help'])\nexcept SystemExit: pass\nprint('django' in sys.modules)"
    out = subprocess.check_output([sys.executable, "-c", code], text=True)

    assert all(verb in out for verb in VERBS)
    assert out.endswith("False\n")


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(verb, capsys):
    with pytest.raises(SystemExit) as ended:
        main([verb, "--help"])
    assert ended.value.code == 0
    assert VERBS[verb].split("：")[0][:4] in capsys.readouterr().out.replace("\n", "")


def test_what_is_not_there_is_said_plainly(capsys, tmp_path):
    assert main(["match", str(tmp_path / "none.csv"), "--out", str(tmp_path / "out.csv")]) == 1
    assert "错误" in capsys.readouterr().err


def test_match_needs_neither_database_nor_django(tmp_path):
    (tmp_path / "in.csv").write_text("source,name,phone\na,张三,13800138000\nb,张三,13800138000\n")
    code = (
        "import sys; from nuanxin.command.main import main\n"
        f"code = main(['match', r'{tmp_path}/in.csv', '--out', r'{tmp_path}/out.csv'])\n"
        "print(code, 'django.db' in sys.modules)"
    )
    out = subprocess.check_output([sys.executable, "-c", code], text=True)

    assert out.split() == ["0", "False"]
    assert "cluster" in (tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()[0]
