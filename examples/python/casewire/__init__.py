"""casewire in Python: cases of a security product become ConnectWise PSA tickets, and both stay in step."""

from .abi import ErrorCode
from .connector import Connector, Outcome, validate_case, validate_configuration
from .errors import CasewireError
from .library import version
from .store import MemoryStore, SqliteStore, Store
from .transport import HttpTransport, Request, Response, Transport, TransportError

__all__ = [
    "CasewireError",
    "Connector",
    "ErrorCode",
    "HttpTransport",
    "MemoryStore",
    "Outcome",
    "Request",
    "Response",
    "SqliteStore",
    "Store",
    "Transport",
    "TransportError",
    "validate_case",
    "validate_configuration",
    "version",
]
