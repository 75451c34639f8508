from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CommandConfig(AppConfig):
    name = "nuanxin.command"
    label = "command"

    def ready(self) -> None:
        """Every app's `jobs` is known to web and worker. This app stands last, so procrastinate is ready."""
        autodiscover_modules("jobs")
