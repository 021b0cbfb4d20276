"""How hypothesis searches: how long an example takes says nothing, for machines are busy."""

from hypothesis import HealthCheck, settings

settings.register_profile("fui", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("fui")
