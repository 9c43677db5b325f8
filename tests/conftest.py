"""Settings that all tests share."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

# The first example of a property may compile for a second, and machines are shared: no test asserts a time.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# tools/mutate.py runs the same examples against every mutant, and wants to know only whether one fails.
settings.register_profile(
    "mutants",
    settings.get_profile("shared"),
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "shared"))
