"""The table of materials as Mitsuba's scattering models.

Materials that scatter by the same formula share one model, whose parameters are attributes of the faces: every model
is code that has to be compiled, and a scene with one per material would take seconds longer to start.
"""

from __future__ import annotations

from typing import Any

from roadlab_sensors.world.materials import MATERIALS, Material

Plugin = dict[str, Any]


def family(material: str) -> str:
    """The scattering model of a material: `glass`, `leaf`, `coated`, `matte`, or one such as `patterned brick`."""
    surface = MATERIALS[material]
    if surface.transparent:
        return "glass"
    if surface.translucent > 0.0:
        return "leaf"
    if surface.texture != "plain":
        return f"patterned {surface.texture}"
    return "coated" if surface.metallic > 0.0 or surface.clearcoat > 0.0 else "matte"


def face_attributes(material: Material) -> dict[str, float]:
    """What the models read from each face."""
    return {
        "face_roughness": max(material.roughness, 0.02),
        "face_metallic": material.metallic,
        "face_clearcoat": material.clearcoat,
    }


def bsdf(name: str) -> Plugin:
    """Mitsuba's description of a scattering model; its colour is the faces' `face_color`."""
    color: Plugin = _attribute("face_color")
    if name == "glass":
        # Car glass is slightly green and passes about three quarters of the light (UN R43 asks for 70 %).
        return {"type": "thindielectric", "specular_transmittance": {"type": "rgb", "value": [0.72, 0.78, 0.75]}}
    if name == "leaf":
        return {"type": "leaf", "color": color, "through": 0.35}
    if name.startswith("patterned "):
        color = {"type": "patterned", "pattern": name.removeprefix("patterned "), "color": color}
    surface: Plugin = {
        "type": "principled",
        "base_color": color,
        "roughness": _attribute("face_roughness"),
        "specular": 0.4,
    }
    if name == "coated":
        surface |= {
            "metallic": _attribute("face_metallic"),
            "clearcoat": _attribute("face_clearcoat"),
            "clearcoat_gloss": 0.97,
        }
    return {"type": "twosided", "bsdf": surface}


def _attribute(name: str) -> Plugin:
    return {"type": "mesh_attribute", "name": name}
