"""What a caller may ask for, checked before anything is computed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Literal, get_args

from roadlab.errors import RoadlabError
from roadlab_tools.datasets.lock import Shard

Quality = Literal["draft", "standard", "high", "reference"]
QUALITIES: tuple[str, ...] = get_args(Quality)


class OptionError(RoadlabError, ValueError):
    """An option's value cannot be used; the message names the option and says what it takes."""


def one_of(option: str, value: str, known: Iterable[str]) -> str:
    """The value, when it is a known one."""
    known = tuple(known)
    if value in known:
        return value
    close = difflib.get_close_matches(value, known, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    raise OptionError(f"{option} takes {', '.join(known)}, not {value!r}{hint}")


def at_least_one(option: str, value: int) -> int:
    """The value, when it counts something."""
    if value < 1:
        raise OptionError(f"{option} takes a whole number from 1, not {value}")
    return value


def parse_frames(text: str) -> slice:
    """`A:B` as in Python: frame A up to but not including B; either may be left out."""
    parts = text.split(":")
    try:
        start, stop = (int(part) if part.strip() else None for part in parts)
    except ValueError:
        raise OptionError(f"--frames takes A:B, such as 0:20 or 5:6, not {text!r}") from None
    return slice(start, stop)


def parse_shard(text: str) -> Shard:
    """`I/N`: part I of N, counted from 1."""
    try:
        index, count = (int(part) for part in text.split("/"))
    except ValueError:
        raise OptionError(f"--shard takes I/N, such as 1/4, not {text!r}") from None
    if not 1 <= index <= count:
        raise OptionError(f"--shard counts from 1/{max(count, 1)} to {max(count, 1)}/{max(count, 1)}, not {text}")
    return Shard(index, count)


def selected_frames(count: int, frames: slice | None = None, every: int = 1) -> range:
    """Which of `count` samples are asked for: the range `frames`, and of that each `every`-th."""
    at_least_one("--every", every)
    start = 0 if frames is None or frames.start is None else frames.start
    stop = count if frames is None or frames.stop is None else frames.stop
    if not 0 <= start < stop <= count:
        raise OptionError(
            f"--frames {start}:{stop} selects nothing; the scenario has frames 0:{count}, and A must be below B"
        )
    return range(start, stop, every)
