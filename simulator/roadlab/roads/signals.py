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

    @property
    def cycle(self) -> float:
        """Until everything repeats [s]."""
        return self.stages * (self.green + self.amber + self.all_red)


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


def signal_state(plan: SignalPlan, stage: int, time: float) -> str:
    """What the heads of `stage` show at `time` [s]: red, red_amber, green or amber."""
    if not 0 <= stage < plan.stages:
        raise ValueError(f"stage {stage} is not one of the {plan.stages} stages")
    share = plan.green + plan.amber + plan.all_red
    into = (time + plan.offset - stage * share) % plan.cycle
    if into < plan.green:
        return "green"
    if into < plan.green + plan.amber:
        return "amber"
    if into >= plan.cycle - min(plan.red_amber, plan.all_red):
        return "red_amber"
    return "red"
