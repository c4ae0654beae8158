"""The promises of a store, as casewire's own suite tests them; CASEWIRE_STORE_VECTORS is the suite as data."""

import json
import os
import tempfile
import unittest

import casewire
from casewire.store import perform

PROMISES = [json.loads(line) for line in open(os.environ["CASEWIRE_STORE_VECTORS"], encoding="utf-8")]


class Checker:
    """Asks a store what the suite asks, with the store's own revisions in place of the numbers of commits."""

    def __init__(self):
        self.revisions = {}

    def broken(self, store, part):
        broken = []
        for promise in PROMISES:
            if part in promise:
                exchanges = promise["exchanges"] if part == "promise" else promise[part]
                for exchange in exchanges:
                    answer = perform(store, self.own(exchange["request"]))
                    if "committed" in exchange["answer"] and "committed" in answer:
                        self.revisions.setdefault(exchange["answer"]["committed"]["revision"], answer["committed"]["revision"])
                    if answer != self.own(exchange["answer"]):
                        broken.append(f"{promise.get('promise', part)}: {answer}")
        return broken

    def own(self, value):
        if isinstance(value, dict):
            return {key: self.revisions.get(one, one) if key == "revision" else self.own(one) for key, one in value.items()}
        return [self.own(one) for one in value] if isinstance(value, list) else value


class Stores(unittest.TestCase):
    def test_the_store_in_memory_keeps_every_promise(self):
        self.assertEqual(Checker().broken(casewire.MemoryStore(), "promise"), [])

    def test_the_store_in_a_file_keeps_every_promise_also_when_it_is_opened_again(self):
        with tempfile.TemporaryDirectory() as folder:
            path, checker = os.path.join(folder, "store.db"), Checker()
            for part in ("promise", "reopened"):
                store = casewire.SqliteStore(path)
                self.assertEqual(checker.broken(store, part), [])
                store.close()

    def test_a_store_that_breaks_a_promise_is_found_out(self):
        class Forgetful(casewire.MemoryStore):
            def commit(self, expect, put, delete):
                return super().commit({}, put, delete)

        self.assertNotEqual(Checker().broken(Forgetful(), "promise"), [])


if __name__ == "__main__":
    unittest.main()
