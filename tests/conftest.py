"""One setting for all property tests: no deadline, since no test here asserts on time."""

from hypothesis import HealthCheck, settings

settings.register_profile("dibao", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("dibao")


def pytest_make_parametrize_id(config, val, argname):
    """Name bytes by their length: compressed ones hold the clock, and processes that share the tests have to call them the same."""
    return f"{argname}-{len(val)}-bytes" if isinstance(val, bytes) else None
