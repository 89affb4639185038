"""One table of materials for all sensors.

Colour comes from the mesh's vertices; the table says how a surface scatters it, for the camera and at the lidar's
wavelength. Diffuse reflectivities at 905 nm: ASTER/ECOSTRESS spectral library (asphalt, concrete, brick, vegetation,
soil), Velodyne HDL-64E calibration targets (paint, plates).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Texture = Literal["plain", "asphalt", "concrete", "paving", "grass", "worn_paint", "plaster", "brick", "bark", "wood"]


@dataclass(frozen=True, slots=True)
class Material:
    """How a surface scatters light."""

    roughness: float
    """GGX roughness of the specular lobe, 0 mirror to 1 matte."""
    specular: float = 0.5
    """Strength of the dielectric highlight, as in the Disney model; 0.5 is an index of 1.5."""
    metallic: float = 0.0
    clearcoat: float = 0.0
    """Strength of a lacquer over the base."""
    transparent: bool = False
    """Thin glass: passes what it does not reflect."""
    translucent: float = 0.0
    """Share of the diffuse light that passes through, for leaves."""
    texture: Texture = "plain"
    """Pattern over the vertex colour; depends on place, so only for what does not move."""
    lidar_reflectivity: float = 0.3
    """Diffuse reflectivity at 905 nm, 0 to 1."""
    retroreflective: float = 0.0
    """Extra return towards the emitter, as a multiple of a white diffuse target."""


MATERIALS: dict[str, Material] = {
    # roads and ground
    "asphalt": Material(0.85, 0.3, texture="asphalt", lidar_reflectivity=0.17),
    "concrete": Material(0.8, 0.3, texture="concrete", lidar_reflectivity=0.35),
    "paving": Material(0.85, 0.3, texture="paving", lidar_reflectivity=0.33),
    "road_paint": Material(0.7, 0.4, texture="worn_paint", lidar_reflectivity=0.55, retroreflective=0.6),
    "grass": Material(0.95, 0.1, texture="grass", lidar_reflectivity=0.45),
    "soil": Material(0.95, 0.1, texture="grass", lidar_reflectivity=0.28),
    # buildings and street furniture
    "plaster": Material(0.9, 0.2, texture="plaster", lidar_reflectivity=0.5),
    "brick": Material(0.9, 0.2, texture="brick", lidar_reflectivity=0.32),
    "roof_tiles": Material(0.8, 0.3, texture="concrete", lidar_reflectivity=0.28),  # each course is modelled
    "wood": Material(0.75, 0.3, texture="wood", lidar_reflectivity=0.4),
    "bark": Material(0.95, 0.1, texture="bark", lidar_reflectivity=0.35),
    "leaf": Material(0.6, 0.3, translucent=0.35, lidar_reflectivity=0.5),
    "painted_metal": Material(0.45, 0.5, lidar_reflectivity=0.4),
    "galvanised": Material(0.4, 0.5, metallic=0.8, lidar_reflectivity=0.35),
    "sign_face": Material(0.5, 0.5, lidar_reflectivity=0.6, retroreflective=20.0),
    "stone": Material(0.9, 0.2, texture="concrete", lidar_reflectivity=0.4),
    "window_glass": Material(0.03, 0.6, lidar_reflectivity=0.04),  # opaque: a dark room behind it
    # vehicles
    "car_paint": Material(0.35, 0.5, clearcoat=1.0, lidar_reflectivity=0.35),
    "metallic_paint": Material(0.32, 0.5, metallic=0.45, clearcoat=1.0, lidar_reflectivity=0.3),
    "car_glass": Material(0.0, 0.5, transparent=True, lidar_reflectivity=0.05),
    "tinted_glass": Material(0.03, 0.6, lidar_reflectivity=0.05),  # opaque: privacy glass
    "plastic": Material(0.55, 0.4, lidar_reflectivity=0.12),
    "rubber": Material(0.85, 0.2, lidar_reflectivity=0.06),
    "chrome": Material(0.12, 0.5, metallic=1.0, lidar_reflectivity=0.3),
    "alloy": Material(0.3, 0.5, metallic=0.9, lidar_reflectivity=0.35),
    "lamp_lens": Material(0.08, 0.6, lidar_reflectivity=0.3, retroreflective=3.0),
    "plate": Material(0.5, 0.5, lidar_reflectivity=0.6, retroreflective=15.0),
    "upholstery": Material(0.9, 0.2, lidar_reflectivity=0.3),
    # people
    "skin": Material(0.5, 0.35, lidar_reflectivity=0.55),
    "hair": Material(0.5, 0.5, lidar_reflectivity=0.3),
    "cloth": Material(0.9, 0.15, lidar_reflectivity=0.5),
    "leather": Material(0.5, 0.4, lidar_reflectivity=0.25),
}
