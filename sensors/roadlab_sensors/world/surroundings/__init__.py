"""What stands beside the roads."""

from roadlab_sensors.world.surroundings.fill import surroundings

__all__ = ["surroundings"]
