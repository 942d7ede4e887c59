"""Settings of all tests."""

from hypothesis import settings

# The same examples at each run: a red test is then the change's, not chance's. To look for new
# ones: python3 start.py test --hypothesis-profile explore
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=2000, deadline=None)
settings.load_profile("fixed")
