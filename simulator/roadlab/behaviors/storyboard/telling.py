"""One tick of the story: actions go on, events end, are stopped, skipped or started."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from roadlab.behaviors.storyboard.actions import begin, release, step
from roadlab.behaviors.storyboard.book import AS_PLANNED, Book, Play, Running
from roadlab.behaviors.storyboard.domains import conflicting
from roadlab.behaviors.storyboard.elements import WORLD, Element, Progress
from roadlab.behaviors.storyboard.fault import StoryFaultError
from roadlab.behaviors.storyboard.relative import settled
from roadlab.behaviors.storyboard.snapshot import Snapshot, Tale
from roadlab.behaviors.storyboard.triggers import Memory, judge
from roadlab.log import Event
from roadlab.scenario.spec import WhenSpec
from roadlab.timing import Nanoseconds, seconds

if TYPE_CHECKING:
    from roadlab.stage import Scene, Stage


def tell(stage: Stage, scene: Scene, tick: int) -> Scene:
    """The scene once the story has had its say on this tick."""
    if not stage.story:
        return scene
    scene = replace(scene, book=_counted(scene))
    time = stage.time_of(tick)
    scene = _go_on(stage, scene, time)
    now = snapshot(stage, scene, tick)
    for _ in range(1 + 2 * len(stage.story)):
        before, judged = scene.book, _Judged(now)
        scene, now = _look(stage, scene, judged)
        if scene.book is before:
            break
    return _remember(stage, scene, judged)


class _Judged:
    """Conditions of the story at one instant, each looked at when it is first asked for."""

    def __init__(self, now: Snapshot) -> None:
        self.now = now
        self._known: dict[tuple[int, str], tuple[bool, Memory]] = {}

    def result(self, k: int, key: str, when: WhenSpec, memory: Memory) -> tuple[bool, Memory]:
        """Whether the condition `key` (when, until) of element `k` counts, and what it has to remember."""
        if (k, key) not in self._known:
            self._known[k, key] = judge(when, memory, self.now)
        return self._known[k, key]

    def at(self, now: Snapshot) -> None:
        """Go on with an instant on which events have moved."""
        self.now = now


def snapshot(stage: Stage, scene: Scene, tick: int) -> Snapshot:
    """What conditions look at."""
    state, book = scene.state, scene.book
    return Snapshot(
        setting=stage.setting,
        time=stage.time_of(tick),
        x=state.x,
        y=state.y,
        yaw=state.yaw,
        speed=state.speed,
        acceleration=state.acceleration,
        present=book.present,
        travelled=book.travelled,
        signals=shown(stage, scene, tick),
        touched=scene.known_contacts,
        tales=_tales(stage, book),
    )


def shown(stage: Stage, scene: Scene, tick: int) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """(S,) what the signal heads show: their plan, or what the story has ordered."""
    ordered = scene.book.signals
    return np.where(ordered == AS_PLANNED, stage.signals[tick], ordered).astype(np.uint8)


def _tales(stage: Stage, book: Book) -> dict[str, Tale]:
    return {element.name: p.tale for element, p in zip(stage.story, book.progress, strict=True)}


def _counted(scene: Scene) -> Book:
    """The book with the way counted that everybody has gone since the tick before."""
    place = np.column_stack([scene.state.x, scene.state.y])
    way = np.hypot(*(place - scene.book.place).T)
    return replace(scene.book, place=place, travelled=scene.book.travelled + np.where(scene.book.present, way, 0.0))


# --- actions ----------------------------------------------------------------------------------------------------------


def _go_on(stage: Stage, scene: Scene, time: Nanoseconds) -> Scene:
    """Every running action does what it does on this tick; those that are done are taken off the book."""
    for action in scene.book.running:
        if action in scene.book.running:
            scene = _step(stage, scene, action, time)
    return scene


def _step(stage: Stage, scene: Scene, action: Running, time: Nanoseconds) -> Scene:
    if action.actor != WORLD and not scene.book.present[action.actor]:
        return _without(scene, action)
    try:
        scene, data = step(Play(stage, scene, seconds(time)), action)
    except StoryFaultError as fault:
        return _without(
            _faulty(stage, release(Play(stage, scene, seconds(time)), action), action, str(fault), time), action
        )
    if data is None:
        return _without(scene, action)
    return _with_running(scene, tuple(replace(a, data=data) if a is action else a for a in scene.book.running))


def _begin(stage: Stage, scene: Scene, action: Running, time: Nanoseconds) -> Scene:
    """Start an action; others of the same actor that it cannot go with are stopped."""
    if action.actor != WORLD and action.kind != "appear" and not scene.book.present[action.actor]:
        return _faulty(stage, scene, action, "is not there", time)
    for other in scene.book.running:
        if other.actor == action.actor and conflicting(stage, action, other):
            scene = _without(release(Play(stage, scene, seconds(time)), other), other)
    try:
        action = replace(action, spec=settled(stage, scene, action))
        scene, data = begin(Play(stage, scene, seconds(time)), action)
    except StoryFaultError as fault:
        return _faulty(stage, scene, action, str(fault), time)
    if data is None:
        return scene
    action = replace(action, data=data)
    return _step(stage, _with_running(scene, (*scene.book.running, action)), action, time)


def _faulty(stage: Stage, scene: Scene, action: Running, why: str, time: Nanoseconds) -> Scene:
    event = stage.story[action.event].name
    name = "" if action.actor == WORLD else stage.cast.members[action.actor].info.name
    message = f"{event}: {name} cannot {action.kind.replace('_', ' ')}: it {why}"
    return replace(scene, events=(*scene.events, Event(time, "fault", message, (name,) if name else ())))


def _without(scene: Scene, action: Running) -> Scene:
    return _with_running(scene, tuple(other for other in scene.book.running if other is not action))


def _with_running(scene: Scene, running: tuple[Running, ...]) -> Scene:
    return replace(scene, book=replace(scene.book, running=running))


# --- events -----------------------------------------------------------------------------------------------------------


def _look(stage: Stage, scene: Scene, judged: _Judged) -> tuple[Scene, Snapshot]:
    """Look at every element once; what one of them does the later ones see, and the earlier ones the next time."""
    for k, element in enumerate(stage.story):
        before, time = scene.book, judged.now.time
        if _stops(k, element, scene.book.progress[k], judged):
            scene = _end(stage, scene, k, time, "story_stop")
        elif scene.book.progress[k].state == "standby" and _starts(k, element, scene.book.progress[k], judged):
            scene = _start(stage, scene, k, time)
        if scene.book.progress[k].state == "running" and _is_over(element, k, scene.book):
            scene = _end(stage, scene, k, time, "story_end")
        if scene.book is not before:
            judged.at(replace(judged.now, tales=_tales(stage, scene.book), present=scene.book.present))
    return scene, judged.now


def _stops(k: int, element: Element, progress: Progress, judged: _Judged) -> bool:
    until = element.spec.until
    if until is None or progress.state not in ("standby", "running"):
        return False
    return judged.result(k, "until", until, progress.stop)[0]


def _starts(k: int, element: Element, progress: Progress, judged: _Judged) -> bool:
    if progress.moved:
        return False
    return element.spec.when is None or judged.result(k, "when", element.spec.when, progress.trigger)[0]


def _is_over(element: Element, k: int, book: Book) -> bool:
    if element.children:
        return all(book.progress[child].state == "complete" for child in element.children)
    return not any(action.event == k for action in book.running)


def _start(stage: Stage, scene: Scene, k: int, time: Nanoseconds) -> Scene:
    element, progress = stage.story[k], scene.book.progress[k]
    busy = [other for other in element.siblings if scene.book.progress[other].state == "running"]
    progress = replace(progress, executions=progress.executions + 1, moved=True)
    if element.spec.priority == "skip" and busy:
        state = "complete" if progress.executions >= element.spec.repeat else "standby"
        progress = progress.entering(state, time, skipped=(*progress.tale.skipped, time))
        scene = _put(_logged(scene, element, time, "story_skip"), k, progress)
        return _next_in_sequence(stage, scene, k, time) if state == "complete" else scene
    if element.spec.priority == "override":
        for other in busy:
            scene = _end(stage, scene, other, time, "story_stop")
    progress = progress.entering("running", time, started=(*progress.tale.started, time))
    scene = _put(_logged(scene, element, time, "story"), k, progress)
    for number, child in enumerate(element.children):
        state = "idle" if element.is_sequence and number > 0 else "standby"
        tale = scene.book.progress[child].tale
        scene = _put(scene, child, Progress(replace(tale, state=state, since=time)))
    for actor, kind, spec in element.orders:
        scene = _begin(stage, scene, Running(k, actor, kind, spec, seconds(time), None), time)
    return scene


def _end(stage: Stage, scene: Scene, k: int, time: Nanoseconds, how: str) -> Scene:
    """End an element by itself (`story_end`), or stop it and all that it has started (`story_stop`)."""
    element, progress = stage.story[k], scene.book.progress[k]
    was_running = progress.state == "running"
    for action in scene.book.running:
        if action.event == k:
            scene = _without(release(Play(stage, scene, seconds(time)), action), action)
    for child in element.children:
        if scene.book.progress[child].state in ("standby", "running", "idle"):
            scene = _end(stage, scene, child, time, "story_stop")
    again = how == "story_end" and progress.executions < element.spec.repeat
    ended = (*progress.tale.ended, time) if was_running else progress.tale.ended
    scene = _put(scene, k, progress.entering("standby" if again else "complete", time, ended=ended))
    scene = _logged(scene, element, time, how) if was_running else scene
    return scene if again else _next_in_sequence(stage, scene, k, time)


def _next_in_sequence(stage: Stage, scene: Scene, k: int, time: Nanoseconds) -> Scene:
    """When an element of a running sequence is complete, it is the next one's turn."""
    parent = stage.story[k].parent
    if parent is None or not stage.story[parent].is_sequence or scene.book.progress[parent].state != "running":
        return scene
    children = stage.story[parent].children
    following = children[children.index(k) + 1 :]
    if not following or scene.book.progress[following[0]].state != "idle":
        return scene
    return _put(scene, following[0], scene.book.progress[following[0]].entering("standby", time))


def _put(scene: Scene, k: int, progress: Progress) -> Scene:
    every = scene.book.progress
    return replace(scene, book=replace(scene.book, progress=(*every[:k], progress, *every[k + 1 :])))


def _logged(scene: Scene, element: Element, time: Nanoseconds, kind: str) -> Scene:
    if element.spec.name is None and not element.orders:
        return scene
    event = Event(time, kind, element.name, element.actors)  # type: ignore[arg-type]
    return replace(scene, events=(*scene.events, event))


def _remember(stage: Stage, scene: Scene, judged: _Judged) -> Scene:
    """What every condition that may still count has to know of this tick on the next one."""
    progress = list(scene.book.progress)
    for k, (element, p) in enumerate(zip(stage.story, progress, strict=True)):
        if p.state not in ("standby", "running"):
            progress[k] = replace(p, moved=False) if p.moved else p
            continue
        when, until = element.spec.when, element.spec.until
        again = p.executions < element.spec.repeat
        progress[k] = replace(
            p,
            moved=False,
            trigger=judged.result(k, "when", when, p.trigger)[1] if when is not None and again else p.trigger,
            stop=judged.result(k, "until", until, p.stop)[1] if until is not None else p.stop,
        )
    return replace(scene, book=replace(scene.book, progress=tuple(progress)))
