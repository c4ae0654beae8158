"""What casewire fails with."""

from __future__ import annotations

import json
from ctypes import c_void_p


class CasewireError(Exception):
    """Why a call or an operation failed."""

    def __init__(self, message: str, status: int, code: str, can_retry: bool, document: dict) -> None:
        super().__init__(message)
        #: Number of the code; it keeps its meaning for ever.
        self.status = status
        #: Name of the code, such as `unmapped_group`.
        self.code = code
        #: Whether the same may go well later.
        self.can_retry = can_retry
        #: The whole error: message, code, and `faults`, each with its `pointer` into the input, its message and its `fix`.
        self.document = document

    @property
    def faults(self) -> list[dict]:
        """Every fault of a refused input."""
        return self.document.get("faults", [])

    @classmethod
    def of(cls, error: c_void_p) -> CasewireError:
        """Reads an error of the library, which stays its owner's."""
        from .library import LIB

        status = LIB.casewire_error_status(error)
        return cls(
            LIB.casewire_error_message(error).read().decode(),
            status,
            LIB.casewire_status_name(status).read().decode(),
            bool(LIB.casewire_error_can_retry(error)),
            json.loads(LIB.casewire_error_json(error).read() or b"{}"),
        )
