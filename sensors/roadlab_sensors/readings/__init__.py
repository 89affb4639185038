"""What sensors report and what is true at that moment: the values that writers, previews and the viewer read."""

from roadlab_sensors.readings.camera import PIXEL_LABELS, CameraFrame, CameraReading, Capture
from roadlab_sensors.readings.classes import SEMANTIC_IDS
from roadlab_sensors.readings.inertial import GnssReading, ImuReading, InertialReading, OdometryReading
from roadlab_sensors.readings.lidar import AIRBORNE, LidarSweep
from roadlab_sensors.readings.radar import RADAR_FIELDS, RadarScan, RadarTracks
from roadlab_sensors.readings.roadside import RoadLine, RoadLines, SignView
from roadlab_sensors.readings.sample import ActorTruth, Reading, Sample
from roadlab_sensors.readings.views import PERSON_KEYPOINTS, VEHICLE_KEYPOINTS, ActorView

__all__ = [
    "AIRBORNE",
    "PERSON_KEYPOINTS",
    "PIXEL_LABELS",
    "RADAR_FIELDS",
    "SEMANTIC_IDS",
    "VEHICLE_KEYPOINTS",
    "ActorTruth",
    "ActorView",
    "CameraFrame",
    "CameraReading",
    "Capture",
    "GnssReading",
    "ImuReading",
    "InertialReading",
    "LidarSweep",
    "OdometryReading",
    "RadarScan",
    "RadarTracks",
    "Reading",
    "RoadLine",
    "RoadLines",
    "Sample",
    "SignView",
]
