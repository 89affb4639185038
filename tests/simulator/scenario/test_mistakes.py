"""Every mistake an author can make ends with the place, what was found, and what was expected."""

from __future__ import annotations

import pytest

# Replace the first text by the second in the street scenario: where the problem is, and pieces of what is said.
MISTAKES = {
    "unknown key": ("duration:", "duraton:", "2:1", ["unknown key 'duraton'", "did you mean 'duration'?"]),
    "unknown key of an actor": ("speed: 30", "sped: 30", "10:5", ["actors.ego.sped", "did you mean 'speed'?"]),
    "unknown key of a place": ("lane: -1", "lan: -1", "9:21", ["unknown key 'lan'", "did you mean 'lane'?"]),
    "unknown key without likeness": ("wait: true", "zoo: 1", "15:50", ["expected one of path, speed, wait"]),
    "unknown key of a sensor": ("camera}", "camera, imag: {}}", "26:23", ["did you mean 'image'?"]),
    "key of another place": (
        "s: 10 m",
        "s: 10 m, t: 1 m",
        "9:40",
        ["unknown key 't'", "road, lane, s, offset, heading"],
    ),
    "text for a speed": ("30 km/h", "fast", "10:12", ["expected a speed such as '45 km/h', found 'fast'"]),
    "list for a speed": ("30 km/h", "[30]", "10:12", ["expected a speed", "found a list"]),
    "truth for a speed": ("30 km/h", "true", "10:12", ["expected a speed", "found 'true'"]),
    "text for a lane": ("lane: -1", "lane: right", "9:27", ["expected one of driving, parking", "found 'right'"]),
    "fraction for a lane": ("lane: -1", "lane: -1.5", "9:27", ["expected a whole number, found '-1.5'"]),
    "number for a title": ("A street", "42", "1:11", ["expected text, found '42'; put it in quotes"]),
    "yes for true": ("parked: true", "parked: yes", "20:13", ["expected true or false, found 'yes'"]),
    "text for a place": ("{road: elm, lane: -1, s: 10 m}", "elm", "9:9", ["{road, lane, s}", "found 'elm'"]),
    "half a place": ("lane: -1, s", "s", "9:9", ["expected a place", "found the keys road, s"]),
    "text for an actor": (
        "  anna:\n    model: adult",
        "  anna: adult\n  bob:\n    model: adult",
        "12:9",
        ["mapping", "'adult'"],
    ),
    "list for actors": ("actors:\n", "actors: []\nextra:\n", "6:9", ["expected a mapping", "found a list"]),
    "missing key of an actor": ("    model: hatchback\n", "", "7:3", ["missing key 'model'"]),
    "missing key in one line": ("profile: urban_2x1, ", "", "5:10", ["map.roads.elm", "missing key 'profile'"]),
    "missing duration": ("duration: 5 s\n", "", "1:1", ["missing key 'duration'; expected a duration such as '2.5 s'"]),
    "missing sensor type": ("type: camera", "rate: 10", "26:8", ["missing key 'type'; expected one of camera"]),
    "empty value": ("30 km/h", "", "10:5", ["'speed' has no value"]),
    "colour that became a comment": (
        "    parked: true",
        "    paint: #102030",
        "20:5",
        ["'paint' has no value", "quotes"],
    ),
    "misspelt unit": ("30 km/h", "30 kmh", "10:12", ["'kmh' is not a unit of speed; did you mean 'km/h'?"]),
    "unknown unit": ("30 km/h", "30 furlongs", "10:12", ["'furlongs' is not a unit", "m/s, km/h, mph"]),
    "unit of something else": ("30 km/h", "30 kg", "10:12", ["'kg' is not a unit of speed"]),
    "negative duration": ("duration: 5 s", "duration: -5 s", "2:11", ["must be more than 0 s, found '-5 s'"]),
    "negative speed": ("30 km/h", "-30 km/h", "10:12", ["must be at least 0 m/s, found '-30 km/h'"]),
    "duration without end": ("5 s", "2 h", "2:11", ["must be at most 3600 s, found '2 h'"]),
    "infinite duration": ("5 s", ".inf", "2:11", ["expected a duration", "found '.inf'"]),
    "absurd rate": ("camera}", "camera, rate: 1e9 Hz}", "26:29", ["expected a frequency", "at most 1000000 Hz"]),
    "rate beyond any sensor": ("camera}", "camera, rate: 20000}", "26:29", ["must be at most 10000 Hz, found '20000'"]),
    "duplicate key": ("  anna:", "  ego:", "12:3", ["the key 'ego' is already used at", "street.yaml:7:3"]),
    "two egos": ("model: sedan", "model: sedan\n    role: ego", "18:11", ["two egos, ego and row"]),
    "no ego": ("  ego:", "  car:", "6:1", ["no ego"]),
    "livery of what has none": (
        "  anna:\n    model: adult",
        "  anna:\n    paint: taxi\n    model: adult",
        "13:12",
        ["the model adult has no livery taxi; cars, pickups, vans"],
    ),
    "ego on foot": ("model: hatchback", "model: adult", "8:12", ["the ego carries the sensors"]),
    "lane that does not exist": ("lane: -1", "lane: -7", "9:27", ["lane -7 does not exist on elm", "-2, -1, 1, 2"]),
    "lane for walkers": ("lane: -1", "lane: -2", "9:27", ["lane -2 of elm is a sidewalk"]),
    "beyond the road's end": ("s: 10 m", "s: 1 km", "9:34", ["s = 1000 m is beyond the end of elm (100 m)"]),
    "before the road's start": ("s: 10 m", "s: -1 m", "9:34", ["s = -1 m is before the start of elm"]),
    "unknown road": ("road: elm, lane: -1", "road: oak, lane: -1", "9:16", ["oak is not a road of this map"]),
    "walk off the road": ("s: 40 m, t: 5 m", "s: 140 m, t: 5 m", "15:34", ["s = 140 m is beyond the end"]),
    "row off the road": ("spacing: 8 m", "spacing: 30 m", "19:5", ["the last of 3 stands at s = 110 m"]),
    "unknown profile": ("urban_2x1", "urban2x1", "5:20", ["urban2x1", "did you mean urban_2x1?"]),
    "unknown sensor type": (
        "type: camera",
        "type: camra",
        "26:15",
        ["unknown sensor type 'camra'", "did you mean 'camera'?"],
    ),
    "misspelt type": ("type: camera", "typ: camera", "26:9", ["unknown key 'typ'; did you mean 'type'?"]),
    "unknown driver type": ("type: idm", "type: idn", "11:28", ["unknown driver type 'idn'", "did you mean 'idm'?"]),
    "driver without type": ("{type: idm}", "idm", "11:21", ["did you mean {type: idm}?"]),
    "unknown model": ("model: hatchback", "model: hatchbak", "8:12", ["unknown model 'hatchbak'", "'hatchback'"]),
    "no piece of a path": ("{line: 100 m}", "{}", "5:38", ["exactly one of line, arc, clothoid; found none"]),
    "two pieces in one": ("{line: 100 m}", "{line: 9, arc: {length: 9, radius: 99}}", "5:38", ["found line and arc"]),
    "unknown condition": ("{time: {after: 1 s}}", "{tim: {after: 1 s}}", "23:12", ["did you mean 'time'?"]),
    "two actions": ("{walk: {}}", "{walk: {}, stand: true}", "24:27", ["anna cannot walk and stand at the same time"]),
    "two curvatures": (
        "line: 100 m",
        "clothoid: {length: 9, curvature: [0, 1, 2]}",
        "5:72",
        ["expected 2 entries, found 3"],
    ),
    "unknown actor in the story": ("{anna: {walk", "{anne: {walk", "24:10", ["unknown actor 'anne'", "'anna'"]),
    "row in the story": ("{anna: {walk: {}}", "{row: {resume: true}", "24:16", ["row[0] is parked and cannot resume"]),
    "beyond the row": ("{anna: {walk: {}}", "{'row[3]': {resume: true}", "24:10", ["row[0] to [2]"]),
    "parked actor acts": ("{anna: {walk: {}}", "{'row[2]': {resume: true}", "24:21", ["row[2] is parked"]),
    "lights on a person": ("    walk: ", "    lights: {beam: low}\n    walk: ", "15:5", ["a pedestrian has none"]),
    "lights that are none": (
        "    speed: 30 km/h",
        "    lights: {}\n    speed: 30 km/h",
        "10:5",
        ["expected indicator, beam or"],
    ),
    "car walks": ("{anna: {walk: {}}", "{ego: {walk: {}}", "24:16", ["ego is a vehicle and cannot walk"]),
    "person brakes": ("{walk: {}}", "{brake: {}}", "24:17", ["anna is a pedestrian and cannot brake"]),
    "lane change to nowhere": ("{anna: {walk: {}}", "{ego: {change_lane: {to: 9}}", "24:34", ["lane 9 does not exist"]),
    "unknown event": ("time: {after: 1 s}", "event: {started: og}", "23:29", ["unknown event 'og'"]),
    "event waits for itself": ("time: {after: 1 s}", "event: {started: go}", "23:29", ["cannot wait for itself"]),
    "speed without bound": ("time: {after: 1 s}", "speed: {actor: ego}", "23:19", ["expected a bound"]),
    "event of the same name": (
        "story:\n",
        "story:\n  - {name: go, when: {time: {after: 2}}, do: {anna: {walk: {}}}}\n",
        "23:11",
        ["two events are named 'go'"],
    ),
    "drive on foot": ("    walk: {path", "    drive: {}\n    walk: {path", "15:5", ["a pedestrian walks; use walk"]),
    "walk on wheels": (
        "    drive: {",
        "    walk: {path: [{x: 1, y: 1}]}\n    drive: {",
        "11:5",
        ["a vehicle does not walk"],
    ),
    "parked and driving": ("parked: true", "parked: true\n    drive: {}", "21:5", ["a parked vehicle does not drive"]),
    "unknown road of a route": ("drive: {", "drive: {route: [elm, oak], ", "11:26", ["unknown road 'oak'"]),
    "unknown colour": (
        "    parked: true",
        "    paint: rad",
        "20:12",
        ["'rad' is not a colour name", "did you mean 'red'?"],
    ),
    "step beyond the duration": ("duration: 5 s", "duration: 10 ms\nstep: 50 ms", "3:7", ["longer than the duration"]),
    "too many steps": ("duration: 5 s", "duration: 1 h\nstep: 0.1 ms", "3:7", ["36000000 steps", "at most 10000000"]),
    "step too small": ("duration: 5 s", "duration: 5 s\nstep: 1 us", "3:7", ["must be at least 0.0001 s"]),
    "name with a blank": ("  anna:", "  old anna:", "12:3", ["a name of letters, digits and _", "found 'old anna'"]),
    "no such day": ("5 s", "5 s\nenvironment: {date: 2026-02-30}", "3:21", ["expected a date such as 2026-06-12"]),
    "no such time": ("5 s", "5 s\nenvironment: {time: 25:00}", "3:21", ["expected a time of day such as 10:30"]),
    "two in one place": (
        "lane: 1, s: 50 m",
        "lane: -1, s: 12 m",
        "18:9",
        ["actors.row.at: row[0] stands where ego stands"],
    ),
    "drives against its lane": ("lane: -1, s: 10", "t: 1.7 m, s: 10", "9:9", ["actors.ego.at", "faces against"]),
    "drives off the road": ("{road: elm, lane: -1, s: 10 m}", "{x: 1 m, y: 40 m}", "9:9", ["no lane lies at x 1.0 m"]),
    "seed too large": ("5 s", "5 s\nseed: 9223372036854775808", "3:7", ["must be less than 9223372036854775808"]),
}


# Mistakes from which others follow, which are reported too.
FOLLOWED = {"duplicate key": 2, "list for actors": 2, "two egos": 2, "ego on foot": 2, "name with a blank": 2}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_reported_at_its_place_and_causes_no_noise(name, street, problems):
    old, new, place, pieces = MISTAKES[name]
    assert old in street
    found = problems(street.replace(old, new, 1))
    (report,) = [str(p) for p in found if f"{p.span.line}:{p.span.column}" == place]
    assert f"street.yaml:{place}: " in report
    assert [piece for piece in pieces if piece not in report] == []
    assert len(found) == FOLLOWED.get(name, 1)


def test_five_mistakes_are_reported_at_once_in_the_order_of_the_text(street, problems):
    text = street
    for old, new in (
        ("duration: 5 s", "duration: 5 parsec"),
        ("model: hatchback", "model: hatchbak"),
        ("s: 40 m, t: -5 m", "s: 400 m, t: -5 m"),
        ("parked: true", "parkd: true"),
        ("type: camera", "type: camra"),
    ):
        text = text.replace(old, new, 1)
    found = problems(text)
    assert [(p.span.line, p.span.column) for p in found] == [(2, 11), (8, 12), (14, 24), (20, 5), (26, 15)]


def test_mistakes_in_actors_and_the_story_do_not_hide_one_another(street, problems):
    text = street.replace("30 km/h", "fast").replace("after: 1 s", "after: soon").replace("count: 3", "count: 30")
    assert [p.span.line for p in problems(text)] == [10, 19, 23]


def test_events_that_wait_for_one_another_are_reported_once(street, problems):
    story = "".join(
        f"  - {{name: {name}, when: {{event: {{started: {other}}}}}, do: {{anna: {{walk: {{}}}}}}}}\n"
        for name, other in (("a", "go"), ("b", "d"), ("c", "b"), ("d", "c"))
    )
    (found,) = problems(street.replace("story:\n", "story:\n" + story))
    assert found.path == "story[1].when.event.started"
    assert "'b' and 'd' and 'c' wait for one another" in found.message


def test_thousands_of_mistakes_are_not_all_looked_at(street, problems):
    found = problems(street.replace("story:\n", "story:\n" + "  - 1\n" * 20_000))
    assert len(found) == 51
    assert found[0].span.line == 22


def test_many_mistakes_are_cut_short_and_counted(street, problems):
    text = street + "".join(f"extra_{number}: 1\n" for number in range(300))
    found = problems(text)
    assert len(found) == 51
    assert "250 more problems" in str(found[-1])


def test_a_report_shows_the_line_and_a_caret(street, problems):
    (found,) = problems(street.replace("30 km/h", "30 kmh"))
    head, line, caret = str(found).splitlines()
    assert head.endswith("street.yaml:10:12: actors.ego.speed: 'kmh' is not a unit of speed; did you mean 'km/h'?")
    assert line[4:] == "    speed: 30 kmh"
    assert line[caret.index("^") :] == "30 kmh"


def test_mistaken_conditions_are_reported_together_and_with_all_else(street, problems):
    conditions = """require:
  - distnce(ego, anna) > 2 m
  - distance(ego, ana) > 2 m
expect:
  - speeed(ego) > 2 m/s
  - started('gone')
"""
    found = problems(street.replace("{type: camera}", "{type: camra}") + conditions)
    assert [p.path for p in found] == ["sensors.cam.type", "require[0]", "require[1]", "expect[0]", "expect[1]"]
    assert "did you mean 'distance'?" in found[1].hint
    assert "unknown actor 'ana'" in found[2].message


def test_an_unknown_model_is_reported_beside_other_mistakes_of_the_actor(street, problems):
    found = problems(street.replace("model: hatchback", "model: hatchbak").replace("30 km/h", "30 kmh"))
    assert [p.path for p in found] == ["actors.ego.model", "actors.ego.speed"]
    assert "'hatchback'" in found[0].hint
