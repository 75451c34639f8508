"""What every test may count on. The database is started by `tests/settings.py`."""

import os
from pathlib import Path

import pytest
from django.core.paginator import UnorderedObjectListWarning


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, django_db_blocker):
    """Before a database is made: those of runs that were killed are dropped, so that they do not pile up.

    Only in the embedded cluster: on a shared server the process numbers of another machine would say nothing.
    """
    from django.db import connection

    if os.environ.get("DATABASE_URL"):
        return
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, 'test_nuanxin_')")
        for (name,) in cursor.fetchall():
            owner = name.split("_")[2]
            if owner.isdigit() and not Path("/proc", owner).exists():
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests that really commit are cleaned up with TRUNCATE, which the trail of facts refuses: in the test database
    that one trigger sleeps (tests/foundation/facts wakes it to see that it holds)."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("facts_fact", "facts_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_truncate")


@pytest.fixture(autouse=True)
def _ordered_lists(recwarn):
    """A list cut into pages without an order shows some rows twice and others never."""
    yield
    unordered = [w for w in recwarn if issubclass(w.category, UnorderedObjectListWarning)]
    assert not unordered, unordered[0].message
