"""The settings of the tests: a home of their own, an embedded cluster that need not survive a power cut.

Loaded by pytest-django before any conftest, hence the place where the cluster starts; it stops when the last
test process ends. Each process has a database of its own, so several runs may go on at once.
"""

import atexit
import os
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("NUANXIN_HOME", str(ROOT / ".nuanxin" / "test"))
os.environ["NUANXIN_POOL"] = "0"

if not os.environ.get("DATABASE_URL"):
    from nuanxin.command import embedded

    held = ExitStack()
    held.enter_context(embedded.in_use(Path(os.environ["NUANXIN_HOME"]), durable=False))
    atexit.register(held.close)

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, STORAGES  # noqa: E402

DATABASES["default"]["TEST"] = {"NAME": f"test_nuanxin_{os.getpid()}"}
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
]  # fast: what is hashed are the cast's passwords
