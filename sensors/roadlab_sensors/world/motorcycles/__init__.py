"""Motorcycles and scooters with their riders."""

from roadlab_sensors.world.motorcycles.model import motorcycle_model

__all__ = ["motorcycle_model"]
