"""What people wear: muted street clothes at random."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from roadlab.actors.paint import PAINTS, hex_of
from roadlab_sensors.world.people.head import Color, Look
from roadlab_sensors.world.shapes import srgb

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Upper:
    """The cut of an upper garment; lengths are for an adult [m]."""

    ease: float
    """Distance from the body."""
    sleeve: float
    """Share of the arm that is covered: 0.5 to the elbow, 1 to the wrist."""
    hem: float
    """Lower edge above (negative: below) the hip joints."""
    neck: str
    """`round`, `collar`, `stand` or `hood`."""
    opening: float
    """Half-width at the neck of what an open front shows [m]; 0 for closed garments."""
    opening_end: float = 0.0
    """Where the open front ends above the torso's joint [m]."""


@dataclass(frozen=True, slots=True)
class Lower:
    """The cut of what covers the legs; lengths are for an adult [m]."""

    ease: float
    length: float
    """Share of the leg that is covered: 0.5 to the knee, 1 to the ankle."""
    hem: float
    """Radius of the lower edge; 0 follows the leg."""


UPPERS: dict[str, Upper] = {
    "tshirt": Upper(0.010, 0.33, -0.050, "round", 0.0),
    "top": Upper(0.005, 0.16, -0.010, "round", 0.0),
    "shirt": Upper(0.011, 0.99, -0.060, "collar", 0.0),
    "jumper": Upper(0.015, 0.98, -0.030, "round", 0.0),
    "hoodie": Upper(0.020, 0.98, -0.050, "hood", 0.0),
    "jacket": Upper(0.026, 0.99, -0.040, "stand", 0.060, 0.27),
    "parka": Upper(0.034, 0.99, -0.090, "hood", 0.0),
    "coat": Upper(0.028, 0.99, -0.330, "collar", 0.085, 0.19),
    "dress": Upper(0.007, 0.24, -0.060, "round", 0.0),
}
LOWERS: dict[str, Lower] = {
    "trousers": Lower(0.011, 0.97, 0.062),
    "jeans": Lower(0.007, 0.97, 0.055),
    "leggings": Lower(0.002, 0.96, 0.0),
    "shorts": Lower(0.016, 0.46, 0.105),
    "skirt": Lower(0.014, 0.46, 0.0),
}


@dataclass(frozen=True, slots=True)
class Outfit:
    """One person's clothes and colours."""

    look: Look
    upper: Upper
    upper_color: Color
    inner_color: Color
    lower: Lower
    lower_color: Color
    skirt: bool
    shoe_color: Color
    sole_color: Color
    bag: str
    """`none`, `backpack` or `shoulder`."""
    bag_color: Color


_UPPER_COLORS = [
    "#1d2024",
    "#262b33",
    "#2f3640",
    "#3b4a5f",
    "#54616e",
    "#85888a",
    "#c4c0b6",
    "#dedad1",
    "#6a2d2d",
    "#71472d",
    "#4d5a3c",
    "#3a564a",
    "#86765a",
    "#93453a",
    "#4a6788",
    "#a8814e",
    "#2b2b2b",
    "#7d8b99",
    "#5a3f52",
    "#b9a58c",
]
_LOWER_COLORS = {
    "jeans": ["#283349", "#37465f", "#4f6481", "#1f232a", "#6d7f94"],
    "trousers": ["#1c1d20", "#303237", "#47443e", "#75674f", "#29303d", "#857e6e", "#3d4238"],
    "leggings": ["#15161a", "#23252b", "#33363f"],
    "shorts": ["#303641", "#6f6550", "#8b8371", "#23262d", "#4b5444"],
    "skirt": ["#1d1f24", "#39404e", "#6b4a42", "#7b7362", "#4c5563"],
}
_SHOES = (
    ("#17181a", "#202020"),
    ("#d9d6cf", "#cfccc4"),
    ("#46301f", "#221a14"),
    ("#50545c", "#c9c9c6"),
    ("#22304a", "#dddcd8"),
)
_SKINS = ["#efc7a6", "#e6b594", "#d9a27c", "#c68d66", "#a06b47", "#784b30", "#553425"]
_SKIN_SHARES = (0.2, 0.26, 0.2, 0.12, 0.09, 0.08, 0.05)
_HAIRS = ["#16110e", "#2a1b12", "#4a3020", "#6d4a2a", "#a3814f", "#8d8a86", "#3a2418"]
_BAGS = ["#1b1d21", "#2c3440", "#5b4632", "#49503f", "#6b2f2b", "#7a766c"]
_HATS = ["#1d1f23", "#3a4250", "#6b2f2b", "#6f6a5f", "#2f4038"]
_HELMETS = ["#1b1c1f", "#d8d8d4", "#35507a", "#8e2b27", "#5b6065", "#b5bd3c"]


def cloth_color(paint: str) -> Color:
    """Linear sRGB of a colour's name or of `#rrggbb`; ValueError for any other text."""
    written = hex_of(paint)
    if written is None:
        raise ValueError(f"paint {paint!r} is neither #rrggbb nor one of {', '.join(PAINTS)}")
    return srgb(written)


def outfit(scale: float, masculine: bool, paint: str | None, rng: np.random.Generator) -> Outfit:
    """Clothes at random for a body of `scale` times the adult's height; `paint` decides the upper garment's colour."""
    child = scale < 0.85
    upper = _one(*_upper_choice(child, masculine), rng)
    lower = "skirt" if upper == "dress" else _one(*_lower_choice(child, masculine), rng)
    upper_color = cloth_color(paint) if paint is not None else _tinge(srgb(_one(_UPPER_COLORS, None, rng)), rng)
    lower_color = _tinge(srgb(_one(_LOWER_COLORS[lower], None, rng)), rng)
    shoe, sole = _SHOES[int(rng.integers(len(_SHOES)))]
    bag = _one(("none", "backpack", "shoulder"), (0.62, 0.26, 0.12) if not child else (0.5, 0.5, 0.0), rng)
    return Outfit(
        look=_look(child, masculine, rng),
        upper=replace(UPPERS[upper], ease=scale * UPPERS[upper].ease),
        upper_color=upper_color,
        inner_color=srgb(_one(("#d8d5cd", "#8a8d90", "#23262b", "#5d6a78"), None, rng)),
        lower=replace(LOWERS[lower], ease=scale * LOWERS[lower].ease),
        lower_color=upper_color if upper == "dress" else lower_color,
        skirt=lower == "skirt",
        shoe_color=srgb(shoe),
        sole_color=srgb(sole),
        bag=bag,
        bag_color=srgb(_one(_BAGS, None, rng)),
    )


def aged(clothes: Outfit, scale: float, rng: np.random.Generator) -> Outfit:
    """What seniors wear instead: quieter cuts, hair grey or white, often a hat; `scale` as for `outfit`."""
    cut = clothes.look.cut
    if cut in ("long", "ponytail"):
        cut = _one(("bob", "bun"), (0.6, 0.4), rng)
    if cut in ("short", "cropped", "parted", "bob") and rng.random() < 0.25:
        cut = "cap" if clothes.look.beard or cut != "bob" else "beanie"
    hair = srgb(_one(("#8d8a86", "#b9b6b1", "#d9d6d0", "#6f6a64"), (0.35, 0.3, 0.2, 0.15), rng))
    quiet = ("shirt", "jumper", "jacket", "coat")
    loud = clothes.upper.sleeve < 0.5 or clothes.upper.neck == "hood"
    drawn = UPPERS[_one(quiet, (0.3, 0.25, 0.3, 0.15), rng)]
    upper = replace(drawn, ease=scale * drawn.ease) if loud and not clothes.skirt else clothes.upper
    shorts = clothes.lower.length < 0.6 and not clothes.skirt
    lower = replace(LOWERS["trousers"], ease=scale * LOWERS["trousers"].ease) if shorts else clothes.lower
    bag = "none" if clothes.bag == "backpack" else clothes.bag
    return replace(clothes, look=replace(clothes.look, hair=hair, cut=cut), upper=upper, lower=lower, bag=bag)


def riding_outfit(masculine: bool, paint: str | None, rng: np.random.Generator) -> Outfit:
    """Clothes to cycle in, often with a helmet."""
    walking = outfit(1.0, masculine, paint, rng)
    lower = _one(("jeans", "trousers", "leggings", "shorts"), (0.35, 0.25, 0.2, 0.2), rng)
    cut = "helmet" if rng.random() < 0.65 else _one(("short", "cropped", "ponytail", "bun"), None, rng)
    return replace(
        walking,
        look=replace(walking.look, cut=cut, hat=srgb(_one(_HELMETS, None, rng))),
        upper=UPPERS[_one(("tshirt", "shirt", "jumper", "jacket"), (0.3, 0.2, 0.25, 0.25), rng)],
        lower=LOWERS[lower],
        lower_color=_tinge(srgb(_one(_LOWER_COLORS[lower], None, rng)), rng),
        skirt=False,
        bag=_one(("none", "backpack"), (0.7, 0.3), rng),
    )


def biker_outfit(masculine: bool, paint: str | None, rng: np.random.Generator) -> Outfit:
    """What one wears on a motorcycle: a closed jacket, long trousers, boots."""
    walking = outfit(1.0, masculine, paint, rng)
    colors = ("#17181b", "#23262b", "#3a2a20", "#6d2522", "#2b3a55", "#4a4d50", "#9a9c98")
    lower = _one(("jeans", "trousers"), (0.6, 0.4), rng)
    return replace(
        walking,
        look=replace(walking.look, cut="cropped"),
        upper=replace(UPPERS["jacket"], opening=0.0),
        upper_color=walking.upper_color if paint is not None else _tinge(srgb(_one(colors, None, rng)), rng),
        lower=LOWERS[lower],
        lower_color=_tinge(srgb(_one(("#17181b", "#25282e", "#283349", "#3a3f46"), None, rng)), rng),
        skirt=False,
        shoe_color=srgb("#17181a"),
        sole_color=srgb("#202020"),
        bag=_one(("none", "backpack"), (0.75, 0.25), rng),
    )


def _upper_choice(child: bool, masculine: bool) -> tuple[Sequence[str], Sequence[float]]:
    if child:
        return ("tshirt", "jumper", "hoodie", "jacket", "parka"), (0.3, 0.2, 0.2, 0.15, 0.15)
    if masculine:
        return ("tshirt", "shirt", "jumper", "hoodie", "jacket", "parka", "coat"), (
            0.2,
            0.2,
            0.14,
            0.15,
            0.17,
            0.06,
            0.08,
        )
    return ("tshirt", "top", "shirt", "jumper", "jacket", "parka", "coat", "dress"), (
        0.16,
        0.1,
        0.14,
        0.18,
        0.16,
        0.06,
        0.1,
        0.1,
    )


def _lower_choice(child: bool, masculine: bool) -> tuple[Sequence[str], Sequence[float]]:
    if child or masculine:
        return ("jeans", "trousers", "shorts"), (0.5, 0.3, 0.2)
    return ("jeans", "trousers", "leggings", "skirt", "shorts"), (0.4, 0.22, 0.18, 0.12, 0.08)


def _look(child: bool, masculine: bool, rng: np.random.Generator) -> Look:
    tone = int(rng.choice(len(_SKINS), p=_SKIN_SHARES))
    hair = _HAIRS[int(rng.integers(3))] if tone > 3 else _HAIRS[int(rng.integers(len(_HAIRS)))]
    if child and hair == "#8d8a86":
        hair = "#6d4a2a"
    if masculine:
        cut = _one(("short", "cropped", "parted", "beanie", "cap"), (0.4, 0.2, 0.22, 0.08, 0.1), rng)
    else:
        cut = _one(("long", "bob", "ponytail", "bun", "beanie"), (0.3, 0.25, 0.25, 0.13, 0.07), rng)
    beard = 0.0 if child or not masculine else float(_one((0.0, 0.35, 0.9), (0.55, 0.25, 0.2), rng))
    return Look(_tinge(srgb(_SKINS[tone]), rng), srgb(hair), cut, beard, srgb(_one(_HATS, None, rng)))


def _one(choices: Sequence[T], shares: Sequence[float] | None, rng: np.random.Generator) -> T:
    return choices[int(rng.choice(len(choices), p=shares))]


def _tinge(color: Color, rng: np.random.Generator) -> Color:
    varied = np.clip(np.array(color) * rng.normal(1.0, 0.06) * rng.normal(1.0, 0.02, 3), 0.004, 0.9)
    return (float(varied[0]), float(varied[1]), float(varied[2]))
