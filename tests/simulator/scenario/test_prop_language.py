import pytest

import roadlab
from roadlab.actors.cast import cast
from roadlab.actors.props import PROPS

PLACES = {
    "lane": "{road: elm, lane: 1, s: 20 m}",
    "road": "{road: elm, s: 20 m, t: 1 m, heading: 90 deg}",
    "world": "{x: 20 m, y: 1 m}",
    "lane type": "{road: elm, lane: sidewalk, s: 20 m}",
    "ahead": "{ahead_of: ego, by: 20 m}",
    "behind": "{behind: anna_car, gap: 20 m}",
    "beside": "{beside: anna_car, side: left, gap: 1 m}",
    "route": "{route: [elm], lane: -1, along: 30 m}",
    "anywhere": "{anywhere: sidewalk}",
}


def with_prop(street, at, more=""):
    car = "  anna_car: {model: sedan, at: {road: elm, lane: -1, s: 90 m}, parked: true}\n"
    return street.replace("  anna:\n", f"{car}  thing: {{model: cone, at: {at}{more}}}\n  anna:\n")


@pytest.mark.parametrize("place", PLACES)
def test_a_prop_can_be_put_in_every_kind_of_place(street, write, place):
    scenario = roadlab.load(write(with_prop(street, PLACES[place])))
    member = next(m for m in cast(scenario.spec).members if m.info.name == "thing")
    assert member.info.kind == "prop"
    assert not member.drives


@pytest.mark.parametrize("model", PROPS)
def test_a_row_of_props_can_taper_and_be_named_as_a_group(street, write, model):
    at = "{road: elm, s: '${20 m + index * 6 m}', t: '${3 m - index * 0.5 m}'}"
    row = f"  row_of: {{model: {model}, at: {at}, repeat: 4}}\n"
    text = street.replace("  anna:\n", f"{row}  anna:\n") + "require: ['distance(ego, row_of) > 2 m']\n"
    text = text.replace("do: {anna: {walk: {}}}", "do: {anna: {walk: {}}, row_of: {vanish: true}}")
    actors = roadlab.load(write(text)).spec.actors
    assert [actors[f"row_of[{k}]"].at.t for k in range(4)] == pytest.approx([3.0, 2.5, 2.0, 1.5])


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (", speed: 3 m/s", "a cone stands still until something hits it"),
        (", drive: {}", "a cone stands where it is put"),
        (", paint: red", "a cone has its own colours"),
        (", parked: true", "a cone always stands"),
        (", lights: {beam: low}", "a cone has none"),
        (", role: ego", "two egos"),
    ],
)
def test_what_has_no_effect_on_a_prop_is_refused(street, problems, more, words):
    found = problems(with_prop(street, PLACES["road"], more))
    assert any(words in problem.message for problem in found), found


def test_a_prop_cannot_be_the_ego(street, problems):
    (problem,) = problems(street.replace("model: hatchback", "model: barrier").replace("    speed: 30 km/h\n", "")
                          .replace("    drive: {driver: {type: idm}}\n", ""))  # fmt: skip
    assert "must be a vehicle, not barrier" in problem.message


def test_a_prop_does_nothing_in_the_story_but_appear_and_vanish(street, problems):
    text = with_prop(street, PLACES["road"])
    (problem,) = problems(text.replace("do: {anna: {walk: {}}}", "do: {thing: {brake: {deceleration: 2}}}"))
    assert problem.message.endswith("thing is a cone and cannot brake; it can appear and vanish")


def test_a_misspelt_prop_is_recognised(street, problems):
    (problem,) = problems(with_prop(street, PLACES["road"]).replace("model: cone", "model: conne"))
    assert "cone" in problem.hint
