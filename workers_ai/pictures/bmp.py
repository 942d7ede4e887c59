"""The header of a BMP file."""

import struct

from .container import Container

_CORE_HEADER = 12


def read_bmp(data: bytes) -> Container:
    """Read the size; a negative height means that rows are stored from the top."""
    header: int = struct.unpack_from("<L", data, 14)[0]
    width, height = struct.unpack_from("<HH" if header == _CORE_HEADER else "<ll", data, 18)
    return Container("BMP", width, abs(height), data)
