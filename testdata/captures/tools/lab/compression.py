"""The three compressions of RFC 8879, from the installed libraries."""
import ctypes
import zlib


def compress(algorithm, data):
    return {1: zlib.compress, 2: _brotli, 3: _zstd}[algorithm](data)


def _brotli(data):
    library = ctypes.CDLL("libbrotlienc.so.1")
    size = ctypes.c_size_t(len(data) + 1024)
    out = ctypes.create_string_buffer(size.value)
    # Quality 11, window of 2^22 bytes, generic mode.
    if library.BrotliEncoderCompress(11, 22, 0, ctypes.c_size_t(len(data)), data, ctypes.byref(size), out) != 1:
        raise RuntimeError("libbrotlienc refused")
    return out.raw[:size.value]


def _zstd(data):
    library = ctypes.CDLL("libzstd.so.1")
    library.ZSTD_compress.restype = ctypes.c_size_t
    out = ctypes.create_string_buffer(len(data) + 1024)
    size = library.ZSTD_compress(out, ctypes.c_size_t(len(out)), data, ctypes.c_size_t(len(data)), 19)
    if library.ZSTD_isError(ctypes.c_size_t(size)):
        raise RuntimeError("libzstd refused")
    return out.raw[:size]
