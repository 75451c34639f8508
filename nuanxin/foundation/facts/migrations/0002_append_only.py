"""Facts and their seals are written once: GB/T 22239-2019 8.1.4.3 asks that audit records are protected
against deletion, change and overwriting. The owner of the tables could drop the triggers; the chain of seals shows it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION facts_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or removed (%)', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER facts_fact_no_change BEFORE UPDATE OR DELETE ON facts_fact
    FOR EACH ROW EXECUTE FUNCTION facts_refuse();
CREATE TRIGGER facts_fact_no_truncate BEFORE TRUNCATE ON facts_fact
    FOR EACH STATEMENT EXECUTE FUNCTION facts_refuse();
CREATE TRIGGER facts_seal_no_change BEFORE UPDATE OR DELETE ON facts_seal
    FOR EACH ROW EXECUTE FUNCTION facts_refuse();
CREATE TRIGGER facts_seal_no_truncate BEFORE TRUNCATE ON facts_seal
    FOR EACH STATEMENT EXECUTE FUNCTION facts_refuse();
"""

BACKWARD = """
DROP TRIGGER facts_fact_no_change ON facts_fact;
DROP TRIGGER facts_fact_no_truncate ON facts_fact;
DROP TRIGGER facts_seal_no_change ON facts_seal;
DROP TRIGGER facts_seal_no_truncate ON facts_seal;
DROP FUNCTION facts_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("facts", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
