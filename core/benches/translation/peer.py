"""The same translation in Python with orjson: loads, plain code, dumps.

    python3 peer.py FOLDER

The folder holds the cases, the tickets that must come of them, and the tables. It prints nanoseconds a case.
"""

import pathlib
import sys
import time

import orjson

FOLDER = pathlib.Path(sys.argv[1])
CASES = (FOLDER / "cases.jsonl").read_bytes().split(b"\n")
TICKETS = (FOLDER / "tickets.jsonl").read_bytes().split(b"\n")
TABLES = orjson.loads((FOLDER / "tables.json").read_bytes())
ROUTES = [
    (frozenset(map(str.lower, route["category"])), frozenset(map(str.lower, route["kind"])), route)
    for route in TABLES["routes"]
]


def translate(text):
    case = orjson.loads(text)
    category = case.get("category", "").lower()
    kind = case.get("kind", "").lower()
    for categories, kinds, route in ROUTES:
        if (not categories or category in categories) and (not kinds or kind in kinds):
            break
    else:
        raise ValueError("no route takes the case")
    severity = case["severity"].lower()
    parts = [case.get("description", "")]
    if user := case.get("user"):
        parts.append(f"User: {user['name']}")
    parts.extend(f"{artifact['type']}: {artifact['value']}" for artifact in case.get("artifacts", ()))
    summary = f"EventTracker Case #{case.get('number', '')} - {case['title']}"
    ticket = {
        "summary": " ".join(summary.split())[:100],
        "board": {"id": route["board"]},
        "status": {"id": route["status"]},
        "type": {"id": route["type"]},
    }
    if route["subType"] is not None:
        ticket["subType"] = {"id": route["subType"]}
    ticket["company"] = {"id": TABLES["companies"][case["group"]["id"]]}
    ticket["priority"] = {"id": TABLES["priorities"][severity]}
    ticket["impact"] = TABLES["impact"]
    ticket["severity"] = TABLES["severities"].get(severity, TABLES["severity"])
    if incident := case.get("incident"):
        ticket["poNumber"] = incident
    ticket["externalXRef"] = f"{TABLES['instance']}:{case['id']}"
    ticket["initialDescription"] = "\n".join(parts).strip()
    return orjson.dumps(ticket)


for text, ticket in zip(CASES, TICKETS, strict=True):
    if translate(text) != ticket:
        raise SystemExit(f"another ticket: {translate(text)}")

ROUNDS = 100
spent = []
for _ in range(ROUNDS):
    start = time.perf_counter_ns()
    for text in CASES:
        translate(text)
    spent.append((time.perf_counter_ns() - start) / len(CASES))
print(round(sorted(spent[ROUNDS // 2 :])[ROUNDS // 4]))
