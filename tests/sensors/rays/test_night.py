"""Light by night through the path tracer: grey cards under the sky, in head lamps and under street lamps."""

import numpy as np
import pytest

from roadlab.log import LAMPS, ActorInfo, SceneLog
from roadlab.randomness import generator
from roadlab.sky.illuminance import AIRGLOW
from roadlab.sky.moon import Moon
from roadlab.weather import Weather
from roadlab_sensors.rays import engine
from roadlab_sensors.world.assembly import pose
from roadlab_sensors.world.furniture.street import LUMENS, street_lamp
from roadlab_sensors.world.luminaires import KINDS, distributions, driving, passing
from roadlab_sensors.world.mesh import Model, Prop, World
from roadlab_sensors.world.shapes import Style, box, quad
from roadlab_sensors.world.sun import Sun

pytestmark = pytest.mark.xdist_group("rays")
engine.start(2)

from dataclasses import replace  # noqa: E402

from roadlab_sensors.rays.daylight import illuminance  # noqa: E402
from roadlab_sensors.rays.emitters import emitters_of  # noqa: E402
from roadlab_sensors.rays.gathered import gathered  # noqa: E402
from roadlab_sensors.rays.lamplight import lamplight  # noqa: E402
from roadlab_sensors.rays.light import Quality  # noqa: E402
from roadlab_sensors.rays.nearby import Squares  # noqa: E402
from roadlab_sensors.rays.night import finish  # noqa: E402
from roadlab_sensors.rays.night_picture import NightTracer  # noqa: E402
from roadlab_sensors.rays.night_sky import night_sky  # noqa: E402
from roadlab_sensors.rays.picture import NO_MOVER, Sightlines  # noqa: E402
from roadlab_sensors.rays.poses import placed_at  # noqa: E402
from roadlab_sensors.rays.scene import build_scene  # noqa: E402

CARD = 0.5
"""Reflectance of the cards."""
GREY = Style((CARD, CARD, CARD), "cloth", "static")
BLACK = Style((0.001, 0.001, 0.001), "cloth", "road")
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
NO_SKY = night_sky(Sun(0.0, -1.0), Moon(0.0, -1.0, 0.0), 0.0, 0.0)
MOONLESS = Moon(0.0, -0.5, 0.0)
LAMP_HEIGHT = 0.65
EFFORT = Quality(block=1, samples=256, bounces=2, denoiser="none")


def car():
    """A log of a car at the origin that looks along x."""
    info = ActorInfo("ego", 1, "vehicle", "car", "sedan", (0.1, 1.6, 0.2), (0.0, 0.0, 0.0), (), is_ego=True)
    time, one = np.arange(2) * 1_000_000_000, np.zeros((2, 1))
    vectors = np.zeros((2, 1, 3))
    return SceneLog(
        "", "", 0, "", (info,), (), (), time, vectors, vectors, vectors, one, one.astype(np.uint8),
        np.zeros((2, 0)), np.zeros((2, 0), np.uint8), np.tile(Weather().row(), (2, 1)), np.ones((2, 1), dtype=bool),
    )  # fmt: skip


def head_lamp():
    """One lens of 10 cm in the middle of a car's front."""
    lens = Style((0.5, 0.5, 0.5), "lamp_lens", "car", "head")
    low, high = LAMP_HEIGHT - 0.05, LAMP_HEIGHT + 0.05
    return Model({"body": (quad((0, -0.05, low), (0, 0.05, low), (0, 0.05, high), (0, -0.05, high), lens),)})


def scene_of(props=(), sky=NO_SKY, ground=BLACK):
    field = quad((-200, -200, 0), (200, -200, 0), (200, 200, 0), (-200, 200, 0), ground)
    log = car()
    world = gathered(World((field,), tuple(props), (head_lamp(),)), log)
    lamps = emitters_of(world, log, "led")
    squares = Squares.over(np.concatenate([lamps.position, [[150.0, 0.0, 0.0]]]), world.static)
    nothing = np.zeros((len(world.lamps) + 1, 3))
    scene = build_scene(world, log, sky.light)
    scene = replace(scene, lamplight=lamplight(lamps, distributions(), squares, nothing, finish(world, Weather())))
    scene.place(placed_at(log, 0))
    return scene


def luminance(scene, eye, target, groups):
    """What a one-pixel camera sees [cd/m²] while these lamp groups are on."""
    z = np.subtract(target, eye) / np.linalg.norm(np.subtract(target, eye))
    x = np.cross(z, [0.0, 0.0, 1.0] if abs(z[2]) < 0.99 else [0.0, 1.0, 0.0])
    x /= np.linalg.norm(x)
    camera = np.column_stack([x, np.cross(z, x), z, eye])[None]
    rays = np.array([[[[0.0, 0.0, 1.0]]], [[[1e-3, 0.0, 1.0]]], [[[0.0, 1e-3, 1.0]]]])
    sight = Sightlines(camera, camera, np.zeros(1, np.uint32), np.full(1, NO_MOVER, np.uint32))
    lit = np.array([False, *(group in groups for _, group in scene.lamps)])
    tracer = NightTracer(scene, rays, EFFORT, 0.0, 1e9)
    return float(tracer.trace(sight, lit, 1).radiance[0, 0] @ LUMINANCE)


def card(x, y, z, size=0.3):
    """A card that looks back along x."""
    half = size / 2
    mesh = box((0.0, -half, -half), (0.01, half, half), GREY)
    return Prop(Model({"body": (mesh,)}), pose(x, y, z, 0.0)[None])


def test_level_ground_has_the_light_of_civil_twilight_s_end():
    sky = night_sky(Sun(1.0, np.radians(-6.0)), MOONLESS, 0.0, 0.0)
    scene = scene_of(sky=sky, ground=GREY)
    assert sky.illuminance @ LUMINANCE == pytest.approx(3.4, rel=0.02)
    assert illuminance(scene.static, 1 << 18) @ LUMINANCE == pytest.approx(3.4, rel=0.05)
    # Cloth has a sheen towards the bright horizon over Lambert's half.
    assert 3.2 < luminance(scene, (0.0, 30.0, 5.0), (0.1, 30.0, 0.0), ()) * np.pi / CARD < 4.5


def test_the_full_moon_casts_a_quarter_of_a_lux_and_shadows():
    from roadlab_sensors.rays.lamplight import moon
    from roadlab_sensors.rays.night_sky import MOONLIGHT

    sky = night_sky(Sun(0.0, -0.6), Moon(0.0, np.radians(80.0), 0.0), 0.0, 0.0)
    wall = Prop(Model({"body": (box((-3, -3, 4), (3, 3, 4.1), BLACK),)}), pose(0, 60, 0, 0)[None])
    scene = scene_of([wall], sky=sky, ground=GREY)
    assert scene.lamplight is not None
    lamps, only = scene.lamplight, moon(sky.moon, sky.moon_lux, MOONLIGHT)
    ready = lamplight(only, lamps.kinds, lamps.squares, lamps.glow, lamps.finish)
    scene = replace(scene, lamplight=ready)
    scene.place(placed_at(car(), 0))
    open_ground, shadow = (luminance(scene, (0.5, y, 3.0), (0.5, y, 0.0), ()) * np.pi / CARD for y in (30.0, 59.3))
    assert open_ground == pytest.approx(0.26, rel=0.15)
    assert shadow < 0.25 * open_ground


@pytest.mark.parametrize(
    ("name", "right", "up", "least", "most"),
    # Class B of UN Regulation 112, table in 6.2.4 [cd]; angles in degrees.
    [
        ("B50L", -3.43, 0.57, 0, 350), ("BR", 2.5, 1.0, 0, 1750), ("75R", 1.15, -0.57, 10_100, np.inf),
        ("75L", -3.43, -0.57, 0, 10_600), ("50L", -3.43, -0.86, 0, 13_200), ("50R", 1.72, -0.86, 10_100, np.inf),
        ("50V", 0.0, -0.86, 5_100, np.inf), ("25L", -9.0, -1.72, 1_700, np.inf), ("25R", 9.0, -1.72, 1_700, np.inf),
    ],
)  # fmt: skip
def test_low_beams_light_a_card_as_un_regulation_112_asks(name, right, up, least, most):
    yaw, pitch = np.radians([right, up])
    place = 12.0 * np.array([np.cos(pitch) * np.cos(yaw), -np.cos(pitch) * np.sin(yaw), np.sin(pitch)])
    place[2] += LAMP_HEIGHT
    scene = scene_of([card(*place)])
    seen = luminance(scene, place - [2.0, 0.0, 0.0] + [0.0, 0.0, 1.0], place, ("head",))
    candela = seen * np.pi / CARD * (place[:2] @ place[:2] + (place[2] - LAMP_HEIGHT) ** 2) / np.cos(yaw)
    assert 0.9 * least < candela < 1.1 * most, name


def test_nothing_is_lit_by_lamps_that_are_off():
    place = np.array([25.0, -0.5, 0.3])
    in_airglow = AIRGLOW * CARD / np.pi
    assert luminance(scene_of([card(*place)]), place - [2.0, 0.0, -1.0], place, ()) < in_airglow


def test_high_beams_are_brightest_straight_ahead():
    assert 40_500.0 < driving(np.zeros(()), np.zeros(())) + passing(np.zeros(()), np.zeros(())) < 215_000.0 / 2.0


def test_a_street_of_lamps_has_the_light_of_a_lighting_class():
    # EN 13201-2: streets of houses P4 to P1 5 to 15 lx on average, main streets C3 to C1 15 to 30 lx; nowhere dark.
    for height, reach, gap, low, high in ((5.2, 0.0, 30.0, 3.0, 15.0), (7.5, 1.4, 28.0, 10.0, 30.0)):
        rng = generator(1, "lamp")
        places = [pose(gap * k, side * 4.5, 0.0, 0.0 if side > 0 else np.pi) for k in range(-2, 3) for side in (1, -1)]
        lamp = Prop(street_lamp(height, reach, rng), np.stack(places))
        scene = scene_of([lamp], ground=GREY)
        lux = [
            luminance(scene, (x, y, 2.5), (x + 0.01, y, 0.0), tuple(LUMENS)) * np.pi / CARD
            for x in (0.1, gap / 4, gap / 2)
            for y in (-2.5, 0.0, 2.5)
        ]
        assert low < np.mean(lux) < high
        assert min(lux) > 0.2 * np.mean(lux)


def test_lanterns_send_out_their_flux_and_nothing_towards_the_horizon():
    street = distributions()[KINDS.index("street")]
    across, up = np.meshgrid(
        *(np.linspace(a, b, n) for a, b, n in zip(street.low, street.high, (128, 320), strict=True))
    )
    solid = (across[0, 1] - across[0, 0]) * (up[1, 0] - up[0, 0]) * (1.0 + across**2 + up**2) ** -1.5
    assert (street.intensity * solid).sum() == pytest.approx(1.0, rel=1e-3)
    assert street.intensity[np.hypot(across, up) > np.tan(np.radians(80.0))].max() == 0.0


def test_a_sign_shines_back_at_who_lights_it_and_a_card_does_not():
    # EN 12899-1, class RA2, white: 180 cd/(lx m²) at 20 minutes of arc between lamp and eye.
    far = 30.0
    eye = np.array([0.0, 0.0, LAMP_HEIGHT + far * np.tan(np.radians(1 / 3))])
    seen = []
    for material in ("sign_face", "cloth"):
        face = Style((1.0, 1.0, 1.0) if material == "sign_face" else (CARD,) * 3, material, "traffic sign")
        plate = Prop(Model({"body": (box((0, -0.3, -0.1), (0.01, 0.3, 0.1), face),)}), pose(far, -0.9, 0.25, 0)[None])
        seen.append(luminance(scene_of([plate]), eye, (far, -0.9, 0.25), ("head",)))
    tan = np.array(0.9 / far), np.array(-0.4 / far)
    lux = float(passing(*tan)) / (far**2 + 0.9**2)
    assert seen[0] / lux == pytest.approx(180.0, rel=0.1)
    assert seen[0] > 300.0 * seen[1]


def test_the_log_knows_all_groups_that_shine():
    assert {"head", "high", "tail", "brake", "left", "right", "reverse"} == set(LAMPS)
