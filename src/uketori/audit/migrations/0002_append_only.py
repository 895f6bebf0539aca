"""Triggers that refuse to change or delete what was recorded.  D23.

PostgreSQL: row triggers only, so that TRUNCATE, which needs the owner's rights, passes for tests.
"""

from django.db import migrations

TABLE = "audit_event"

INSTALL = {
    "sqlite": [
        f"""CREATE TRIGGER IF NOT EXISTS {TABLE}_refuses_{act} BEFORE {act} ON {TABLE}
            BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"""
        for act in ("update", "delete")
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION {TABLE}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{TABLE} is append-only'
               USING ERRCODE = 'integrity_constraint_violation'; END $$""",
        f"DROP TRIGGER IF EXISTS {TABLE}_is_append_only ON {TABLE}",
        f"""CREATE TRIGGER {TABLE}_is_append_only BEFORE UPDATE OR DELETE ON {TABLE}
            FOR EACH ROW EXECUTE FUNCTION {TABLE}_is_append_only()""",
    ],
}

REMOVE = {
    "sqlite": [
        f"DROP TRIGGER IF EXISTS {TABLE}_refuses_{act}" for act in ("update", "delete")
    ],
    "postgresql": [
        f"DROP TRIGGER IF EXISTS {TABLE}_is_append_only ON {TABLE}",
        f"DROP FUNCTION IF EXISTS {TABLE}_is_append_only()",
    ],
}


def execute(statements, connection):
    """Run the statements of the connection's vendor; both lists may be run again."""
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)


def install(apps, schema_editor):
    execute(INSTALL, schema_editor.connection)


def remove(apps, schema_editor):
    execute(REMOVE, schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
