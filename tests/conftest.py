"""Settings of all tests."""

import os

from hypothesis import settings

# Whatever does not name a database of its own must not touch the person's chats.
os.environ["CABOCHON_DATABASE_URL"] = "sqlite://"

# The same examples at each run: a red test is then the change's, not chance's. To look for new
# ones: python3 start.py test --hypothesis-profile explore
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=2000, deadline=None)
settings.load_profile("fixed")
