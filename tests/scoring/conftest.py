"""Properties have no deadline here: the first example of each may have to wait for the compiler."""

from hypothesis import settings

settings.register_profile("compiled", deadline=None)
settings.load_profile("compiled")
