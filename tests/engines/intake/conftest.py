import pytest

from nuanxin.engines.intake.actions import register_target
from nuanxin.engines.intake.queries.targets import registered
from nuanxin.organisation.survey.rules.enterprise_fields import ENTERPRISES
from nuanxin.organisation.survey.rules.worker_fields import WORKERS


@pytest.fixture(autouse=True)
def targets():
    """The two targets without the survey's hooks; what was registered comes back afterwards."""
    before = dict(registered)
    register_target(WORKERS)
    register_target(ENTERPRISES)
    yield
    registered.clear()
    registered.update(before)


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }
