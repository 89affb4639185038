"""Coverage-guided fuzzing of everything that reads a scenario.

    pip install 'roadlab[fuzz]'
    python tests/fuzz/fuzz_scenarios.py -runs=100000 -timeout=2 -rss_limit_mb=1024 -print_final_stats=1 CORPUS

Starts from the library, its rigs and a file that uses every open value (all of them are put into the folder CORPUS),
mutates them by libFuzzer and by tokens of the language, and loads each. An input that raises anything but
ScenarioFileError, takes over two seconds or needs over a gigabyte ends the run and is left beside it as `crash-...`,
`timeout-...` or `oom-...`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

ROOT = Path(__file__).parents[2]
for package in ("simulator", "sensors", "tools"):
    sys.path.insert(0, str(ROOT / package))

with atheris.instrument_imports(include=["roadlab"]):
    from roadlab.errors import ScenarioFileError
    from roadlab.scenario.load import decide, draw_of, open_scenario
    from roadlab.scenario.reading import read_document

LIBRARY = ROOT / "scenarios"
OPEN = Path(__file__).with_name("open_values.yaml")
TOKENS = [
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b": ",
        b"- ",
        b"\n",
        b"&a ",
        b"*a",
        b"<<: *a",
        b"'",
        b'"',
        b"#",
        b"~",
        b"null",
        b"${",
        b"}",
    ),
    *(b"-1", b"0", b"1e9", b"1e308", b".nan", b"${1/0}", b"${9**9**9}", b"12 parsec", b"99999999999999999999"),
    *(b"any: ", b"use: ", b"repeat: 3", b"uniform: [1, 2]", b"choice: ", b"include: ", b"extends: ", b"index", b"ego"),
    *(b"groups: ", b"members: all", b"ahead_of: ego", b"beside: ", b"anywhere: driving", b"[0]"),
]


def mutate(data: bytes, limit: int, seed: int) -> bytes:
    """A token in a random place, or what libFuzzer makes of it."""
    if seed % 3:
        return bytes(atheris.Mutate(data, limit))
    place, token = (seed // 3) % (len(data) + 1), TOKENS[(seed // 7) % len(TOKENS)]
    cut = (seed // 11) % 4 * len(token) // 2
    return (data[:place] + token + data[place + cut :])[:limit]


def one_input(data: bytes, folder: Path) -> None:
    """Loads one input; ScenarioFileError is the answer to wrong files."""
    file = folder / "scenarios" / "fuzzed" / "input.yaml"
    file.write_bytes(data)
    try:
        opened = open_scenario(file)
        decide(opened, draw_of(opened, len(data) % 3))
    except ScenarioFileError as error:
        if not error.diagnostics or not all(d.message for d in error.diagnostics):
            raise RuntimeError("a report that says nothing") from error


def seeds(corpus: Path) -> None:
    """The files to start from."""
    corpus.mkdir(parents=True, exist_ok=True)
    for file in [*sorted(LIBRARY.glob("*/*.yaml")), OPEN]:
        text = file.read_bytes().replace(b"../rigs/", b"rigs/")
        (corpus / f"{file.parent.name}-{file.name}").write_bytes(text)
        read_document(file, file.name)


def main() -> None:
    """Runs libFuzzer with the arguments of the command line."""
    folders = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folders[0]) if folders else Path(folder) / "corpus"
        seeds(corpus)
        (Path(folder) / "scenarios" / "fuzzed").mkdir(parents=True)
        options = [argument for argument in sys.argv if argument.startswith("-")]
        arguments = [sys.argv[0], "-max_len=20000", *options, str(corpus)]
        atheris.Setup(arguments, lambda data: one_input(data, Path(folder)), custom_mutator=mutate)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
