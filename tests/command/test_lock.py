"""What is installed is pinned with hashes, and nothing says from which registry it has to come."""

import re
import tomllib

from nuanxin.command.installation import ROOT

LOCK = ROOT / "requirements.lock"


def test_the_lock_names_no_address():
    assert not re.search(r"://|--(extra-)?index|--find-links", LOCK.read_text())


def test_every_version_is_pinned_with_hashes():
    entries = re.split(r"\n(?=[a-z0-9])", LOCK.read_text().strip(), flags=re.IGNORECASE)
    for entry in entries:
        assert re.match(r"[\w.-]+(\[.*\])?==", entry), entry[:80]
        assert "--hash=sha256:" in entry, entry[:80]


def test_the_lock_follows_the_project():
    """Edit pyproject.toml, then `make lock`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    pinned = {
        normal(line) for line in re.findall(r"^([\w.-]+)(?:\[.*?\])?==", LOCK.read_text(), re.MULTILINE)
    }
    missing = [name for name in map(normal, wanted) if name not in pinned]
    assert not missing, f"make lock: {missing}"


def normal(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()
