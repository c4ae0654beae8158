"""The simulator's controls, and what suits it: keys, a configuration, a case."""

import base64
import json
import os
import urllib.request

URL = os.environ.get("CASEWIRE_SIMULATOR", "http://127.0.0.1:8080")
KEYS = ("simulator-public", "simulator-private")
MAPPED = {"companies": {"map": [{"group": "48Tech", "company": {"identifier": "BigDesign"}}]}}


def configuration(**more):
    return {
        "version": 1,
        "instance": "python",
        "connection": {
            "site": URL,
            "company_id": "acme",
            "allow_insecure_loopback": True,
            "client_id": "6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11",
        },
        "routes": [
            {
                "name": "all",
                "board": "Professional Services",
                "type": "Security",
                "status": {"created": "New (not responded)", "cleared": "Closed"},
            }
        ],
        "status_map": {
            "Professional Services": {
                "to_case": {
                    "New (not responded)": "open",
                    "In Progress": "in_progress",
                    "Waiting Customer Response": "in_progress",
                    "Closed": "closed",
                },
                "to_ticket": {"open": "New (not responded)", "in_progress": "In Progress", "closed": "Closed"},
            }
        },
        "priority_map": {"critical": "Priority 1 - Emergency Response", "low": "Priority 4 - Scheduled Maintenance"},
        **more,
    }


def case_10012(**more):
    """Case 10012 of guide 000."""
    return {
        "id": "10012",
        "number": "10012",
        "title": "Windows: Audit log cleared",
        "description": "The audit log was cleared.",
        "severity": "critical",
        "category": "windows",
        "kind": "audit",
        "group": {"id": "48Tech"},
        "created_at": "2019-02-11T01:07:14Z",
        "updated_at": "2019-02-11T01:09:53Z",
        **more,
    }


def control(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{URL}/simulator/{path}", data=data or (b"" if method == "POST" else None), method=method)
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def reset():
    control("POST", "reset")


def records(name):
    return control("GET", f"records/{name}")


def technician(**act):
    control("POST", "technician", act)


def lose_the_answer_to_the_create():
    control("POST", "faults", {"when": {"method": "POST", "path": "service/tickets"}, "fault": {"kind": "answerLost"}, "times": 1})


def take_callback():
    """The last callback that ConnectWise has under way, as the command that judges it."""
    told = control("POST", "callbacks")[-1]
    headers = {name.lower(): value for name, value in told["headers"]}
    callback = {
        "body": base64.b64encode(bytes(told["body"])).decode(),
        "signature": headers["x-content-signature"],
        "secret": told["url"].partition("?")[0].rpartition("/")[2],
    }
    return {"command": "take_callback", "callback": callback}
