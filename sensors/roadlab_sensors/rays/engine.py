"""Starts Mitsuba and Dr.Jit on what this machine has, or says in one line what is missing."""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib.metadata
import os
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from roadlab.errors import EngineError

OLDEST_LLVM = 16
"""Dr.Jit's generated code aborts the process on LLVM 15 and older (`Cannot select: fminimum`)."""


def start(threads: int | None = None) -> ModuleType:
    """Mitsuba, ready to trace rays; on the GPU where there is one, else on `threads` CPU threads (all by default).

    Raises EngineError when the machine lacks a library.
    """
    _require_libatomic()
    if "DRJIT_LIBLLVM_PATH" not in os.environ:
        # Never left to Dr.Jit's own search: it would pick up an LLVM that is too old, and abort.
        os.environ["DRJIT_LIBLLVM_PATH"] = str(_llvm_library() or "no-llvm-library-found")
    import drjit as dr
    import mitsuba as mi

    if mi.variant() is None:
        _require_recent_llvm(dr)
        mi.set_variant(_variant(dr))
        mi.set_log_level(mi.LogLevel.Error)
        dr.set_log_level(dr.LogLevel.Error)
    if threads is not None:
        dr.set_thread_count(threads)
    return mi


def tidy() -> None:
    """Gives free memory back to the system; without effect where the C library cannot.

    What freed arrays leave between those that live would otherwise stay with the process, and grow with every frame.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _variant(dr: Any) -> str:
    wanted = os.environ.get("ROADLAB_VARIANT", "")
    if wanted:
        return wanted
    if dr.has_backend(dr.JitBackend.CUDA):
        return "cuda_ad_rgb"
    if dr.has_backend(dr.JitBackend.LLVM):
        return "llvm_ad_rgb"
    raise EngineError(
        "the ray engine needs an LLVM shared library, version 16 or newer: on Linux x86-64 "
        "`pip install karellen-llvm-core`, elsewhere install LLVM (macOS: `brew install llvm`); "
        "or set DRJIT_LIBLLVM_PATH"
    )


def _require_recent_llvm(dr: Any) -> None:
    """Another module may have imported Dr.Jit before it could be told which LLVM to take."""
    version = dr.detail.llvm_version() if dr.has_backend(dr.JitBackend.LLVM) else None
    if version is not None and version[0] < OLDEST_LLVM:
        raise EngineError(
            f"Dr.Jit was imported before roadlab and took this system's LLVM {version[0]}, on which it aborts: "
            "import roadlab_sensors first or set DRJIT_LIBLLVM_PATH to an LLVM 16 or newer"
        )


def _require_libatomic() -> None:
    """Dr.Jit without it fails with a puzzling NameError."""
    if not sys.platform.startswith("linux"):
        return
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError as error:
        raise EngineError(
            "the ray engine needs libatomic.so.1; install it with `apt install libatomic1` "
            "(Fedora: `dnf install libatomic`)"
        ) from error


def _llvm_library() -> Path | None:
    """The LLVM of the karellen-llvm-core wheel, else a new enough one of the system; None when there is neither."""
    try:
        files = importlib.metadata.files("karellen-llvm-core") or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    shipped = [Path(str(f.locate())).resolve() for f in files if re.fullmatch(r"libLLVM[-.\d]*\.so[.\d]*", f.name)]
    folders = [
        Path("/usr/lib/x86_64-linux-gnu"),
        Path("/usr/lib/aarch64-linux-gnu"),
        Path("/usr/lib64"),
        Path("/opt/homebrew/opt/llvm/lib"),
    ]
    system = [p for folder in folders if folder.is_dir() for p in sorted(folder.glob("libLLVM*"))]
    recent = [p for p in system if (m := re.search(r"(\d+)", p.name)) and int(m.group(1)) >= OLDEST_LLVM]
    return next((p for p in [*shipped, *recent] if p.exists()), None)
