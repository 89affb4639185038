"""The dataset's card: what a person reads and looks at first."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from typing import Any

from roadlab_tools.datasets.arrays import decode_table
from roadlab_tools.datasets.contents import INDEX, Contents
from roadlab_tools.datasets.pictures import sample_pictures
from roadlab_tools.datasets.reading import Dataset
from roadlab_tools.datasets.splits import splits_of
from roadlab_tools.datasets.statistics import Histogram, Statistics, statistics

SYNTHETIC = (
    "Everything in this dataset is synthetic. Roads, buildings, vehicles and people are models, their motion is "
    "simulated, pictures are path-traced and lidar returns are computed. No place, vehicle or person is real, and no "
    "photograph, recording or other dataset went into it. Labels come from the simulation itself, not from annotators."
)
LICENCE = (
    "roadlab is under the MIT licence and claims no rights in what it renders: whoever rendered this dataset decides "
    "under which licence to pass it on."
)
_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "h1,h2{line-height:1.2}table{border-collapse:collapse}td,th{padding:.15rem .8rem .15rem 0;text-align:left;"
    "vertical-align:top}.bar{background:#4a7fb5;height:.9rem;display:inline-block;min-width:1px}"
    "figure{display:inline-block;margin:.3rem}figcaption{font-size:12px;color:#666}code{background:#f2f2f2}"
    ".charts{display:flex;flex-wrap:wrap;gap:2rem}.skipped{color:#a22}"
)


def card_files(contents: Contents, facts: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    """`README.md`, `report.html`, and for KITTI a film and a picture; nothing but the manifest may come after."""
    from roadlab_tools.preview.files import preview_files

    numbers = contents.numbers()
    found = statistics(contents)
    table = decode_table(contents.read(INDEX))
    pictures = sample_pictures(Dataset(contents, table["number"], table["scene"])) if numbers else []
    yield "README.md", _readme(contents, found, facts).encode()
    yield "report.html", _report(contents, found, facts, pictures).encode()
    if contents.format == "kitti" and numbers:
        yield from preview_files(contents.root, numbers).items()


def _facts(contents: Contents, found: Statistics) -> list[tuple[str, str]]:
    run = contents.run
    splits = {split: len(names) for split, names in splits_of(contents.entries).items()}
    seeds = sorted({entry.seed for entry in contents.entries})
    listed = ", ".join(map(str, seeds[:8])) + (f", ... ({len(seeds)} seeds)" if len(seeds) > 8 else "")
    return [
        ("format", contents.format),
        ("samples", str(found.samples)),
        ("scenes", f"{found.scenes} ({', '.join(f'{count} {split}' for split, count in splits.items())})"),
        ("annotations", f"{found.annotations}, of actors that a camera or a lidar saw"),
        ("quality", str(run["quality"])),
        ("made by", f"roadlab {run['roadlab']}"),
        ("seed" if len(seeds) == 1 else "seeds", listed),
    ]


def _readme(contents: Contents, found: Statistics, facts: Mapping[str, Any]) -> str:
    titles = sorted({entry.title for entry in contents.entries})
    lines = [f"# {titles[0] if len(titles) == 1 else f'{len(titles)} driving scenarios'}", "", SYNTHETIC, ""]
    lines += ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in _facts(contents, found)), ""]
    for histogram in found.histograms:
        bars = ", ".join(f"{name}: {count}" for name, count in histogram.bars.items() if count)
        lines += [f"**{histogram.title}** {bars or 'none'}", ""]
    lines += ["## Scenes", "", "| scene | scenario | split | samples | seed |", "|---|---|---|---|---|"]
    lines += [f"| {e.name} | {e.title} | {e.split} | {len(e.indices)} | {e.seed} |" for e in contents.entries[:100]]
    if len(contents.entries) > 100:
        lines.append(f"| ... and {len(contents.entries) - 100} more, see `manifest.json` | | | | |")
    lines += ["", "Scenes were put into splits as wholes; no scenario is in two of them (`splits.json`).", ""]
    skipped = facts.get("skipped", {})
    if skipped:
        lines += [f"{len(skipped)} samples could not be made and are left out: {', '.join(list(skipped)[:20])}.", ""]
    lines += [
        "## Files",
        "",
        "`report.html` shows samples and distributions. `scenarios/` holds the scenarios, as written and decided,",
        "`logs/` what everybody did, `truth/` all that is true of each sample, `index.parquet` and",
        "`annotations.parquet` the whole in tables, `manifest.json` the checksums; `roadlab verify .` checks all.",
        "",
        "## Licence",
        "",
        LICENCE,
        "",
    ]
    return "\n".join(lines)


def _report(contents: Contents, found: Statistics, facts: Mapping[str, Any], pictures: list[tuple[str, str]]) -> str:
    rows = "".join(f"<tr><th>{_safe(name)}</th><td>{_safe(value)}</td></tr>" for name, value in _facts(contents, found))
    shown = "".join(
        f'<figure><img src="{url}" alt="{_safe(caption)}"><figcaption>{_safe(caption)}</figcaption></figure>'
        for caption, url in pictures
    )
    skipped = "".join(f"<li>{_safe(n)}: {_safe(why)}</li>" for n, why in facts.get("skipped", {}).items())
    parts = [
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>roadlab dataset</title><style>{_STYLE}</style>',
        f"<h1>{_safe(', '.join(sorted({e.title for e in contents.entries})[:3]))}</h1><p>{SYNTHETIC}</p>",
        f"<table>{rows}</table>",
        f'<ul class="skipped">{skipped}</ul>' if skipped else "",
        f"<h2>Samples</h2>{shown or '<p>This format keeps no pictures.</p>'}",
        f'<h2>Distributions</h2><div class="charts">{"".join(map(_chart, found.histograms))}</div>',
        f"<h2>Coverage</h2>{_coverage(found)}",
        f"<h2>Scenes</h2>{_scenes(contents)}",
        f"<h2>Licence</h2><p>{LICENCE}</p></html>\n",
    ]
    return "\n".join(parts)


def _chart(histogram: Histogram) -> str:
    most = max(histogram.bars.values(), default=0) or 1
    bars = "".join(
        f"<tr><td>{_safe(name)}</td>"
        f'<td><span class="bar" style="width:{count / most * 14:.2f}rem"></span> {count}</td></tr>'
        for name, count in histogram.bars.items()
    )
    return f"<div><h3>{_safe(histogram.title)}</h3><table>{bars}</table></div>"


def _coverage(found: Statistics) -> str:
    events = "".join(f"<tr><td>{_safe(name)}</td><td>{count}</td></tr>" for name, count in found.events.items())
    values = "".join(
        f"<tr><td><code>{_safe(name)}</code></td><td>{len(set(row))} values: {_safe(_span(row))}</td></tr>"
        for name, row in found.parameters.items()
    )
    pairs = "".join(
        f"<tr><td><code>{_safe(name)}</code></td><td>{met} of {there}</td></tr>"
        for name, (met, there) in sorted(found.pairs.items(), key=lambda pair: pair[1][0] / max(pair[1][1], 1))[:30]
    )
    return (
        f"<h3>Events that happened</h3><table>{events or '<tr><td>none</td></tr>'}</table>"
        f"<h3>What differs between scenes</h3><table>{values or '<tr><td>nothing</td></tr>'}</table>"
        f"<h3>Pairs of levels that were met, least first</h3><table>{pairs or '<tr><td>none</td></tr>'}</table>"
    )


def _span(values: tuple[str, ...]) -> str:
    try:
        numbers = [float(value) for value in values]
    except ValueError:
        return ", ".join(sorted(set(values))[:8])
    return f"{min(numbers):g} to {max(numbers):g}"


def _scenes(contents: Contents) -> str:
    head = "<tr><th>scene</th><th>scenario</th><th>split</th><th>samples</th><th>seed</th><th>file</th></tr>"
    rows = "".join(
        f"<tr><td>{_safe(e.name)}</td><td>{_safe(e.title)}</td><td>{e.split}</td><td>{len(e.indices)}</td>"
        f'<td>{e.seed}</td><td><a href="scenarios/{_safe(e.name)}.json">{_safe(e.name)}.json</a></td></tr>'
        for e in contents.entries[:500]
    )
    return f"<table>{head}{rows}</table>"


def _safe(text: str) -> str:
    return html.escape(str(text))
