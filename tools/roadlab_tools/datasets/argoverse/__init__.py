"""Argoverse 2 sensor: one log a scene, in the ego's frame, as Feather files.

| file                                              | content                                                       |
|---------------------------------------------------|---------------------------------------------------------------|
| `SPLIT/LOG/sensors/lidar/TIME.feather`            | points in the ego's frame, intensity, laser, offset in time   |
| `SPLIT/LOG/sensors/cameras/NAME/TIME.jpg`         | pictures; names by where a camera looks                       |
| `SPLIT/LOG/annotations.feather`                   | cuboids in the ego's frame at each sweep                      |
| `SPLIT/LOG/city_SE3_egovehicle.feather`           | the ego's pose at each of these times                         |
| `SPLIT/LOG/calibration/`                          | intrinsics, and the sensors' poses in the ego's frame         |
| `SPLIT/LOG/map/`                                  | drivable areas and lanes, and the ground's height             |

The ego's frame has its origin on the ground below the rear axle. A scene has an hour of its own on the clock.
"""
