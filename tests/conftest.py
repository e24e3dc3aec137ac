"""How hard do the property tests try? `make test`: enough for every commit. `make nightly`: for an hour."""

import os

from hypothesis import HealthCheck, settings

NIGHTLY = bool(os.environ.get("SENTIERO_NIGHTLY"))

# No deadline: on a shared core one slow example says nothing. derandomize: the same examples on every machine, so that
# a commit is red by its own fault only; the nightly run looks for new ones.
settings.register_profile("commit", deadline=None, max_examples=100, derandomize=True)
settings.register_profile("nightly", deadline=None, max_examples=5_000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("nightly" if NIGHTLY else "commit")
