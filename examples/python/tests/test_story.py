"""The main job, and what happens when something is wrong, against the simulator."""

import datetime
import io
import json
import os
import tempfile
import threading
import unittest

import casewire
import simulator
from casewire.library import LIB
from simulator import KEYS, MAPPED, case_10012, configuration, records

FILE = b"4624,John,ok\n" * 10_000


def open_file(token):
    if token != "file:events":
        raise FileNotFoundError(token)
    return io.BytesIO(FILE)


class Host:
    """A host that remembers what it was handed."""

    def __init__(self, store=None, keys=KEYS, transport=None, **config):
        self.deliveries, self.lines, self.documents = [], [], {}
        self.connector = casewire.Connector(
            configuration(**config),
            store or casewire.MemoryStore(),
            self.deliveries.append,
            credentials=keys,
            transport=transport,
            open_attachment=open_file,
            keep_document=self.documents.__setitem__,
            callback_secret=b"0123456789abcdef0123456789abcdef",
            log=self.lines.append,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connector.close()

    def events(self):
        return [delivery["event"]["event"] for delivery in self.deliveries]


class Story(unittest.TestCase):
    def setUp(self):
        simulator.reset()

    def test_a_case_goes_the_whole_way(self):
        held = {
            "companies": {"unmapped": {"policy": "hold"}},
            "policies": {"ticket_inbound": {"enabled": True}},
            "callbacks": {"url": "https://soc.example/psa"},
        }
        with Host(**held) as host:
            connector = host.connector
            self.assertTrue(connector.run({"command": "test_connection"}).document["ok"])
            self.assertEqual(connector.submit_case(case_10012()).document["outcome"], "held")
            self.assertEqual(records("tickets"), [])
            mapping = {"kind": "group", "id": "48Tech", "company": {"identifier": "BigDesign"}}
            connector.run({"command": "set_mapping", "mappings": [mapping]})
            connector.settle()
            [ticket] = records("tickets")

            worked = case_10012(
                comments=[{"id": "c-1", "text": "Reset by héctor 😀", "created_at": "2019-02-11T01:20:00Z"}],
                attachments=[{"id": "a-1", "file_name": "events.txt", "size": len(FILE), "token": "file:events"}],
            )
            updated = connector.submit_case(worked)
            self.assertEqual((updated.document["outcome"], updated.ticket_id), ("updated", ticket["id"]))
            self.assertIn("Reset by héctor 😀", json.dumps(records("notes"), ensure_ascii=False))
            self.assertEqual(records("documents")[0]["fileName"], "events.txt")
            self.assertEqual(connector.submit_case(worked).document["outcome"], "unchanged")

            connector.run({"command": "ensure_callbacks"})
            simulator.technician(action="setStatus", ticket=ticket["id"], status="In Progress")
            callback = simulator.take_callback()
            forged = {**callback, "callback": {**callback["callback"], "body": "AAAA"}}
            self.assertEqual(connector.run(forged).document["decision"], "refused")
            self.assertEqual(connector.run(callback).document["decision"], "reread")
            connector.settle()
            self.assertIn("in_progress", json.dumps(host.deliveries))

            simulator.technician(action="addNote", ticket=ticket["id"], kind="internal", text="On it.")
            simulator.technician(action="attach", ticket=ticket["id"], fileName="scan.txt", title="Scan", content=list(b"all clean"))
            connector.run({"command": "poll"})
            connector.settle()
            told = json.dumps(host.deliveries)
            self.assertEqual(list(host.documents.values()), [b"all clean"])
            self.assertIn("On it.", told)
            self.assertIn("in_progress", told)

            now = datetime.datetime.now(datetime.timezone.utc).isoformat()
            self.assertEqual(connector.submit_case(case_10012(status="closed", updated_at=now)).document["outcome"], "closed")
            connector.settle()
            events = host.events()
            self.assertLess(events.index("group_mapping_failed"), events.index("ticket_created"))
            self.assertLess(events.index("ticket_created"), events.index("ticket_closed"))
            ids = [delivery["id"] for delivery in host.deliveries]
            self.assertEqual(len(ids), len(set(ids)))
            self.assertNotIn("simulator-private", "".join(host.lines))

    def test_threads_share_a_connector(self):
        with Host(**MAPPED) as host:
            tickets = []
            submit = lambda id: tickets.append(host.connector.submit_case(case_10012(id=id)).ticket_id)
            threads = [threading.Thread(target=submit, args=(f"many-{n}",)) for n in range(16)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(len(set(tickets)), 16)

    def test_the_next_process_finds_the_ticket_in_the_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "store.db")
            outcomes = []
            for _ in range(2):
                store = casewire.SqliteStore(path)
                with Host(store, **MAPPED) as host:
                    outcomes.append(host.connector.submit_case(case_10012()))
                    host.connector.settle()
                store.close()
            self.assertEqual([one.document["outcome"] for one in outcomes], ["opened", "unchanged"])
            self.assertEqual(len(records("tickets")), 1)


class Failures(unittest.TestCase):
    def setUp(self):
        simulator.reset()

    def refused(self, host, case=None):
        with self.assertRaises(casewire.CasewireError) as caught:
            host.connector.submit_case(case or case_10012())
        return caught.exception

    def test_a_wrong_key_is_unauthorized_and_in_no_message(self):
        with Host(keys=("simulator-public", "hunter2"), **MAPPED) as host:
            error = self.refused(host)
            self.assertEqual(error.code, "unauthorized")
            self.assertNotIn("hunter2", str(error) + str(error.document) + str(host.lines))
            self.assertEqual(records("tickets"), [])

    def test_an_unmapped_group_is_refused_and_nothing_is_sent(self):
        with Host(companies={"unmapped": {"policy": "refuse"}}) as host:
            error = self.refused(host)
            self.assertEqual(error.code, "unmapped_group")
            self.assertIn("48Tech", str(error))
            self.assertEqual(records("tickets"), [])

    def test_a_lost_answer_does_not_make_a_second_ticket(self):
        simulator.lose_the_answer_to_the_create()
        with Host(limits={"settle": "1s"}, **MAPPED) as host:
            self.assertEqual(host.connector.submit_case(case_10012()).document["outcome"], "opened")
            self.assertEqual(len(records("tickets")), 1)
            self.assertTrue(any("no complete answer" in line for line in host.lines), host.lines)

    def test_bad_input_is_refused_whole_with_every_fault(self):
        bad = configuration(prioritymap={})
        bad["instance"] = "Not Allowed"
        with self.assertRaises(casewire.CasewireError) as caught:
            casewire.validate_configuration(bad)
        places = [fault["pointer"] for fault in caught.exception.faults]
        self.assertTrue({"/prioritymap", "/instance"} <= set(places), places)
        with self.assertRaises(casewire.CasewireError) as caught:
            casewire.validate_case(b'{"\xff"}')
        self.assertEqual(caught.exception.code, "invalid_utf8")

    def test_every_code_has_the_name_that_the_library_gives_it(self):
        for code in casewire.ErrorCode:
            self.assertEqual(LIB.casewire_status_name(code).read().decode(), code.name.lower())
        with self.assertRaises(casewire.CasewireError) as caught:
            casewire.validate_case("{")
        self.assertEqual(casewire.ErrorCode(caught.exception.status), casewire.ErrorCode.MALFORMED_JSON)

    def test_a_delivery_that_fails_is_offered_again(self):
        with Host(**MAPPED) as host:
            taken, refusals = [], []

            def take(delivery):
                if not refusals:
                    refusals.append(delivery["id"])
                    raise OSError("the disk is full")
                taken.append(delivery["id"])

            host.connector._deliver = take
            host.connector.submit_case(case_10012())
            host.connector.submit_case(case_10012(severity="low"))
            host.connector.settle()
            self.assertIn(refusals[0], taken)

    def test_a_store_that_fails_keeps_everything_from_being_sent(self):
        class Broken(casewire.MemoryStore):
            def commit(self, expect, put, delete):
                raise OSError("the disk is full")

        with Host(Broken(), **MAPPED) as host:
            self.assertEqual(self.refused(host).code[:5], "store")
            self.assertEqual(records("tickets"), [])


if __name__ == "__main__":
    unittest.main()
