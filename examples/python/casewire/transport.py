"""How requests reach ConnectWise."""

from __future__ import annotations

import http.client
import ssl
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO, Callable, Iterator, Optional, Protocol, Union
from urllib.parse import urlsplit

from .abi import FAILURE_CONTENT as CONTENT
from .abi import FAILURE_NOT_SENT as NOT_SENT
from .abi import FAILURE_OTHER as OTHER
from .abi import FAILURE_TLS as TLS
from .abi import FAILURE_TOO_LARGE as TOO_LARGE
from .abi import FAILURE_UNANSWERED as UNANSWERED

_PIECE = 1 << 16


class TransportError(Exception):
    """A request without an answer. Where it is not sure that nothing left, the kind is UNANSWERED."""

    def __init__(self, kind: int, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Attachment:
    """A piece of a body that the host has: the token that the case named, and its length."""

    token: str
    size: int


@dataclass(frozen=True)
class Request:
    """What is sent. Its headers may hold the keys: do not log them."""

    method: str
    url: str
    headers: list[tuple[str, str]]
    body: list[Union[bytes, Attachment]]
    body_size: int
    #: For the whole exchange, in seconds.
    timeout: float
    #: The largest body of an answer, in bytes.
    max_answer: int


@dataclass(frozen=True)
class Response:
    """What was answered, whatever its status."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Transport(Protocol):
    """Sends one request. May be called from any thread that runs a connector."""

    def send(self, request: Request) -> Response:
        """Gives the answer, without following redirects, or raises TransportError."""


class HttpTransport:
    """A transport of the standard library: TLS 1.2 or newer, certificates verified, no redirect."""

    def __init__(self, open_attachment: Optional[Callable[[str], BinaryIO]] = None, tls: Optional[ssl.SSLContext] = None) -> None:
        self._open = open_attachment
        self._tls = tls or ssl.create_default_context()
        self._tls.minimum_version = ssl.TLSVersion.TLSv1_2

    def send(self, request: Request) -> Response:
        end = time.monotonic() + request.timeout
        url = urlsplit(request.url)
        host, port = url.hostname or "", url.port
        if url.scheme == "https":
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(host, port, timeout=request.timeout, context=self._tls)
        else:
            connection = http.client.HTTPConnection(host, port, timeout=request.timeout)
        with ExitStack() as open_files:
            open_files.callback(connection.close)
            # Before anything is sent: an attachment that is gone, or of another length, is no half request.
            pieces = [self._content(piece, open_files) for piece in request.body]
            self._connect(connection)
            try:
                target = url.path + (f"?{url.query}" if url.query else "")
                connection.putrequest(request.method, target, skip_accept_encoding=True)
                for name, value in request.headers:
                    connection.putheader(name, value)
                if request.body:
                    connection.putheader("Content-Length", str(request.body_size))
                connection.endheaders()
                for piece in pieces:
                    for some in _read(piece):
                        self._hurry(connection, end)
                        connection.send(some)
                answer = connection.getresponse()
                return Response(answer.status, answer.getheaders(), self._body(answer, connection, request.max_answer, end))
            except (OSError, http.client.HTTPException) as error:
                raise TransportError(UNANSWERED, f"no complete answer: {error or type(error).__name__}") from error

    def _connect(self, connection: http.client.HTTPConnection) -> None:
        try:
            connection.connect()
        except ssl.SSLError as error:
            raise TransportError(TLS, str(error)) from error
        except OSError as error:
            raise TransportError(NOT_SENT, f"no connection: {error}") from error

    def _content(self, piece: Union[bytes, Attachment], open_files: ExitStack) -> Union[bytes, BinaryIO]:
        if isinstance(piece, bytes):
            return piece
        if self._open is None:
            raise TransportError(CONTENT, "this host opens no attachments")
        try:
            file = open_files.enter_context(self._open(piece.token))
            size = file.seek(0, 2)
            file.seek(0)
        except OSError as error:
            raise TransportError(CONTENT, f"the attachment cannot be read: {error}") from error
        if size != piece.size:
            raise TransportError(CONTENT, f"the attachment has {size} bytes, and the case says {piece.size}")
        return file

    def _body(self, answer: http.client.HTTPResponse, connection: http.client.HTTPConnection, most: int, end: float) -> bytes:
        body = bytearray()
        while some := answer.read(_PIECE):
            body += some
            if len(body) > most:
                raise TransportError(TOO_LARGE, f"the answer has more than {most} bytes")
            self._hurry(connection, end)
        # `read` of a given size does not say that the connection ended early.
        if answer.length:
            raise http.client.IncompleteRead(bytes(body), answer.length)
        return bytes(body)

    @staticmethod
    def _hurry(connection: http.client.HTTPConnection, end: float) -> None:
        """Holds what follows to what is left of the time."""
        left = end - time.monotonic()
        if left <= 0:
            raise TimeoutError("its time is over")
        if connection.sock:
            connection.sock.settimeout(left)


def _read(piece: Union[bytes, BinaryIO]) -> Iterator[bytes]:
    if isinstance(piece, bytes):
        yield piece
        return
    while some := piece.read(_PIECE):
        yield some
