"""Machine code that is kept between sessions and called without numba. Imported by the compiler only.

Numba has a cache of its own, but to read it numba itself must be loaded, with scipy behind it, and must rebuild what it
knows of some 250 functions: three seconds of every start (measured, docs/en/speed.md). An entry point that only ever
sees addresses and numbers does not need that. Its object code stands in a file, llvmlite puts it into memory, and
ctypes calls it, without the interpreter's lock.

A file is valid for one state of the sources, one version of numba and llvmlite, and one kind of processor.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numpy as np

from ketensim.foundation.array_sets import Tables

PACKAGE = Path(__file__).parent.parent
SETTINGS = ("NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES", "NUMBA_OPT", "NUMBA_ENABLE_AVX", "NUMBA_LOOP_VECTORIZE")
KINDS: dict[str, tuple[Any, Any]] = {
    "int": (ctypes.c_int64, int),
    "float": (ctypes.c_double, float),
}  # by annotation; all else is an address
PLACES_BEFORE = 2  # numba's convention: where the result and a fault go, then the arguments; returns 0 when all is well
unkept: list[Path] = []  # folders that could not be written to, when code could be kept in none of them
_engines: list[Any] = []  # hold the memory of the machine code


def cache_file(name: str, stamp: str) -> str:
    """Name of the file for an entry point: says for which sources, versions and processor it holds."""
    facts = [stamp, version("numba"), version("llvmlite"), llvm.get_process_triple(), llvm.get_host_cpu_name()]
    facts += [llvm.get_host_cpu_features().flatten(), *(os.environ.get(setting, "") for setting in SETTINGS)]
    return f"{name}-{hashlib.sha256(' '.join(facts).encode()).hexdigest()[:24]}.machine"


def folders() -> Iterator[Path]:
    """Where files may be, the first choice first: only where the environment asks, or the sources, or the user's cache."""
    if asked := os.environ.get("NUMBA_CACHE_DIR"):
        yield Path(asked)
        return
    yield PACKAGE / "chain" / "__pycache__"
    with contextlib.suppress(RuntimeError):  # a user without a home
        yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ketensim"


def kept(file: str) -> tuple[str, bytes] | None:
    """Symbol and object code of an earlier session; None when there is no whole file."""
    for folder in folders():
        with contextlib.suppress(OSError, ValueError):
            symbol, digest, code = (folder / file).read_bytes().split(b"\n", 2)
            if hashlib.sha256(code).hexdigest().encode() == digest:
                return symbol.decode(), code
    return None


def keep(file: str, symbol: str, code: bytes) -> None:
    """Keep object code for the next session in the first folder that is writable; without one it is noted in ``unkept``."""
    data = b"\n".join([symbol.encode(), hashlib.sha256(code).hexdigest().encode(), code])
    for folder in folders():
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=folder, delete=False) as part:
                part.write(data)
            os.chmod(part.name, 0o644)  # others who share the installation may read it
            os.replace(part.name, folder / file)  # at once, so that nobody reads half a file
            return
    unkept.extend(folders())


def loaded(symbol: str, code: bytes) -> int:
    """Put object code into memory; returns the address of the symbol."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine()
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _engines.append(engine)
    return int(engine.get_function_address(symbol))


def at_address(address: int, function: Callable[..., Any]) -> Callable[..., Any]:
    """What stands at an address as a function with the signature of ``function``."""
    *arguments, result = [KINDS.get(str(kind)) for kind in function.__annotations__.values()]
    words = [kind[0] if kind else ctypes.c_void_p for kind in arguments]
    takes = [kind[1] if kind else place_of for kind in arguments]
    gives = result[0] if result else ctypes.c_int64
    raw = ctypes.CFUNCTYPE(ctypes.c_int32, *[ctypes.c_void_p] * PLACES_BEFORE, *words)(address)

    def call(*values: Any) -> Any:
        out, fault = gives(), ctypes.c_void_p()
        given = [take(value) for take, value in zip(takes, values, strict=True)]
        if raw(ctypes.addressof(out), ctypes.addressof(fault), *given):
            raise RuntimeError(f"machine code of {function.__name__} failed")
        return out.value if result else None

    return call


def place_of(value: Any) -> int:
    """Address of a set of arrays or of a record."""
    if isinstance(value, Tables):
        return value.address
    return np.frombuffer(
        value, dtype=np.uint8
    ).ctypes.data  # its __array_interface__ describes every field: 100 times slower
