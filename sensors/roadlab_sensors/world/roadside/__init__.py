"""What a map itself puts on and beside its roads: signs, islands, bumps, barriers, trees and houses."""

from roadlab_sensors.world.roadside.stand import roadside

__all__ = ["roadside"]
