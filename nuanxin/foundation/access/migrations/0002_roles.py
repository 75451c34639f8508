"""The roles that come with the system. The security administrator changes all but the three administrators'."""

from django.db import migrations

READ = ["console", "enterprises.view", "workers.view", "indicators.view"]

ROLES = {
    "lead_admin": (
        "县区牵头管理员",
        [
            *READ,
            "areas.edit",
            "units.edit",
            "enterprises.edit",
            "workers.unmask",
            "workers.edit",
            "party.view",
            "export",
            "import",
            "survey.run",
            "survey.verify",
            "survey.match",
        ],
    ),
    "department": ("行业部门", [*READ, "enterprises.edit", "export", "import", "survey.match"]),
    "street": ("镇街", [*READ, "workers.edit", "export", "import", "survey.verify", "survey.match"]),
    "community": ("社区网格", ["console", "enterprises.view", "workers.view", "survey.verify"]),
    "viewer": ("领导（只看指标）", ["console", "enterprises.view", "indicators.view"]),
    "system_admin": ("系统管理员", ["console", "system.admin", "areas.edit", "units.edit"]),
    "security_admin": ("安全管理员", ["console", "security.admin"]),
    "audit_admin": ("审计管理员", ["console", "audit.admin"]),
}


def seed(apps, schema_editor):
    role = apps.get_model("access", "Role")
    for code, (name, permissions) in ROLES.items():
        role.objects.get_or_create(
            code=code, defaults={"name": name, "permissions": sorted(permissions), "built_in": True}
        )


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
