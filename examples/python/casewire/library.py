"""The C functions, as casewire.h declares them."""

from __future__ import annotations

import ctypes
import os
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_int32, c_int64, c_size_t, c_uint32, c_uint64, c_void_p
from pathlib import Path

from .abi import ABI_VERSION


class Text(Structure):
    """Bytes that belong to somebody else: casewire_text and casewire_slice."""

    _fields_ = [("data", c_void_p), ("size", c_size_t)]

    def read(self) -> bytes:
        return ctypes.string_at(self.data, self.size) if self.size else b""


class Credentials(Structure):
    _fields_ = [("struct_size", c_size_t), ("public_key", Text), ("private_key", Text)]


class Options(Structure):
    _fields_ = [("struct_size", c_size_t), ("client_id", Text), ("seed", c_uint64), ("callback_secret", Text)]


PERFORM = CFUNCTYPE(None, c_void_p, c_void_p, c_void_p)
NOW = CFUNCTYPE(c_int64, c_void_p)
WAIT = CFUNCTYPE(c_uint32, c_void_p, c_int64)
FINISHED = CFUNCTYPE(None, c_void_p, c_void_p)


class Host(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("user_data", c_void_p),
        ("now_ms", NOW),
        ("http", PERFORM),
        ("store", PERFORM),
        ("deliver", PERFORM),
        ("fetch", PERFORM),
        ("wait_until", WAIT),
        ("finished", FINISHED),
    ]


def text(content: bytes) -> Text:
    """Lends bytes to one call; `content` has to live as long as that."""
    return Text(ctypes.cast(ctypes.c_char_p(content), c_void_p), len(content))


def _open() -> ctypes.CDLL:
    named = os.environ.get("CASEWIRE_LIBRARY")
    path = Path(named) if named else Path(__file__).with_name("libcasewire.so")
    if not path.exists():
        raise ImportError(
            f"{path} is not there: build it with `cargo build --release -p casewire-ffi`, and copy it there or name it in CASEWIRE_LIBRARY"
        )
    lib = ctypes.CDLL(str(path))
    error, status = POINTER(c_void_p), c_int32
    # A status, unless it says otherwise; the last argument of these is where the error goes.
    for name, arguments in {
        "config_validate": [Text],
        "case_validate": [Text],
        "connector_new": [Text, POINTER(Credentials), POINTER(Options), c_int64, POINTER(c_void_p)],
        "connector_submit": [c_void_p, Text, c_int64, POINTER(c_uint64)],
        "connector_submit_case": [c_void_p, Text, c_int64, POINTER(c_uint64)],
        "connector_cancel": [c_void_p, c_uint64, c_int64],
        "connector_run": [c_void_p, POINTER(Host)],
        "answer_set_json": [c_void_p, Text, Text],
        "answer_set_http": [c_void_p, c_uint32],
        "answer_add_header": [c_void_p, Text, Text],
        "answer_add_body": [c_void_p, Text],
        "answer_set_stored": [c_void_p, c_uint64, Text],
        "answer_set_done": [c_void_p],
        "answer_set_fetched": [c_void_p],
        "answer_set_failed": [c_void_p, c_uint32, Text],
    }.items():
        function = getattr(lib, f"casewire_{name}")
        function.argtypes, function.restype = [*arguments, error], status
    one, at = [c_void_p], [c_void_p, c_size_t]
    for arguments, result, names in [
        (one, Text, "error_message error_json step_json step_http_method step_http_url step_http_store_as step_token step_case_id step_delivery_id"),
        (one, c_uint64, "step_operation_id step_ticket_id step_http_timeout_ms step_http_max_answer step_body_size"),
        (one, c_size_t, "step_http_header_count step_body_count"),
        (one, c_int32, "error_status"),
        (one, c_uint32, "error_can_retry"),
        (one, c_void_p, "step_error"),
        (one, None, "error_free connector_free"),
        (at, Text, "step_http_header_name step_http_header_value step_body_piece step_body_attachment"),
        (at, c_uint64, "step_body_piece_size"),
        ([c_int32], Text, "status_name"),
        ([], Text, "version"),
        ([], c_uint32, "abi_version"),
    ]:
        for name in names.split():
            function = getattr(lib, f"casewire_{name}")
            function.argtypes, function.restype = arguments, result
    if lib.casewire_abi_version() != ABI_VERSION:
        raise ImportError(f"{path} has ABI version {lib.casewire_abi_version()}, and this package is for {ABI_VERSION}")
    return lib


LIB = _open()


def version() -> str:
    """The library's version."""
    return LIB.casewire_version().read().decode()


def call(name: str, *arguments: object) -> None:
    """Calls a function that returns a status, and raises what it failed with."""
    from .errors import CasewireError

    error = c_void_p()
    if getattr(LIB, f"casewire_{name}")(*arguments, byref(error)) != 0:
        try:
            raise CasewireError.of(error)
        finally:
            LIB.casewire_error_free(error)
