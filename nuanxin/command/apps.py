from django.apps import AppConfig


class CommandConfig(AppConfig):
    name = "nuanxin.command"
    label = "command"
