"""Tensors to and from PruneNotebooks, as numpy arrays: safetensors files, or the same bytes as a text.

    import prune_tensors
    tensors = prune_tensors.read("from-csharp.safetensors")       # {name: array}
    prune_tensors.write("from-python.safetensors", scores=scores, kept=kept)

C# does the same with TensorExchange.Write and TensorExchange.Read. unpack and pack do it without a file: the text
is what `#!set` hands from one language of a notebook to the other.

numpy has no bfloat16: it is read as float32, which holds every bfloat16 exactly, and what bfloat16(x) returns is
written as bfloat16. Needs nothing but numpy.
"""

import base64
import binascii
import itertools
import json
import math
import mmap
import os
import tempfile

import numpy as np

__all__ = ["TensorFileError", "read", "write", "pack", "unpack", "bfloat16"]

BF16 = np.dtype([("bfloat16", "<u2")])
"""The upper halves of float32 numbers; a type of its own, so that nobody takes them for integers."""

_PREFIX = 8  # bytes of the header's length
# In the order of a file: the widest first, so that every tensor is aligned.
_TYPES = {
    "I64": np.dtype("<i8"), "F64": np.dtype("<f8"), "C64": np.dtype("<c8"), "F32": np.dtype("<f4"), "I32": np.dtype("<i4"), "BF16": BF16,
    "F16": np.dtype("<f2"), "I16": np.dtype("<i2"), "I8": np.dtype("i1"), "U8": np.dtype("u1"), "BOOL": np.dtype("?"),
}


class TensorFileError(ValueError):
    """A file or text that is damaged or holds what numpy does not have; the sentence names it and the byte."""


def read(path):
    """The tensors of a safetensors file, by name; copies, so the file may be replaced at any time."""
    with open(path, "rb") as file:
        if os.fstat(file.fileno()).st_size == 0:  # which cannot be mapped
            return _parse(b"", f"'{os.fspath(path)}'")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return _parse(content, f"'{os.fspath(path)}'")


def write(path, /, **tensors):
    """Writes arrays as a safetensors file: completely or not at all."""
    pieces = _serialise(tensors)
    folder = os.path.dirname(os.path.abspath(path))
    os.makedirs(folder, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".prune-tensors-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(pieces)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def pack(**tensors):
    """Arrays as a text, for C#'s TensorExchange.Unpack."""
    return base64.b64encode(b"".join(_serialise(tensors))).decode("ascii")


def unpack(text):
    """The arrays of a text that C#'s TensorExchange.Pack returned, by name."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise TensorFileError(f"packed tensors: the text is not base64 ({error}); give what TensorExchange.Pack or prune_tensors.pack returned.") from None
    return _parse(content, "packed tensors")


def bfloat16(array):
    """Numbers as bfloat16, rounded to the nearest, ties to even: write and pack keep them so."""
    bits = np.ascontiguousarray(array, dtype="<f4").view("<u4").reshape(np.shape(array))
    rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16
    quiet = (bits >> 16) | 0x40  # rounding must not turn a NaN into an infinity
    return np.where(np.isnan(array), quiet, rounded).astype("<u2").view(BF16)


def _serialise(tensors):
    """The bytes of a file, piece by piece; what cannot be stored is refused before the first."""
    arrays = {name: _storable(name, array) for name, array in tensors.items()}
    order = list(_TYPES)
    entries = sorted(((order.index(kind), name.encode("utf-16-be"), name, kind, array) for name, (kind, array) in arrays.items()), key=lambda entry: entry[:2])
    header, begin = {}, 0
    for _, _, name, kind, array in entries:
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [begin, begin + array.nbytes]}
        begin += array.nbytes
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    text += b" " * (-len(text) % 8)
    return itertools.chain([len(text).to_bytes(_PREFIX, "little"), text], (array.tobytes() for *_, array in entries))


def _storable(name, array):
    if name == "__metadata__":
        raise ValueError("A tensor cannot be called '__metadata__': the format keeps that name for itself.")
    array = np.asarray(array)
    if array.dtype.name == "bfloat16":  # the type of the package ml_dtypes
        array = array.view("<u2").view(BF16)
    little = array.dtype if array.dtype == BF16 else array.dtype.newbyteorder("<")
    for kind, dtype in _TYPES.items():
        if dtype == little:
            return kind, array.astype(little, copy=False)
    raise TypeError(f"Array '{name}' has the type {array.dtype}, which TorchSharp cannot hold; convert it with astype, e.g. to int64 or float32.")


def _parse(content, name):
    def damaged(offset, what):
        return TensorFileError(f"{name}, byte {offset}: {what}.")

    if len(content) < _PREFIX:
        raise damaged(0, f"there are {len(content)} bytes; a safetensors file begins with the 8 bytes of its header's length")
    length = int.from_bytes(content[:_PREFIX], "little")
    data = _PREFIX + length
    if data > len(content):
        raise damaged(0, f"the header is said to have {length} bytes, but only {len(content) - _PREFIX} follow")
    try:
        header = json.loads(content[_PREFIX:data].decode("utf-8"))
    except UnicodeDecodeError as error:
        raise damaged(_PREFIX + error.start, "the header is not UTF-8 text") from None
    except (ValueError, RecursionError) as error:
        raise damaged(_PREFIX + getattr(error, "pos", 0), f"the header is not JSON ({error})") from None
    if not isinstance(header, dict):
        raise damaged(_PREFIX, "the header is not a JSON object")
    header.pop("__metadata__", None)
    places = {tensor: _place(tensor, entry, data, len(content), damaged) for tensor, entry in header.items()}
    end, last = data, None
    for tensor, (_, _, begin, size) in sorted(places.items(), key=lambda place: place[1][2:]):
        if begin != end:
            raise damaged(min(begin, end), f"tensor '{tensor}' overlaps tensor '{last}'" if begin < end else f"{begin - end} bytes before tensor '{tensor}' belong to no tensor")
        end, last = begin + size, tensor
    if end != len(content):
        raise damaged(end, f"{len(content) - end} bytes after the last tensor belong to no tensor")
    return {tensor: _array(content, *place) for tensor, place in places.items()}


def _place(tensor, entry, data, length, damaged):
    """Type, shape, first byte and number of bytes of a tensor; what the header says of it must agree with itself and the file."""
    whole = lambda numbers: isinstance(numbers, list) and all(type(number) is int and number >= 0 for number in numbers)
    if not isinstance(entry, dict):
        raise damaged(_PREFIX, f"tensor '{tensor}' is not described by an object")
    kind, shape, offsets = entry.get("dtype"), entry.get("shape"), entry.get("data_offsets")
    if not isinstance(kind, str) or kind not in _TYPES:
        raise damaged(_PREFIX, f"tensor '{tensor}' has the dtype {kind!r}; readable are {', '.join(_TYPES)}")
    if not whole(shape) or not whole(offsets) or len(offsets) != 2:
        raise damaged(_PREFIX, f"tensor '{tensor}' has the shape {shape!r} and the data_offsets {offsets!r}; expected lists of whole numbers, the latter of 2")
    begin, end = offsets
    needed = math.prod(shape) * _TYPES[kind].itemsize
    if end - begin != needed:
        raise damaged(_PREFIX, f"tensor '{tensor}' of type {kind} and shape {shape} needs {needed} bytes, but its data_offsets {offsets} hold {end - begin}")
    if data + end > length:
        raise damaged(_PREFIX, f"tensor '{tensor}' has data_offsets {offsets}, but only {length - data} bytes follow the header")
    return kind, shape, data + begin, needed


def _array(content, kind, shape, begin, size):
    array = np.frombuffer(content, _TYPES[kind], math.prod(shape), begin if size else 0)
    if kind == "BF16":
        array = (array.view("<u2").astype("<u4") << 16).view("<f4")
    return array.reshape(shape).copy()
