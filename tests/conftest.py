"""What all tests share: no test is timed, not even by hypothesis; a busy machine is slow."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
