"""One setting for all property tests: no deadline, since no test here asserts on time."""

from hypothesis import HealthCheck, settings

settings.register_profile("dibao", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("dibao")
