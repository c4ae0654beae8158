"""A connector between the host and one ConnectWise instance."""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
import time
from ctypes import byref, c_uint64, c_void_p, sizeof
from dataclasses import dataclass
from typing import Any, BinaryIO, Callable, Optional, Union

from . import library, store as stores
from .errors import CasewireError
from .library import LIB, call, text
from .transport import OTHER, UNANSWERED, Attachment, HttpTransport, Request, Transport, TransportError

Json = Union[str, bytes, dict]


def _bytes(document: Json) -> bytes:
    if isinstance(document, dict):
        return json.dumps(document).encode()
    return document.encode() if isinstance(document, str) else document


def validate_configuration(configuration: Json) -> None:
    """Raises CasewireError with every fault at once, as far as that can be told without asking ConnectWise."""
    call("config_validate", text(_bytes(configuration)))


def validate_case(case: Json) -> None:
    """Raises CasewireError with every fault at once."""
    call("case_validate", text(_bytes(case)))


@dataclass(frozen=True)
class Outcome:
    """What came of an operation."""

    #: The whole outcome.
    document: dict
    #: The case's ticket; None where it has none.
    ticket_id: Optional[int]


class Connector:
    """Runs on the thread that calls it; any number of threads may use it at the same time.

    What is unfinished when it is closed, or when the process ends, lies in the store: the next connector over it goes on.
    """

    def __init__(
        self,
        configuration: Json,
        store: stores.Store,
        deliver: Callable[[dict], None],
        *,
        credentials: Optional[tuple[str, str]] = None,
        transport: Optional[Transport] = None,
        open_attachment: Optional[Callable[[str], BinaryIO]] = None,
        keep_document: Optional[Callable[[str, bytes], None]] = None,
        fetch: Optional[Callable[[str], bytes]] = None,
        client_id: str = "",
        callback_secret: bytes = b"",
        log: Callable[[str], None] = lambda line: None,
    ) -> None:
        """`deliver` takes over what happened to tickets, durably, and knows a repeat by its `id`; while it raises, it is asked again.

        `credentials` are the API member's public and private key; without them the transport adds the Authorization header.
        `open_attachment` opens what a case's `token` stands for. `keep_document` keeps a file that a technician attached, durably, under the name
        by which a delivery tells of it. `fetch` gives the content of a case that was submitted by its id.
        """
        self._store, self._deliver, self._fetch, self._log = store, deliver, fetch, log
        self._keep_document = keep_document
        self._transport = transport or HttpTransport(open_attachment)
        self._outcomes: dict[int, Union[Outcome, CasewireError]] = {}
        self._awaited: set[int] = set()
        self._changed = threading.Condition()
        self._running = 0
        self._local = threading.local()
        keys = None
        public, private = (key.encode() for key in credentials or ("", ""))
        if credentials:
            keys = byref(library.Credentials(sizeof(library.Credentials), text(public), text(private)))
        own_id = client_id.encode()
        options = library.Options(sizeof(library.Options), text(own_id), secrets.randbits(64), text(callback_secret))
        self._handle = c_void_p()
        call("connector_new", text(_bytes(configuration)), keys, byref(options), _now(), byref(self._handle))
        # Kept here, for the library calls them until the run is over.
        self._host = library.Host(
            struct_size=sizeof(library.Host),
            now_ms=library.NOW(lambda _: _now()),
            http=self._perform(self._send, UNANSWERED),
            store=self._perform(self._use_store, OTHER),
            deliver=self._perform(self._take_over, OTHER),
            fetch=self._perform(self._give_content, OTHER),
            wait_until=library.WAIT(self._wait),
            finished=library.FINISHED(self._finished),
        )

    def __enter__(self) -> Connector:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends it. No other thread may be in a call with it."""
        handle, self._handle = self._handle, c_void_p()
        LIB.casewire_connector_free(handle)

    def submit_case(self, case: Json, timeout: float = 600) -> Outcome:
        """Brings the ticket of a case in step with it."""
        return self._submit("connector_submit_case", case, timeout)

    def run(self, command: Json, timeout: float = 600) -> Outcome:
        """Performs a command, such as `{"command": "poll"}`."""
        return self._submit("connector_submit", command, timeout)

    def settle(self, timeout: float = 600) -> None:
        """Works until there is nothing left to do."""
        self._run(lambda: False, timeout)

    def _submit(self, function: str, document: Json, timeout: float) -> Outcome:
        operation = c_uint64()
        content = _bytes(document)
        with self._changed:
            # Another thread may be told of its end as soon as it has begun.
            call(function, self._handle, text(content), _now(), byref(operation))
            self._awaited.add(operation.value)
        self._run(lambda: operation.value in self._outcomes, timeout)
        with self._changed:
            self._awaited.discard(operation.value)
            outcome = self._outcomes.pop(operation.value, None)
        if isinstance(outcome, CasewireError):
            raise outcome
        if outcome is None:
            raise TimeoutError(f"not over after {timeout} s; it goes on with the next call")
        return outcome

    def _run(self, is_done: Callable[[], bool], timeout: float) -> None:
        self._local.is_done, self._local.end = is_done, time.monotonic() + timeout
        while not is_done() and time.monotonic() < self._local.end:
            with self._changed:
                self._running += 1
            try:
                call("connector_run", self._handle, byref(self._host))
                is_over = True
            except CasewireError as error:
                if error.code != "cancelled":
                    raise
                is_over = False
            finally:
                with self._changed:
                    self._running -= 1
                    self._changed.notify_all()
            with self._changed:
                if is_over and self._running == 0:
                    return
                # Other threads have the effects that this one waits for, or a time has not come.
                if is_over and not is_done():
                    self._changed.wait(0.1)

    def _wait(self, _: object, deadline: int) -> int:
        left = min((deadline - _now()) / 1000, self._local.end - time.monotonic(), 1)
        with self._changed:
            if not self._local.is_done() and left > 0:
                self._changed.wait(left)
        return int(self._local.is_done() or time.monotonic() >= self._local.end)

    def _finished(self, _: object, step: int) -> None:
        error = LIB.casewire_step_error(step)
        operation = LIB.casewire_step_operation_id(step)
        document = json.loads(LIB.casewire_step_json(step).read())
        outcome: Union[Outcome, CasewireError]
        if error:
            outcome = CasewireError.of(error)
        else:
            outcome = Outcome(document["result"]["ok"], LIB.casewire_step_ticket_id(step) or None)
        with self._changed:
            if operation in self._awaited:
                self._outcomes[operation] = outcome
                self._changed.notify_all()

    def _perform(self, body: Callable[[int, int], None], failure: int) -> Any:
        """No exception may pass through the library: it becomes the effect's failure."""

        def perform(_: object, step: int, answer: int) -> None:
            try:
                body(step, answer)
            except TransportError as error:
                self._fail(answer, error.kind, str(error))
            except Exception as error:
                self._fail(answer, failure, f"{type(error).__name__}: {error}")

        return library.PERFORM(perform)

    def _fail(self, answer: int, kind: int, why: str) -> None:
        self._log(why)
        call("answer_set_failed", answer, kind, text(why.encode()))

    def _send(self, step: int, answer: int) -> None:
        pieces: list[Union[bytes, Attachment]] = []
        for index in range(LIB.casewire_step_body_count(step)):
            token = LIB.casewire_step_body_attachment(step, index).read().decode()
            if token:
                pieces.append(Attachment(token, LIB.casewire_step_body_piece_size(step, index)))
            else:
                pieces.append(LIB.casewire_step_body_piece(step, index).read())
        request = Request(
            method=LIB.casewire_step_http_method(step).read().decode(),
            url=LIB.casewire_step_http_url(step).read().decode(),
            headers=[
                (LIB.casewire_step_http_header_name(step, i).read().decode(), LIB.casewire_step_http_header_value(step, i).read().decode())
                for i in range(LIB.casewire_step_http_header_count(step))
            ],
            body=pieces,
            body_size=LIB.casewire_step_body_size(step),
            timeout=LIB.casewire_step_http_timeout_ms(step) / 1000,
            max_answer=LIB.casewire_step_http_max_answer(step),
        )
        response = self._transport.send(request)
        self._log(f"{request.method} {request.url.partition('?')[0]}: {response.status}")
        call("answer_set_http", answer, response.status)
        for name, value in response.headers:
            call("answer_add_header", answer, text(name.encode()), text(value.encode()))
        name = LIB.casewire_step_http_store_as(step).read().decode()
        if not name or response.status // 100 != 2:
            call("answer_add_body", answer, text(response.body))
            return
        if self._keep_document is None:
            raise TransportError(OTHER, "this host keeps no documents: give keep_document, or switch inbound.documents off")
        self._keep_document(name, response.body)
        digest = hashlib.sha256(response.body).hexdigest().encode()
        call("answer_set_stored", answer, len(response.body), text(digest))

    def _use_store(self, step: int, answer: int) -> None:
        request = json.loads(LIB.casewire_step_json(step).read())
        result = json.dumps({"store": stores.perform(self._store, request)}).encode()
        call("answer_set_json", answer, text(result), text(b""))

    def _take_over(self, step: int, answer: int) -> None:
        self._deliver(json.loads(LIB.casewire_step_json(step).read())["delivery"])
        call("answer_set_done", answer)

    def _give_content(self, step: int, answer: int) -> None:
        if self._fetch is None:
            raise TransportError(OTHER, "this host gives no content")
        content = self._fetch(LIB.casewire_step_token(step).read().decode())
        call("answer_set_fetched", answer)
        call("answer_add_body", answer, text(content))


def _now() -> int:
    return time.time_ns() // 1_000_000
