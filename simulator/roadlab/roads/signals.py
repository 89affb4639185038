"""Fixed-time traffic signals."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignalPlan:
    """Stages that follow one another, each green, amber and a time when all are red [s]."""

    stages: int
    green: float
    amber: float
    all_red: float
    offset: float = 0.0
    """How far into the cycle the plan is at time 0; the first stage's green begins the cycle."""
    red_amber: float = 1.0
    """Shown before green, within the time of all red (StVO § 37, RiLSA: 1 s)."""

    greens: tuple[float, ...] = ()
    """Of each stage, where they differ; empty: `green` of all."""

    @property
    def cycle(self) -> float:
        """Until everything repeats [s]."""
        return sum(self.share(stage) for stage in range(self.stages))

    def green_of(self, stage: int) -> float:
        """How long a stage is green [s]."""
        return self.greens[stage] if self.greens else self.green

    def share(self, stage: int) -> float:
        """From the start of a stage's green to that of the next one [s]."""
        return self.green_of(stage) + self.amber + self.all_red

    def into(self, stage: int, time: float) -> float:
        """How long ago a stage's green began [s], in [0, cycle)."""
        begin = sum(self.share(before) for before in range(stage))
        return (time + self.offset - begin) % self.cycle


@dataclass(frozen=True, slots=True)
class SignalHead:
    """A signal for the traffic of one arm of a junction."""

    name: str
    """`junction/road.end`."""
    stage: int
    x: float
    y: float
    heading: float
    """Where its lenses look: towards the traffic that it stops."""


@dataclass(frozen=True, slots=True)
class WalkHead:
    """A signal for people on foot at one end of a crosswalk."""

    name: str
    """`junction/road.end/right` or `/left`, seen by those who drive into the junction."""
    crosswalk: str
    stages: tuple[int, ...]
    """During which people walk."""
    clearance: float
    """What it takes to walk across [s]."""
    x: float
    y: float
    heading: float
    """Where its lenses look: across the road."""


def signal_state(plan: SignalPlan, stage: int, time: float) -> str:
    """What the heads of `stage` show at `time` [s]: red, red_amber, green or amber."""
    if not 0 <= stage < plan.stages:
        raise ValueError(f"stage {stage} is not one of the {plan.stages} stages")
    into, green = plan.into(stage, time), plan.green_of(stage)
    if into < green:
        return "green"
    if into < green + plan.amber:
        return "amber"
    if into >= plan.cycle - min(plan.red_amber, plan.all_red):
        return "red_amber"
    return "red"


def walk_state(plan: SignalPlan, head: WalkHead, time: float) -> str:
    """What a signal for people on foot shows at `time` [s]: green or red.

    It turns red so early that who has just stepped onto the crosswalk is across when the next stage begins.
    """
    for stage in head.stages:
        if plan.into(stage, time) < plan.share(stage) - head.clearance:
            return "green"
    return "red"
