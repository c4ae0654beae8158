"""Where a connector keeps what it knows."""

from __future__ import annotations

import sqlite3
import threading
from bisect import bisect_left, insort
from typing import Any, Optional, Protocol, Tuple

#: Key, revision, and JSON text.
Record = Tuple[str, int, str]


class Store(Protocol):
    """Records by key. Every method may be called from any thread."""

    def get(self, keys: list[str]) -> list[Optional[Record]]:
        """One entry per key, in the same order: all as they were at one time."""

    def scan(self, prefix: str, after: Optional[str], limit: int) -> list[Record]:
        """The records whose keys begin with `prefix` and are greater than `after`, in the order of their UTF-8 bytes."""

    def commit(self, expect: dict[str, Optional[int]], put: dict[str, str], delete: list[str]) -> Optional[int]:
        """Changes all or nothing, durably, and gives the commit's revision, which only grows; None, and no change, where a key
        has not the revision that is expected (None: it must not exist)."""


def perform(store: Store, request: dict[str, Any]) -> dict[str, Any]:
    """Answers a store effect in its JSON form."""

    def shown(record: Optional[Record]) -> Optional[dict[str, Any]]:
        return record and {"key": record[0], "revision": record[1], "value": record[2]}

    kind = request["store"]
    if kind == "get":
        return {"records": [shown(record) for record in store.get(request["keys"])]}
    if kind == "scan":
        page = store.scan(request["prefix"], request.get("after"), request["limit"])
        return {"page": [shown(record) for record in page]}
    expect = {one["key"]: one["revision"] for one in request["expect"]}
    revision = store.commit(expect, dict(request["put"]), request["delete"])
    return "conflict" if revision is None else {"committed": {"revision": revision}}  # type: ignore[return-value]


class MemoryStore:
    """For first programs and tests: a restart forgets which ticket a case has."""

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}
        self._keys: list[bytes] = []
        self._revision = 0
        self._lock = threading.Lock()

    def get(self, keys: list[str]) -> list[Optional[Record]]:
        with self._lock:
            return [self._records.get(key) for key in keys]

    def scan(self, prefix: str, after: Optional[str], limit: int) -> list[Record]:
        with self._lock:
            first, page = prefix.encode(), []
            for key in self._keys[bisect_left(self._keys, first) :]:
                if not key.startswith(first) or len(page) == limit:
                    break
                if after is None or key > after.encode():
                    page.append(self._records[key.decode()])
            return page

    def commit(self, expect: dict[str, Optional[int]], put: dict[str, str], delete: list[str]) -> Optional[int]:
        with self._lock:
            for key, revision in expect.items():
                record = self._records.get(key)
                if (record and record[1]) != revision:
                    return None
            self._revision += 1
            for key, value in put.items():
                if key not in self._records:
                    insort(self._keys, key.encode())
                self._records[key] = (key, self._revision, value)
            for key in delete:
                if self._records.pop(key, None):
                    self._keys.remove(key.encode())
            return self._revision


class SqliteStore:
    """A store in a SQLite file, which several processes may use at once. Its tables are those of casewire's reference host."""

    _APPLICATION = 0x63737772
    _VERSION = 1

    def __init__(self, path: str) -> None:
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, timeout=20, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        # A commit is on the disk before it is answered.
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("BEGIN IMMEDIATE")
        self._db.execute("CREATE TABLE IF NOT EXISTS records (key TEXT NOT NULL PRIMARY KEY, revision BIGINT NOT NULL, value TEXT NOT NULL)")
        self._db.execute("CREATE TABLE IF NOT EXISTS counter (revision BIGINT NOT NULL)")
        self._db.execute("INSERT INTO counter SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM counter)")
        self._db.execute(f"PRAGMA application_id = {self._APPLICATION}")
        self._db.execute(f"PRAGMA user_version = {self._VERSION}")
        self._db.execute("COMMIT")

    def close(self) -> None:
        self._db.close()

    def get(self, keys: list[str]) -> list[Optional[Record]]:
        places = ", ".join("?" * len(keys))
        with self._lock:
            rows = self._db.execute(f"SELECT key, revision, value FROM records WHERE key IN ({places})", keys)
            found = {row[0]: tuple(row) for row in rows}
        return [found.get(key) for key in keys]  # type: ignore[misc]

    def scan(self, prefix: str, after: Optional[str], limit: int) -> list[Record]:
        page: list[Record] = []
        with self._lock:
            rows = self._db.execute(
                "SELECT key, revision, value FROM records WHERE key >= ? AND (? IS NULL OR key > ?) ORDER BY key LIMIT ?",
                (prefix, after, after, limit),
            )
            for row in rows:
                if not row[0].startswith(prefix):
                    break
                page.append(tuple(row))  # type: ignore[arg-type]
        return page

    def commit(self, expect: dict[str, Optional[int]], put: dict[str, str], delete: list[str]) -> Optional[int]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                for key, revision in expect.items():
                    row = self._db.execute("SELECT revision FROM records WHERE key = ?", (key,)).fetchone()
                    if (row and row[0]) != revision:
                        self._db.execute("ROLLBACK")
                        return None
                self._db.execute("UPDATE counter SET revision = revision + 1")
                (now,) = self._db.execute("SELECT revision FROM counter").fetchone()
                self._db.executemany(
                    "INSERT INTO records (key, revision, value) VALUES (?, ?, ?)"
                    " ON CONFLICT (key) DO UPDATE SET revision = excluded.revision, value = excluded.value",
                    [(key, now, value) for key, value in put.items()],
                )
                self._db.executemany("DELETE FROM records WHERE key = ?", [(key,) for key in delete])
                self._db.execute("COMMIT")
                return now
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
