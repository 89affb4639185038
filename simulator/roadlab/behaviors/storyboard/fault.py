"""What goes wrong in a story while it runs."""

from __future__ import annotations


class StoryFaultError(Exception):
    """An action that cannot be done now; the message says why: "it ..." such as "is on no lane"."""
