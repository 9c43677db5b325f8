"""Settings that all tests share."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# The first example of a property may compile for a second, and machines are shared: no test asserts a time.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")
