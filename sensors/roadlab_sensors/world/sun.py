"""Where the sun stands, as the simulator knows it."""

from roadlab.sky.sun import Sun, sun_at, sun_of

__all__ = ["Sun", "sun_at", "sun_of"]
