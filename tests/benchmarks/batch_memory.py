"""A worker's life of so many draft frames: `batch_memory.py FRAMES`.

Prints how large it is every 25 frames [MB], and at last how much of the processors' time it took after the first frame.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

from roadlab import load
from roadlab_tools.batch.frames import Target, Task, write_frames
from roadlab_tools.batch.plan import planned
from roadlab_tools.datasets.claim import claimed

STREET = """\
scenario: A long day in a small street
duration: {seconds} s
map:
  roads: {{street: {{profile: urban_2x1, path: [{{line: 300 m}}]}}}}
  surroundings: {{style: none}}
actors:
  ego: {{model: hatchback, at: {{road: street, lane: -1, s: 30 m}}, speed: 0.5 m/s, drive: {{speed: 0.5 m/s}}}}
  ahead: {{model: sedan, at: {{road: street, lane: -1, s: 60 m}}, parked: true}}
  anna:
    model: adult
    at: {{road: street, s: 46 m, t: 4.5 m}}
    walk: {{path: [{{road: street, s: 280 m, t: 4.5 m}}]}}
sensors:
  camera:
    type: camera
    mount: {{x: 1.7 m}}
    phase: 49 ms
    image: {{width: 128, height: 48}}
    intrinsics: {{fx: 80, fy: 80, cx: 63.5, cy: 20}}
  lidar: {{type: lidar, model: hdl64e, mount: {{x: 1.4 m, z: 1.73 m}}}}
"""


def megabytes() -> float:
    """What of this process is in memory now."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(fields["VmRSS"].split()[0]) / 1024


def main(frames: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder) / "street.yaml", Path(folder) / "out"
        file.write_text(STREET.format(seconds=frames / 10 + 1))
        scenario = load(file)
        plan = planned([scenario], frames=slice(0, frames), quality="draft")
        entry = plan.entries[0]
        tasks = [Task(entry, scenario.to_json(), index) for index in entry.indices]
        with claimed(out, plan.run("kitti"), resume=False):
            started = 0.0
            for number, _ in enumerate(write_frames(tasks, Target("draft", (("kitti", out),)))):
                started = started or time.process_time()
                if number % 25 == 24:
                    sys.stdout.write(f"{megabytes():.1f}\n")
                    sys.stdout.flush()
            sys.stdout.write(json.dumps({"processor_seconds": time.process_time() - started}) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
