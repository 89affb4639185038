"""What cameras give out beside PNG: JPEG, OpenEXR and raw numbers, and read back as it was."""

import gc
import io
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import cv2
import numpy as np
from small_scene import small_world

from roadlab.randomness import generator
from roadlab_sensors.camera.picture import compressed
from roadlab_sensors.readings import Capture, RoadLine, RoadLines, SignView
from roadlab_tools.datasets import records
from roadlab_tools.datasets.arrays import decode_array, kinds_of, read_npy
from roadlab_tools.datasets.images import jpeg_of
from roadlab_tools.datasets.native import array_loaders, encode_arrays


class Folder:
    """Files in memory."""

    def __init__(self, files):
        self.files = files

    def read(self, path):
        return self.files[path]


def kept(sample):
    """Files of a sample, and the sample that is read from them."""
    document, arrays = records.split(sample)
    files = encode_arrays(arrays, 7)
    loaders = array_loaders(document, Folder(files), 7)
    return files, records.join(document, lambda name: loaders[name]())


def with_frame(**changes):
    sample = small_world()
    (name, frame), *_ = sample.cameras.items()
    return name, replace(sample, cameras={name: replace(frame, **changes)})


def test_a_camera_that_makes_jpeg_has_one_picture_file_and_it_is_jpeg():
    noise = generator(1, "noise").integers(0, 255, (76, 208, 3)).astype(np.uint8)
    shown, file = compressed(noise, 70)
    name, sample = with_frame(image=shown, labels={"jpeg": file})
    files, again = kept(sample)
    path = f"cameras/{name}/image/000007.jpg"
    assert [one for one in files if "/image/" in one or "jpeg" in one] == [path]
    np.testing.assert_array_equal(cv2.imdecode(np.frombuffer(files[path], np.uint8), 1)[..., ::-1], shown)
    np.testing.assert_array_equal(again.cameras[name].image, shown)
    np.testing.assert_array_equal(again.cameras[name].labels["jpeg"], file)
    assert jpeg_of(again.cameras[name]) == file.tobytes()
    assert np.abs(shown.astype(int) - noise).max() > 0


def test_linear_pictures_are_openexr_to_the_bit():
    light = generator(2, "light").uniform(0.0, 1e5, (76, 208, 3)).astype(np.float32)
    name, sample = with_frame(labels={"hdr": light})
    files, again = kept(sample)
    assert files[f"cameras/{name}/labels/hdr/000007.exr"][:4] == bytes.fromhex("762f3101")
    np.testing.assert_array_equal(again.cameras[name].labels["hdr"], light)


def test_raw_numbers_of_16_bits_are_png_and_wider_ones_are_kept_too():
    for kind, suffix in ((np.uint16, "png"), (np.uint32, "npy.zst")):
        raw = generator(3, "raw").integers(0, np.iinfo(kind).max, (76, 208)).astype(kind)
        name, sample = with_frame(labels={"raw": raw})
        files, again = kept(sample)
        assert f"cameras/{name}/labels/raw/000007.{suffix}" in files
        np.testing.assert_array_equal(again.cameras[name].labels["raw"], raw)


def test_lines_signs_and_how_a_frame_was_taken_are_kept():
    count = 40
    lines = RoadLines(
        lines=(RoadLine("lane line", "broken", "white", 0.12, "road", 0),),
        line=np.zeros(count, np.int32),
        along=np.arange(count, dtype=np.float32),
        pixels=np.ones((count, 2), np.float32),
        points=np.ones((count, 3), np.float32),
        visible=np.arange(count) % 2 == 0,
    )
    sign = SignView(
        "traffic light", "traffic light", "cross/a.end", "green", (1.5, 2.5, 9.5, 9.5), (1.0, 2.0, 9.0, 9.0), 30,
        (1.0, 2.0, 30.0), (0.5, 1.1), 0.1,
    )  # fmt: skip
    name, sample = with_frame(lines=lines, signs=(sign,), capture=Capture(0.002, 3.0, 14.5, "rggb", 12, 64, 4095))
    files, again = kept(sample)
    frame = again.cameras[name]
    assert f"cameras/{name}/lines/000007.parquet" in files
    assert (frame.lines.lines, frame.signs, frame.capture) == (lines.lines, (sign,), sample.cameras[name].capture)
    for part in ("line", "along", "pixels", "points", "visible"):
        np.testing.assert_array_equal(getattr(frame.lines, part), getattr(lines, part))


def test_frames_without_jpeg_keep_their_png():
    shapes = {
        "cameras/a/image": (np.dtype(np.uint8), (76, 208, 3)),
        "cameras/b/labels/jpeg": (np.dtype(np.uint8), (9,)),
    }
    assert kinds_of(shapes)["cameras/a/image/#.png"] == ["cameras/a/image"]
    assert (
        decode_array(encode_arrays({"cameras/a/image": np.zeros((76, 208, 3), np.uint8)}, 0).popitem()[1], "png").any()
        == 0
    )


class Litter:
    """Garbage that runs Python when it is collected: then another thread may go on in the middle of parsing."""

    def __init__(self):
        self.cycle = self

    def __del__(self):
        sum(range(100))


def test_arrays_are_read_by_many_threads_at_once():
    file = io.BytesIO()
    np.save(file, np.zeros((3, 4), np.float32))

    def read(depth):
        if depth:
            read(depth - 1)
            return
        for _ in range(3000):
            Litter()
            assert read_npy(file.getvalue()).shape == (3, 4)

    interval, threshold = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(5)
    try:
        with ThreadPoolExecutor(4) as pool:
            for job in [pool.submit(read, 3 * thread) for thread in range(8)]:
                job.result()
    finally:
        sys.setswitchinterval(interval)
        gc.set_threshold(*threshold)
