"""What holds for every test."""

from __future__ import annotations

import hypothesis

# A busy machine is slow, not wrong: no example has a time limit.
hypothesis.settings.register_profile("olympic", deadline=None)
hypothesis.settings.load_profile("olympic")
