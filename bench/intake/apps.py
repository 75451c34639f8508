"""Makes the peers' plain table a model of an app, as django-import-export wants it."""

from django.apps import AppConfig


class BenchConfig(AppConfig):
    name = "bench.intake"
    label = "bench_intake"
