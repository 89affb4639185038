"""Changes of a file that can be taken back; a file is never left half written."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from roadlab.errors import OutputError
from roadlab_tools.datasets.folder import writing

CHANGED = "was changed elsewhere since; it stays as it is"


class History:
    """What the window has written into one file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._done: list[tuple[bytes, bytes]] = []
        self._undone: list[tuple[bytes, bytes]] = []

    def read(self) -> str:
        """The file as it is now; OutputError when it cannot be read."""
        try:
            return self.file.read_bytes().decode("utf-8")
        except (OSError, ValueError) as error:
            raise OutputError(f"{self.file} cannot be read: {error}") from error

    def write(self, before: str, after: str) -> None:
        """Puts another text into the file; OutputError when it does not hold `before` any more."""
        old, new = before.encode(), after.encode()
        if old != new:
            self._replace(old, new)
            self._done.append((old, new))
            self._undone.clear()

    def undo(self) -> bool:
        """Takes the last change back; whether there was one."""
        return self._step(self._done, self._undone, backwards=True)

    def redo(self) -> bool:
        """Makes the change again that was taken back last; whether there was one."""
        return self._step(self._undone, self._done, backwards=False)

    def _step(self, source: list[tuple[bytes, bytes]], target: list[tuple[bytes, bytes]], *, backwards: bool) -> bool:
        if not source:
            return False
        old, new = source[-1]
        self._replace(*((new, old) if backwards else (old, new)))
        target.append(source.pop())
        return True

    def _replace(self, expected: bytes, content: bytes) -> None:
        file = self.file.resolve()  # a link stays a link
        temporary = file.with_name(f".{file.name}.part")
        with writing(file):
            if file.read_bytes() != expected:
                raise OutputError(f"{self.file} {CHANGED}")
            try:
                with temporary.open("wb") as out:
                    out.write(content)
                    out.flush()
                    os.fsync(out.fileno())
                shutil.copymode(file, temporary)
                temporary.replace(file)
            finally:
                temporary.unlink(missing_ok=True)
