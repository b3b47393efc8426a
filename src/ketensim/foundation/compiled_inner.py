"""A leaner numba pipeline for functions that only compiled code calls. Imported by the compiler only.

Numba optimises every function, with all it calls, at each level of the call tree, and makes machine code of it each
time. For functions that only compiled code calls that is thrown away: the entry point contains them. Here they are
put into one library that is neither optimised nor made into machine code before the entry point is linked with it; passes
for closures, literals and parallel loops are left out. The first compilation takes a third of the time
(``experiments/benchmarks/first_run.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from numba import _dynfunc
from numba.core import typed_passes, types, untyped_passes
from numba.core.compiler import CompilerBase
from numba.core.compiler_machinery import PassManager, register_pass
from numba.np import arrayobj

STAMP = "ketensim_stamp"  # attribute of a function that is compiled for a changed model only
OWN = "ketensim_own"  # attribute of a function of somebody's own
_shared: dict[str, Any] = {}


def shared_library(target: Any, stamp: str) -> Any:
    """The one library of a model in this process into which its inner functions are compiled, open for another one.

    Parameters
    ----------
    target : numba's target
    stamp : of a changed model, for what is different there; empty = the shipped model
    """
    if stamp not in _shared:
        library = target.codegen().create_library("ketensim")
        library.enable_object_caching()
        library.add_linking_library = partial(_link, library, library.add_linking_library)
        library._optimize_functions = partial(_lay_out, target.codegen())
        library._optimize_final_module = _do_nothing
        library._finalize_final_module = partial(_close, library)
        _shared[stamp] = library
    library = _shared[stamp]
    library._finalized, library._shared_module = False, None  # an earlier entry point may have closed it
    return library


def _link(library: Any, link: Callable[[Any], None], other: Any) -> None:
    """Link with another library; with one of inner functions without closing it, because more may come."""
    if other is library:
        return
    if other in _shared.values():
        library._linking_libraries.append(other)
    else:
        link(other)


def _lay_out(codegen: Any, module: Any) -> None:
    """Of what numba does to each function before it is linked only what linking needs."""
    module.data_layout = codegen._data_layout


def _do_nothing() -> None:
    """Leave the optimising to the entry point, which holds everything."""


def _close(library: Any) -> None:
    """End a library without making machine code of it."""
    library._dynamic_globals.clear()
    library._finalize_dynamic_globals()
    library._finalized = True


def plain_index(context: Any, builder: Any, kind: Any, index: Any, _size: Any) -> Any:
    """An index as it stands: kernels never count from the end, so that the check for it can go."""
    return context.cast(builder, index, kind, types.intp)


def guarded_index(context: Any, builder: Any, kind: Any, index: Any, size: Any) -> Any:
    """An index in a function of somebody's own: it counts from the end as in Python, and never leaves the array."""
    index = context.cast(builder, index, kind, types.intp)
    nought = context.get_constant(types.intp, 0)
    below = builder.icmp_signed("<", index, nought)
    index = builder.select(below, builder.add(index, size), index)
    last = builder.sub(size, context.get_constant(types.intp, 1))
    index = builder.select(builder.icmp_signed(">", index, last), last, index)
    return builder.select(builder.icmp_signed("<", index, nought), nought, index)


@register_pass(mutates_CFG=True, analysis_only=False)
class InnerLowering(typed_passes.NativeLowering):  # type: ignore[misc]
    """Lower a function into the shared library, without making machine code of it."""

    _name = "ketensim_inner_lowering"

    def run_pass(self, state: Any) -> bool:
        """Run the usual pass with a target that hands out a callable without address."""
        target = state.targetctx
        state.library = shared_library(target, getattr(state.func_id.func, STAMP, ""))

        def without_address(library: Any, description: Any, environment: Any) -> Any:
            name = description.qualname.split(".")[-1]
            return _dynfunc.make_function(description.lookup_module(), name, name, 0, environment, (library,))

        target.get_executable = without_address
        index = guarded_index if getattr(state.func_id.func, OWN, False) else plain_index
        usual_index, arrayobj.fix_integer_index = arrayobj.fix_integer_index, index
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
