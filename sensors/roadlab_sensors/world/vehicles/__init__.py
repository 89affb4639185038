"""The look of vehicles: bodies, glass, lamps, cabins and wheels by catalog model."""

from roadlab_sensors.world.vehicles.vehicle import vehicle_model

__all__ = ["vehicle_model"]
