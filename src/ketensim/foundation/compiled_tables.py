"""What numba has to know about ``Tables``: one pointer in, arrays on attribute access. Imported by the compiler only."""

from __future__ import annotations

import hashlib
from typing import Any

import numba
import numpy as np
from numba.core import cgutils, imputils, types
from numba.core.extending import NativeValue, models, register_model, typeof_impl, unbox
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, lower_getattr_generic
from numba.np.arrayobj import populate_array

from ketensim.foundation.array_sets import WORDS, Tables


class TablesType(types.Type):
    """The type of a set of arrays, known by a digest of its layout.

    Numba puts the name of every argument's type into the name of every function; with the layout itself in it, names
    were a hundred times as long as the code and half of the cache that the next start has to load.
    """

    def __init__(self, name: str, fields: tuple[tuple[str, types.Array, int], ...]) -> None:
        self.fields = fields
        layout = hashlib.sha256(" ".join(f"{field}:{kind.name}" for field, kind, _ in fields).encode())
        super().__init__(name=f"{name}_{layout.hexdigest()[:12]}")

    def position(self, attribute: str) -> tuple[int, types.Array, int]:
        """Number, array type and item size of a field."""
        for number, (name, kind, size) in enumerate(self.fields):
            if name == attribute:
                return number, kind, size
        raise AttributeError(attribute)


_known: dict[type[Tables], TablesType] = {}


@typeof_impl.register(Tables)
def type_of_tables(value: Tables, context: Any) -> TablesType:
    """Numba's type of a set of arrays."""
    kind = type(value)
    if kind not in _known:
        fields = []
        for name, (dtype, axes) in kind.LAYOUT.items():
            sample = numba.typeof(np.zeros((1,) * axes, dtype=dtype))
            fields.append((name, sample, dtype.itemsize))
        _known[kind] = TablesType(kind.__name__, tuple(fields))
    return _known[kind]


@register_model(TablesType)
class TablesModel(models.OpaqueModel):
    """A pointer to the row of addresses and lengths."""


@unbox(TablesType)
def unbox_tables(kind: TablesType, value: Any, c: Any) -> NativeValue:
    """Read the pointer from the Python object."""
    address = c.pyapi.object_getattr_string(value, "address")
    pointer = c.pyapi.long_as_voidptr(address)
    c.pyapi.decref(address)
    return NativeValue(pointer, is_error=c.pyapi.c_api_error())


@infer_getattr
class TablesAttribute(AttributeTemplate):
    """Every field is an array."""

    key = TablesType

    def generic_resolve(self, kind: TablesType, attribute: str) -> types.Array:
        """Type of an attribute."""
        return kind.position(attribute)[1]


@lower_getattr_generic(TablesType)
def array_of_tables(context: Any, builder: Any, kind: TablesType, value: Any, attribute: str) -> Any:
    """Make an array (without ownership: Python keeps it alive) from its address and lengths."""
    number, array_kind, size = kind.position(attribute)
    word = context.get_value_type(types.intp)
    words = builder.bitcast(value, word.as_pointer())

    def read(offset: int) -> Any:
        word_read = builder.load(cgutils.gep_inbounds(builder, words, WORDS * number + offset))
        # addresses and lengths never change under a kernel: lets LLVM read them once instead of after every store
        word_read.set_metadata("invariant.load", builder.module.add_metadata([]))
        return word_read

    array = context.make_array(array_kind)(context, builder)
    lengths = [read(1 + axis) for axis in range(array_kind.ndim)]
    steps = [context.get_constant(types.intp, size)]
    for length in reversed(lengths[1:]):
        steps.insert(0, builder.mul(steps[0], length))
    data = builder.inttoptr(read(0), context.get_data_type(array_kind.dtype).as_pointer())
    populate_array(
        array,
        data=data,
        shape=cgutils.pack_array(builder, lengths, ty=word),
        strides=cgutils.pack_array(builder, steps, ty=word),
        itemsize=context.get_constant(types.intp, size),
        meminfo=None,
    )
    return imputils.impl_ret_borrowed(context, builder, array_kind, array._getvalue())
