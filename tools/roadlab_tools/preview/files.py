"""`preview.mp4` and `preview.png`, made from a dataset's files alone, so that they show whether the files agree."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import cv2
import numpy as np

from roadlab.errors import OutputError
from roadlab_tools.datasets.images import color_png
from roadlab_tools.datasets.kitti_frame import read_kitti_frame, read_pixel_truth
from roadlab_tools.datasets.kitti_label import Label, parse_labels
from roadlab_tools.preview.above import sweep_from_above
from roadlab_tools.preview.camera import camera_picture
from roadlab_tools.preview.canvas import Image
from roadlab_tools.preview.truth import truth_strip

FRAMES_PER_SECOND = 10


def preview_files(folder: Path, indices: Sequence[int]) -> dict[str, bytes]:
    """The film of all frames and a picture of the one that shows most."""
    telling = max(indices, key=lambda index: (_interest(_labels(folder, index)), -index))
    return {
        "preview.mp4": film(preview_picture(folder, index) for index in indices),
        "preview.png": color_png(preview_picture(folder, telling)),
    }


def preview_picture(folder: Path, index: int) -> Image:
    """Camera, per-pixel truth and sweep of one frame, one above the other; even in width and height."""
    frame = read_kitti_frame(folder, index)
    camera = camera_picture(frame)
    width = camera.shape[1] + camera.shape[1] % 2
    camera = np.pad(camera, ((0, 0), (0, width - camera.shape[1]), (0, 0)))
    truth = truth_strip(read_pixel_truth(folder, index), width)
    above = sweep_from_above(
        frame, width, round(width * 0.44) + (camera.shape[0] + truth.shape[0] + round(width * 0.44)) % 2
    )
    return np.vstack([camera, truth, above])


def film(pictures: Iterable[Image], rate: int = FRAMES_PER_SECOND) -> bytes:
    """The pictures, all of one even size, `rate` a second, as H.264 in MP4, which browsers play."""
    import av

    file = io.BytesIO()
    # One thread and no version strings: the bytes depend on the pictures alone.
    with av.open(file, "w", format="mp4", options={"fflags": "+bitexact"}) as container:
        stream = None
        for picture in pictures:
            if stream is None:
                # Without `zerolatency` x264 looks ahead, and now and then the same pictures become other bytes.
                options = {"crf": "20", "preset": "veryfast", "threads": "1", "tune": "zerolatency"}
                stream = container.add_stream("libx264", rate=rate, options=options)
                stream.height, stream.width = picture.shape[:2]
                stream.pix_fmt = "yuv420p"
                stream.codec_context.thread_count = 1
            # FFmpeg's own conversion rounds differently from one memory address to the next.
            planes = cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(planes, format="yuv420p")))
        if stream is None:
            raise OutputError("there is no frame to make a film of")
        container.mux(stream.encode(None))
    return file.getvalue()


def _labels(folder: Path, index: int) -> tuple[Label, ...]:
    return parse_labels((folder / "label_2" / f"{index:06d}.txt").read_text())


def _interest(labels: tuple[Label, ...]) -> float:
    """How much a frame shows: many actors, large, whole and not hidden."""
    return sum(_extent(label) for label in labels if label.type != "DontCare" and label.occluded < 2)


def _extent(label: Label) -> float:
    left, top, right, bottom = label.box
    whole = 1.0 - min(label.truncated, 1.0)
    return float(whole * np.sqrt(max(right - left, 0.0) * max(bottom - top, 0.0)))
