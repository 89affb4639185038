"""One table of materials for all sensors.

Colour comes from the mesh's vertices; the table says how a surface scatters it, for the camera and at the wavelengths
of lidars and radars. Diffuse reflectivities in the near infrared are rounded typical values of the ECOSTRESS spectral
library (asphalt, concrete, brick, wood, soil, vegetation, whose water absorbs at 1550 nm) and of Jacquez et al. (1955)
for skin; plastics, paints and cloth vary too much for a source, and paint follows its visible colour. Retro-reflection:
EN 12899-1 class RA2 (signs), ISO 7591 (plates), EN 1436 class R3 (road paint), UN R150 class IA over the lens (lamps).
Reflection at 77 GHz is Fresnel's for relative permittivities of ITU-R P.2040 (concrete 5.2, glass 6.3, wood 2, brick
3.9) and 6.6 for skin (Gabriel 1996); metals reflect all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Texture = Literal["plain", "asphalt", "concrete", "paving", "grass", "worn_paint", "plaster", "brick", "bark", "wood"]

LIDAR_WAVELENGTHS = (865, 905, 1550)
"""[nm], the columns of `Material.lidar`."""


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
    lidar: tuple[float, float, float] = (0.3, 0.3, 0.3)
    """Diffuse reflectivity at each of `LIDAR_WAVELENGTHS`, 0 to 1."""
    lidar_slope: float = 0.3
    """Deviation of the slopes of its facets [rad] (Oren and Nayar 1994); 0 scatters as Lambert's law says."""
    pigment: float = 0.0
    """Share of the diffuse reflectivity that follows the visible colour; dyes of cloth are clear in the infrared."""
    porosity: float = 0.0
    """Largest share of a pulse that slips between leaves or blades, to be lost among those behind."""
    stains: float = 0.0
    """Deviation of the logarithm of the diffuse reflectivity from place to place, over some decimetres."""
    mirror: float = 0.0
    """Share that a smooth coat reflects like a mirror at normal incidence; grows with Fresnel's law."""
    retroreflection: float = 0.0
    """Coefficient of retro-reflection R_A [cd/(lx m²)] near the direction of the light."""
    radar: float = 0.1
    """Power reflected at 77 GHz at normal incidence, 0 to 1."""


MATERIALS: dict[str, Material] = {
    # roads and ground
    "asphalt": Material(0.85, 0.3, texture="asphalt", lidar=(0.16, 0.17, 0.22), lidar_slope=0.5, stains=0.4, radar=0.1),
    "concrete": Material(
        0.8, 0.3, texture="concrete", lidar=(0.34, 0.35, 0.4), lidar_slope=0.4, stains=0.35, radar=0.16
    ),
    "paving": Material(0.85, 0.3, texture="paving", lidar=(0.32, 0.33, 0.38), lidar_slope=0.45, stains=0.4, radar=0.14),
    "road_paint": Material(
        0.7,
        0.4,
        texture="worn_paint",
        lidar=(0.54, 0.55, 0.5),
        lidar_slope=0.4,
        retroreflection=0.2,
        stains=0.3,
        radar=0.1,
    ),
    "grass": Material(
        0.95, 0.1, texture="grass", lidar=(0.46, 0.45, 0.25), lidar_slope=0.7, porosity=0.8, stains=0.3, radar=0.06
    ),
    "soil": Material(0.95, 0.1, texture="grass", lidar=(0.26, 0.28, 0.36), lidar_slope=0.6, stains=0.3, radar=0.08),
    # buildings and street furniture
    "plaster": Material(
        0.9, 0.2, texture="plaster", lidar=(0.45, 0.45, 0.44), lidar_slope=0.35, pigment=0.4, stains=0.25, radar=0.12
    ),
    "brick": Material(0.9, 0.2, texture="brick", lidar=(0.35, 0.36, 0.4), lidar_slope=0.4, stains=0.3, radar=0.14),
    "roof_tiles": Material(
        0.8, 0.3, texture="concrete", lidar=(0.27, 0.28, 0.32), lidar_slope=0.4, radar=0.14
    ),  # each course is modelled
    "wood": Material(0.75, 0.3, texture="wood", lidar=(0.4, 0.4, 0.38), lidar_slope=0.35, stains=0.3, radar=0.06),
    "bark": Material(0.95, 0.1, texture="bark", lidar=(0.33, 0.35, 0.4), lidar_slope=0.6, stains=0.4, radar=0.06),
    "leaf": Material(
        0.6, 0.3, translucent=0.35, lidar=(0.5, 0.5, 0.28), lidar_slope=0.5, porosity=0.95, stains=0.3, radar=0.05
    ),
    "painted_metal": Material(0.45, 0.5, lidar=(0.4, 0.4, 0.38), lidar_slope=0.15, pigment=0.85, radar=1),
    "galvanised": Material(0.4, 0.5, metallic=0.8, lidar=(0.35, 0.35, 0.4), lidar_slope=0.2, radar=1),
    "sign_face": Material(0.5, 0.5, lidar=(0.6, 0.6, 0.5), lidar_slope=0.1, retroreflection=250, radar=1),
    "stone": Material(0.9, 0.2, texture="concrete", lidar=(0.44, 0.45, 0.48), lidar_slope=0.4, stains=0.35, radar=0.18),
    "window_glass": Material(
        0.03, 0.6, lidar=(0.003, 0.003, 0.003), lidar_slope=0, mirror=0.08, radar=0.25
    ),  # opaque: a dark room behind it
    # vehicles
    "car_paint": Material(
        0.35, 0.5, clearcoat=1.0, lidar=(0.35, 0.35, 0.33), lidar_slope=0.1, pigment=0.95, mirror=0.04, radar=1
    ),
    "metallic_paint": Material(
        0.32,
        0.5,
        metallic=0.45,
        clearcoat=1.0,
        lidar=(0.3, 0.3, 0.28),
        lidar_slope=0.1,
        pigment=0.9,
        mirror=0.04,
        radar=1,
    ),
    "car_glass": Material(0.0, 0.5, transparent=True, lidar=(0.01, 0.01, 0.01), lidar_slope=0, mirror=0.08, radar=0.25),
    "tinted_glass": Material(
        0.03, 0.6, lidar=(0.02, 0.02, 0.02), lidar_slope=0, mirror=0.08, radar=0.25
    ),  # opaque: privacy glass
    "plastic": Material(0.55, 0.4, lidar=(0.12, 0.12, 0.12), lidar_slope=0.2, radar=0.5),  # metal is behind it
    "rubber": Material(0.85, 0.2, lidar=(0.06, 0.06, 0.06), lidar_slope=0.3, radar=0.12),
    "chrome": Material(0.12, 0.5, metallic=1.0, lidar=(0.02, 0.02, 0.02), lidar_slope=0.05, mirror=0.6, radar=1),
    "alloy": Material(0.3, 0.5, metallic=0.9, lidar=(0.35, 0.35, 0.4), lidar_slope=0.2, radar=1),
    "lamp_lens": Material(0.08, 0.6, lidar=(0.2, 0.2, 0.2), lidar_slope=0.1, retroreflection=10, radar=0.25),
    "plate": Material(0.5, 0.5, lidar=(0.6, 0.6, 0.5), lidar_slope=0.1, retroreflection=70, radar=1),
    "upholstery": Material(0.9, 0.2, lidar=(0.3, 0.3, 0.35), lidar_slope=0.5, radar=0.06),
    # people
    "skin": Material(0.5, 0.35, lidar=(0.55, 0.55, 0.08), lidar_slope=0.3, radar=0.3),
    "hair": Material(0.5, 0.5, lidar=(0.3, 0.3, 0.2), lidar_slope=0.5, radar=0.1),
    "cloth": Material(0.9, 0.15, lidar=(0.5, 0.5, 0.45), lidar_slope=0.5, pigment=0.3, radar=0.3),
    "leather": Material(0.5, 0.4, lidar=(0.25, 0.25, 0.3), lidar_slope=0.3, radar=0.3),
    # what is put onto roads
    "pvc": Material(0.5, 0.4, lidar=(0.55, 0.55, 0.45), lidar_slope=0.2, pigment=0.4, radar=0.08),
    "sheeting": Material(0.45, 0.5, lidar=(0.6, 0.6, 0.5), lidar_slope=0.1, retroreflection=250, radar=0.08),
    "precast": Material(0.85, 0.3, lidar=(0.38, 0.39, 0.43), lidar_slope=0.4, stains=0.25, radar=0.16),
    "timber": Material(0.8, 0.3, lidar=(0.42, 0.42, 0.4), lidar_slope=0.35, pigment=0.3, radar=0.06),
    "gravel": Material(0.95, 0.2, lidar=(0.26, 0.27, 0.3), lidar_slope=0.6, radar=0.12),
    "cardboard": Material(0.85, 0.2, lidar=(0.5, 0.5, 0.45), lidar_slope=0.3, radar=0.05),
}
