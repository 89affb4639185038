"""`roadlab list`: the library."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from roadlab.errors import RoadlabError, ScenarioFileError

PICTURES = (".jpg", ".png")


def add_to(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command(name="list", epilog="Example: roadlab list urban")(list_library)


def list_library(
    theme: Annotated[str | None, typer.Argument(help="Only scenarios of this folder.", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON, for programs.")] = False,
) -> None:
    """List the scenarios, rigs and other parts of the library: titles, files and pictures."""
    from roadlab.scenario.library import library

    folder = library()
    if folder is None:
        raise RoadlabError("the scenario library is not installed")
    entries = [_entry(file, folder) for file in sorted(folder.glob("*/*.yaml"))]
    themes = list(dict.fromkeys(str(entry["theme"]) for entry in entries))
    if theme is not None:
        from roadlab_tools.options import one_of

        one_of("THEME", theme, themes)
        entries = [entry for entry in entries if entry["theme"] == theme]
    if as_json:
        typer.echo(json.dumps(entries, indent=2, ensure_ascii=False))
    else:
        _print(entries)


def _entry(file: Path, folder: Path) -> dict[str, Any]:
    from roadlab.scenario.reading import read_document

    try:
        keys = read_document(file, str(file)).value
    except ScenarioFileError:
        keys = {}
    texts = {key: " ".join(one.node.text.split()) for key, one in keys.items()} if isinstance(keys, dict) else {}
    kind = "scenario" if "scenario" in texts else "rig" if "rig" in texts else "part"
    pictures = [file.with_suffix(suffix) for suffix in PICTURES]
    picture = next((str(path) for path in pictures if path.is_file()), None)
    return {
        "theme": str(file.relative_to(folder).parent),
        "kind": kind,
        "title": texts.get(kind, file.stem),
        "about": texts.get("about", ""),
        "file": str(file),
        "picture": picture,
    }


def _print(entries: list[dict[str, Any]]) -> None:
    from rich.table import Table

    from roadlab_tools.console import print_table

    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold")
    table.add_column()
    theme = ""
    for entry in entries:
        if entry["theme"] != theme:
            theme = entry["theme"]
            table.add_row(theme, "")
        table.add_row(f"    {entry['title']}", entry["file"])
        if entry["picture"]:
            table.add_row("", entry["picture"])
    print_table(table)
