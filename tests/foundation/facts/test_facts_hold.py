"""Facts cannot be changed, and a change behind the system's back breaks the chain (GB/T 22239-2019 8.1.4.3)."""

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from nuanxin.foundation.access.enums import AccessFact
from nuanxin.foundation.access.rules import Grant, Scope
from nuanxin.foundation.facts import actions, queries
from nuanxin.foundation.facts.models import Fact, Seal

pytestmark = pytest.mark.django_db


def record(n: int = 1, **more):
    return [
        actions.record(AccessFact.ROLE_CHANGED, subject=f"role:{i}", by=7, **({"area": 0} | more))
        for i in range(n)
    ]


@pytest.mark.parametrize("model", [Fact, Seal])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {table} SET at = now()", "DELETE FROM {table}", "TRUNCATE {table}"],
)
def test_the_trigger_refuses(model, statement):
    table = model._meta.db_table
    record()
    actions.seal_facts()
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_no_truncate")
        with pytest.raises((IntegrityError, InternalError), match="never changed"), transaction.atomic():
            cursor.execute(statement.format(table=table))
    assert model.objects.count() == 1


def test_a_fact_needs_a_transaction(monkeypatch):
    monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
    with pytest.raises(RuntimeError):
        actions.record(AccessFact.ROLE_CHANGED, subject="role:x", by=None)


def test_an_untouched_chain_is_whole():
    record(12)
    assert actions.seal_facts(batch=5) == 5
    assert actions.seal_facts(batch=50) == 7
    assert actions.seal_facts() == 0
    state = queries.verify_chain()
    assert (state.whole, state.sealed, state.unsealed) == (True, 12, 0)
    assert state.head == queries.head() != b"\0" * 32


def tamper(sql: str, params: list) -> None:
    """What somebody with the database owner's rights could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("facts_fact", "facts_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, params)
        for table in ("facts_fact", "facts_seal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE facts_fact SET actor = 8 WHERE id = %s",
        "UPDATE facts_fact SET at = at + interval '1 microsecond' WHERE id = %s",
        "UPDATE facts_fact SET detail = '{\"x\": 1}' WHERE id = %s",
        "DELETE FROM facts_fact WHERE id = %s",
        "DELETE FROM facts_seal WHERE fact = %s",
        "UPDATE facts_seal SET seal = decode(repeat('00', 32), 'hex') WHERE fact = %s",
    ],
)
def test_tampering_breaks_the_chain(sql):
    facts = record(9)
    actions.seal_facts()
    tamper(sql, [facts[4].pk])
    state = queries.verify_chain()
    assert not state.whole
    assert state.broken_at in (facts[4].pk, facts[5].pk)


def test_a_fact_slipped_in_shows_as_unsealed():
    facts = record(5)
    actions.seal_facts()
    tamper(
        "INSERT INTO facts_fact (id, kind, area, sector, subject, quantity, detail) VALUES (%s, 'x', 0, '', 'y', 1, '{}')",
        [facts[0].pk - 1_000_001],
    )
    assert actions.seal_facts() == 0
    assert queries.verify_chain().unsealed == 1


def test_a_late_transaction_comes_into_the_chain():
    first, second, third = record(3)
    tamper("DELETE FROM facts_fact WHERE id = %s", [second.pk])  # its transaction has not ended yet
    actions.seal_facts()
    Fact.objects.create(id=second.pk, kind="late", subject="late")
    assert actions.seal_facts() == 1
    assert queries.verify_chain().whole
    assert list(Seal.objects.values_list("fact", flat=True)) == [first.pk, third.pk, second.pk]


def test_the_trail_is_cut_to_the_area_of_the_audit_administrator():
    record(1, area=430121000000000)
    record(1, area=430304000000000)
    record(1)
    auditor = Scope(1, (Grant(430121000000000, frozenset({"audit.admin"}), 1),))
    assert [f.area for f in queries.trail(auditor)] == [0, 430121000000000]
    assert not queries.trail(Scope(1, (Grant(430121000000000, frozenset({"system.admin"}), 1),))).exists()
    assert not queries.trail(Scope()).exists()


def test_the_trail_can_be_filtered():
    record(3)
    auditor = Scope(1, (Grant(430121000000000, frozenset({"audit.admin"}), 1),))
    found = queries.trail(auditor, queries.TrailFilter(kind="access.", subject="role:1", actor=7))
    assert found.count() == 1
    assert queries.about("role:2").count() == 1
