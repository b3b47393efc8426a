"""A leaner numba pipeline for functions that only compiled code calls. Imported by the compiler only.

Numba optimises every function, with all it calls, at each level of the call tree, and makes machine code of it each
time. For functions that only compiled code calls that is thrown away: the entry point contains them. Here they are
put into one library that is optimised once, when the entry point is linked with it; passes for closures, literals and
parallel loops are left out. The first compilation takes half the time (``experiments/benchmarks/first_run.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from numba import _dynfunc
from numba.core import typed_passes, types, untyped_passes
from numba.core.compiler import CompilerBase
from numba.core.compiler_machinery import PassManager, register_pass
from numba.np import arrayobj

_shared: dict[str, Any] = {}
_stamp = [""]


@contextmanager
def into_library(stamp: str) -> Iterator[None]:
    """Inner functions that are compiled inside go into the library of a changed model; empty = the shipped one."""
    before, _stamp[0] = _stamp[0], stamp
    try:
        yield
    finally:
        _stamp[0] = before


def shared_library(target: Any) -> Any:
    """The one library of a model in this process into which its inner functions are compiled."""
    if _stamp[0] not in _shared:
        library = target.codegen().create_library("ketensim")
        library.enable_object_caching()
        link = library.add_linking_library

        def link_others(other: Any) -> None:
            if other is not library:
                link(other)

        library.add_linking_library = link_others
        _shared[_stamp[0]] = library
    return _shared[_stamp[0]]


def plain_index(context: Any, builder: Any, kind: Any, index: Any, _size: Any) -> Any:
    """An index as it stands: kernels never count from the end, so that the check for it can go."""
    return context.cast(builder, index, kind, types.intp)


@register_pass(mutates_CFG=True, analysis_only=False)
class InnerLowering(typed_passes.NativeLowering):  # type: ignore[misc]
    """Lower a function into the shared library, without making machine code of it."""

    _name = "ketensim_inner_lowering"

    def run_pass(self, state: Any) -> bool:
        """Run the usual pass with a target that hands out a callable without address."""
        target = state.targetctx
        state.library = shared_library(target)

        def without_address(library: Any, description: Any, environment: Any) -> Any:
            name = description.qualname.split(".")[-1]
            return _dynfunc.make_function(description.lookup_module(), name, name, 0, environment, (library,))

        target.get_executable = without_address
        usual_index, arrayobj.fix_integer_index = arrayobj.fix_integer_index, plain_index
        try:
            return bool(super().run_pass(state))
        finally:
            del target.get_executable
            arrayobj.fix_integer_index = usual_index


class InnerCompiler(CompilerBase):  # type: ignore[misc]
    """Numba's pipeline for plain functions: read, type, lower."""

    def define_pipelines(self) -> list[PassManager]:
        """The passes, in order."""
        passes = PassManager("ketensim_inner")
        passes.add_pass(untyped_passes.TranslateByteCode, "analyse bytecode")
        passes.add_pass(untyped_passes.FixupArgs, "fix up arguments")
        passes.add_pass(untyped_passes.IRProcessing, "process IR")
        passes.add_pass(untyped_passes.GenericRewrites, "rewrite constants")
        passes.add_pass(untyped_passes.ReconstructSSA, "static single assignment")
        passes.add_pass(typed_passes.NopythonTypeInference, "infer types")
        passes.add_pass(typed_passes.PreLowerStripPhis, "remove phis")
        passes.add_pass(typed_passes.IRLegalization, "legalise")
        passes.add_pass(InnerLowering, "lower")
        passes.add_pass(typed_passes.NoPythonBackend, "finish")
        passes.finalize()
        return [passes]
