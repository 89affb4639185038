"""Beam tables from the makers' documents and drivers; degrees and microseconds, beam 0 is the highest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def _numbers(text: str) -> Floats:
    return np.array(text.split(), dtype=np.float64)


# HDL-64E of the University of Texas (ros-drivers/velodyne, params/64e_utexas.yaml): vert_correction, rot_correction and
# laser_id by height. The driver subtracts rot_correction from a clockwise azimuth, so it is positive to the left.
HDL64E_ELEVATION = _numbers("""
2.021 1.680 1.339 0.999 0.658 0.318 -0.022 -0.362 -0.702 -1.042 -1.382 -1.722 -2.061 -2.401 -2.741 -3.080 -3.420 -3.759
-4.099 -4.439 -4.778 -5.118 -5.458 -5.798 -6.138 -6.478 -6.818 -7.158 -7.499 -7.839 -8.180 -8.521 -8.950 -9.464 -9.977
-10.490 -11.002 -11.514 -12.025 -12.536 -13.047 -13.557 -14.067 -14.577 -15.087 -15.596 -16.106 -16.615 -17.125 -17.634
-18.144 -18.558 -19.163 -19.673 -20.183 -20.693 -21.204 -21.715 -22.226 -22.738 -23.250 -23.763 -24.276 -24.711
""")
HDL64E_AZIMUTH = _numbers("""
2 0.6 -2 -3.5 6 4 1.7 -0.25 -2.7 -4.5 6.25 4.9 2.25 0.5 -2 -3.9 6 4 1.75 0 -2.75 -4.8 6.5 4.7 2.25 0.8 -2.25 -4 6 4
1.3 0 2.5 0 -3.5 -6 8.5 5.5 1.8 -1 -4.5 -8 9.5 7 3.2 0 -3.25 -6.5 9 6 2 -1 -5 -8 10 7 3.5 -0.5 -3.5 -7 9.5 6 2 -1
""")
HDL64E_LASER = _numbers("""
29 28 25 24 3 2 31 30 27 26 21 20 17 16 13 12 23 22 19 18 15 14 9 8 5 4 1 0 11 10 7 6
61 60 57 56 35 34 63 62 59 58 53 52 49 48 45 44 55 54 51 50 47 46 41 40 37 36 33 32 43 42 39 38
""").astype(np.int64)

# HDL-32E and VLP-16 (ros-drivers/velodyne, params/32db.yaml and VLP16db.yaml; their manuals for the timing).
HDL32E_ELEVATION = 10.67 - np.arange(32) * 4.0 / 3.0
VLP16_ELEVATION = 15.0 - np.arange(16) * 2.0

# Pandar64 (HesaiLidar_SDK_2.0, correction/): elevation, azimuth (there positive to the right) and firing time.
PANDAR64_ELEVATION = _numbers("""
14.708 10.858 7.885 4.883 2.866 1.854 1.686 1.514 1.348 1.177 1.010 0.839 0.672 0.501 0.334 0.163 -0.005 -0.174 -0.343
-0.511 -0.682 -0.849 -1.019 -1.187 -1.358 -1.525 -1.696 -1.862 -2.034 -2.202 -2.372 -2.539 -2.710 -2.874 -3.047 -3.214
-3.384 -3.549 -3.722 -3.886 -4.058 -4.224 -4.395 -4.559 -4.732 -4.894 -5.066 -5.231 -5.403 -5.565 -5.739 -5.900 -6.072
-6.235 -7.237 -8.233 -9.234 -10.059 -11.206 -12.180 -13.148 -14.104 -19.063 -25.071
""")
PANDAR64_AZIMUTH = -np.r_[
    np.full(6, -1.042), np.tile([1.042, 3.125, 5.208, -5.208, -3.125, -1.042], 8), np.full(10, -1.042)
]
_PANDAR64_ORDER = _numbers("""
51 61 45 60 39 57 9 55 49 63 43 59 7 56 53 64 47 62 41 58 6 54 5 48 4 50 3 52 2 46 1 44
24 33 27 42 21 36 15 30 22 37 16 31 10 25 19 34 13 28 20 35 14 29 8 23 17 32 11 26 18 38 12 40
""").astype(np.int64)
"""Channels, from 1, in pairs that fire together."""


def pandar64_time() -> Floats:
    """(64,) [µs] from the start of a column; pairs fire 1.304 µs, from the seventeenth on 1.968 µs apart."""
    slots = np.repeat(np.r_[np.arange(16) * 1.304, 15 * 1.304 + np.arange(1, 17) * 1.968], 2)
    time = np.zeros(64)
    time[_PANDAR64_ORDER - 1] = slots
    return time


# OS1-128 (ouster-sdk, tests/metadata/2_2_os-992119000444-128.json): altitude; azimuth there is positive to the right
# and repeats every four beams within 0.04 degrees.
OS1_128_ELEVATION = _numbers("""
21.51 21.18 20.87 20.57 20.26 19.94 19.63 19.32 19.01 18.68 18.35 18.05 17.72 17.38 17.06 16.74 16.42 16.09 15.76 15.44
15.09 14.77 14.43 14.1 13.75 13.42 13.1 12.77 12.41 12.06 11.73 11.4 11.04 10.71 10.36 10.03 9.67 9.32 9.01 8.65 8.28
7.94 7.59 7.26 6.91 6.53 6.21 5.87 5.5 5.15 4.8 4.46 4.11 3.74 3.39 3.06 2.68 2.34 1.99 1.62 1.27 0.92 0.58 0.21 -0.14
-0.5 -0.86 -1.18 -1.55 -1.91 -2.25 -2.59 -2.98 -3.33 -3.68 -4.01 -4.38 -4.74 -5.08 -5.44 -5.8 -6.14 -6.48 -6.83 -7.19
-7.54 -7.88 -8.22 -8.59 -8.94 -9.26 -9.63 -9.97 -10.3 -10.65 -10.97 -11.33 -11.68 -12.02 -12.36 -12.72 -13.06 -13.37
-13.7 -14.05 -14.39 -14.71 -15.06 -15.39 -15.72 -16.04 -16.38 -16.7 -17.03 -17.34 -17.67 -18.01 -18.33 -18.64 -18.93
-19.29 -19.59 -19.89 -20.2 -20.51 -20.82 -21.14 -21.44
""")
OS1_128_AZIMUTH = -np.tile([4.25, 1.42, -1.42, -4.25], 32)
