"""Cameras where they cannot see."""

from dataclasses import replace

import pytest

from roadlab.scenario.spec import MountSpec
from roadlab_sensors.rays import engine

pytestmark = pytest.mark.xdist_group("street")


def prepared(observer, **mount):
    engine.start()
    camera = observer.rig["camera"].model_copy(update={"mount": MountSpec(**mount)})
    return camera.prepare("camera", observer.stage)


def test_a_camera_inside_its_vehicle_is_refused(observer):
    from roadlab_sensors.own_body import MountError

    with pytest.raises(MountError, match=r"sensors\.camera\.mount: \(1, 0, 0\.7\) m is inside the body of the ego"):
        prepared(observer, x=1.0, z=0.7)


def test_a_camera_below_the_road_is_refused(observer):
    from roadlab_sensors.own_body import MountError

    with pytest.raises(MountError, match="inside something of the world"):
        prepared(observer, x=6.0, z=-1.0, pitch=-0.6)


def test_a_camera_that_sees_much_of_its_own_bonnet_is_welcome(observer):
    assert prepared(observer, x=0.2, z=1.6, pitch=0.3) is not None


def test_the_reason_is_given_for_the_cameras_own_name(observer):
    from roadlab_sensors.own_body import MountError

    stage = replace(observer.stage, seed=1)
    with pytest.raises(MountError, match=r"sensors\.rear\.mount"):
        observer.rig["camera"].model_copy(update={"mount": MountSpec(x=1.0, z=0.7)}).prepare("rear", stage)
