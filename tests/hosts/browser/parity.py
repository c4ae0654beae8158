"""Previews through the C ABI, one a line: of each finished step the bytes that the library gives.

python3 parity.py CONFIG CASES    with CASEWIRE_LIBRARY, and examples/python in PYTHONPATH
"""

import sys

from casewire import Connector, MemoryStore
from casewire.library import LIB


class Raw(Connector):
    """Keeps what a step says as it is."""

    last = b""

    def _finished(self, context, step):
        self.last = LIB.casewire_step_json(step).read()
        super()._finished(context, step)


config, cases = sys.argv[1:]
with open(config, "rb") as file:
    configuration = file.read()
keys = ("simulator-public", "simulator-private")
with Raw(configuration, MemoryStore(), lambda delivery: None, credentials=keys) as connector, open(cases, "rb") as lines:
    for line in lines:
        connector.run(b'{"command":"preview_case","case":' + line.strip() + b"}")
        text = connector.last if isinstance(connector.last, bytes) else connector.last.encode()
        sys.stdout.buffer.write(text + b"\n")
