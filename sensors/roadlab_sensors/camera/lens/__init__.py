"""Lenses: from points to pixels and from pixels to rays.

Camera frame x right, y down, z forward; pixel (0, 0) has its centre at u = v = 0, as in OpenCV.
"""

from roadlab_sensors.camera.lens.base import Lens, pixel_grid
from roadlab_sensors.camera.lens.equirectangular import Equirectangular
from roadlab_sensors.camera.lens.fisheye import Fisheye
from roadlab_sensors.camera.lens.pinhole import Pinhole
from roadlab_sensors.camera.lens.ray_table import RayTable

__all__ = ["Equirectangular", "Fisheye", "Lens", "Pinhole", "RayTable", "pixel_grid"]
