import cv2
import pytest
from typer.testing import CliRunner

from roadlab_tools.cli import app

SCENARIO = """
scenario: A slow leader
duration: 3 s
step: 0.02 s
map:
  roads:
    street: {profile: urban_2x1, path: [{line: 300 m}], speed_limit: 50 km/h}
actors:
  ego: {model: hatchback, at: {road: street, lane: -1, s: 20 m}, speed: 20 m/s, drive: {}}
  slow: {model: hatchback, at: {road: street, lane: -1, s: 64.28 m}, speed: 12 m/s, drive: {}}
"""


@pytest.fixture
def simulate(tmp_path):
    (tmp_path / "a.yaml").write_text(SCENARIO)

    def run(*options):
        words = ["simulate", str(tmp_path / "a.yaml"), "--out", str(tmp_path / "a.log"), *options]
        return CliRunner().invoke(app, words)

    return run


def test_a_run_tells_how_near_the_ego_came_and_what_it_broke(simulate):
    result = simulate()
    assert result.exit_code == 0, result.output
    assert "least time to collision" in result.output
    assert ", slow" in result.output
    speeding = next(line for line in result.output.splitlines() if line.startswith("speeding"))
    assert "first at 0.00 s" in speeding


def test_a_run_tells_what_touched_and_what_could_not_be_done(simulate, tmp_path):
    more = """
  gone: {model: sedan, at: {road: street, lane: 1, s: 200 m}, drive: {}}
story:
  - {name: off, when: {time: {after: 0.5 s}}, do: {gone: {vanish: true}}}
  - {name: stop, when: {time: {after: 1 s}}, do: {gone: {brake: {deceleration: 3 m/s2}}}}
"""
    (tmp_path / "a.yaml").write_text(SCENARIO.rstrip() + more)
    output = simulate().output
    assert "stop: gone cannot brake: it is not there" in " ".join(output.split())
    assert [line.split()[:3] for line in output.splitlines() if line.startswith("fault")] == [["fault", "1.00", "s"]]
    assert not any(line.startswith("contact") for line in output.splitlines())


def test_measures_are_drawn_one_below_the_other(simulate, tmp_path):
    one, three = tmp_path / "one.png", tmp_path / "three.png"
    assert simulate("--plot", str(one)).exit_code == 0
    result = simulate("--plot", str(three), "--measure", "ttc", "--measure", "drac", "--measure", "jerk")
    assert result.exit_code == 0, result.output
    small, large = cv2.imread(str(one)), cv2.imread(str(three))
    assert large.shape[0] > 2 * small.shape[0]
    blue = (large[..., 0].astype(int) - large[..., 2] > 80).any(axis=1)
    third = len(blue) // 3
    assert all(blue[k * third : (k + 1) * third].any() for k in range(3))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--plot", "x.png", "--measure", "tct"], "did you mean 'ttc'"),
        (["--plot", "x.jpg"], ".png"),
        (["--measure", "ttc"], "--plot"),
    ],
)
def test_what_cannot_be_drawn_is_refused_before_the_run(simulate, options, message, tmp_path):
    result = simulate(*options)
    assert result.exit_code == 2
    assert message in result.output
    assert not (tmp_path / "a.log").exists()
