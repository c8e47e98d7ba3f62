"""What all tests share: no test is timed, not even by hypothesis (a busy machine is slow), and none is luck.

By default every run tries the same examples; `make search` looks for others that break a property.
"""

from hypothesis import settings

settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile("same")
