using System;
using System.Linq;
using System.Text;
using System.Threading.Tasks;

namespace Casewire.Tests
{
    /// <summary>The main job: a case becomes a ticket, exactly once, and both stay in step until both are closed.</summary>
    internal static class StoryTests
    {
        [Test]
        internal static async Task A_case_goes_the_whole_way()
        {
            await Simulator.Reset();
            var held = ", 'companies': {'unmapped': {'policy': 'hold'}}, 'policies': {'ticket_inbound': {'enabled': true}},"
                + " 'callbacks': {'url': 'https://soc.example/psa'}";
            using (var host = new Host(held))
            {
                var connector = host.Connector;
                Check.Equal(true, (await connector.TestConnectionAsync())["ok"]);

                Check.Equal("held", (await connector.SubmitCaseAsync(Simulator.Case10012()))["outcome"]);
                Check.Equal(0, (await Simulator.Tickets()).Count);
                await connector.RunAsync(Simulator.Json("{'command': 'set_mapping', 'mappings': [{'kind': 'group', 'id': '48Tech',"
                    + " 'company': {'identifier': 'BigDesign'}}]}"));
                await connector.WhenIdleAsync();
                var ticket = (long)(await Simulator.Tickets()).Single()["id"];

                var worked = Simulator.Case10012(", 'comments': [{'id': 'c-1', 'text': 'Reset by héctor 😀',"
                    + " 'created_at': '2019-02-11T01:20:00Z'}], 'attachments': [{'id': 'a-1', 'file_name': 'events.txt',"
                    + " 'size': " + Host.File.Length + ", 'token': 'file:events'}]");
                var updated = await connector.SubmitCaseAsync(worked);
                Check.Equal("updated", updated["outcome"]);
                Check.Equal(ticket, updated.TicketId);
                Check.Equal("10012", updated.CaseId);
                Check.True((await Simulator.Records("notes")).Any(note => ((string)note["text"]).Contains("Reset by héctor 😀")));
                Check.Equal("events.txt", (await Simulator.Records("documents")).Single()["fileName"]);
                Check.Equal("unchanged", (await connector.SubmitCaseAsync(worked))["outcome"]);

                await connector.RunAsync("{\"command\": \"ensure_callbacks\"}");
                await Simulator.Technician("{'action': 'attach', 'ticket': " + ticket
                    + ", 'fileName': 'scan.txt', 'title': 'Scan', 'content': [97, 108, 108]}");
                await Simulator.Technician("{'action': 'setStatus', 'ticket': " + ticket + ", 'status': 'In Progress'}");
                var callback = await Simulator.TakeCallback();
                var body = callback.IndexOf("\"body\": \"", StringComparison.Ordinal) + 9;
                var forged = callback.Remove(body, 4).Insert(body, "AAAA");
                Check.Equal("refused", (await connector.RunAsync(forged))["decision"]);
                Check.Equal("reread", (await connector.RunAsync(callback))["decision"]);
                await connector.WhenIdleAsync();
                Check.True(host.Documents.Single().EndsWith(": all"), host.Documents.Single());
                Check.True(host.Deliveries.Any(delivery => delivery.Json.Contains("in_progress")), string.Join(", ", host.Events));
                await Simulator.Technician("{'action': 'addNote', 'ticket': " + ticket + ", 'kind': 'internal', 'text': 'On it.'}");
                await connector.RunAsync("{\"command\": \"poll\"}");
                await connector.WhenIdleAsync();
                var events = string.Join(", ", host.Events);
                Check.True(host.Deliveries.Any(delivery => delivery.Json.Contains("On it.")), events);
                Check.True(host.Deliveries.Any(delivery => delivery.Json.Contains("in_progress")), events);

                // The technician's change is of today: what is older than that does not undo it.
                var now = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ");
                var closed = await connector.SubmitCaseAsync(Simulator.Case10012(", 'status': 'closed'", updated: now));
                Check.Equal("closed", closed["outcome"]);
                await connector.WhenIdleAsync();
                events = string.Join(", ", host.Events);
                Check.True(Array.IndexOf(host.Events, "ticket_created") < Array.IndexOf(host.Events, "ticket_closed"), events);
                Check.True(
                    host.Deliveries.Where(delivery => delivery.Event.StartsWith("ticket_"))
                        .All(delivery => delivery.TicketId == ticket && delivery.CaseId == "10012"),
                    events);
                Check.Equal(host.Deliveries.Count, host.Deliveries.Select(delivery => delivery.Id).Distinct().Count());
                Check.Equal(1, (await Simulator.Tickets()).Count);
                Check.True(host.Lines.Any(line => line.StartsWith("Debug POST ")));
                Check.True(!host.Lines.Any(line => line.Contains("simulator-private")));
            }
        }

        [Test]
        internal static async Task Bytes_go_in_and_out_beside_strings()
        {
            await Simulator.Reset();
            using (var host = new Host(Simulator.Mapped))
            {
                var json = Encoding.UTF8.GetBytes(Simulator.Case10012());
                Connector.ValidateCase(json);
                Connector.ValidateConfiguration(host.Options.Configuration);
                var opened = await host.Connector.SubmitCaseAsync(json);
                Check.Equal(opened.Json, Encoding.UTF8.GetString(opened.ToBytes()));
                Check.Equal(909L, opened.TicketId);
            }
        }

        [Test]
        internal static async Task Thirty_cases_side_by_side_make_thirty_tickets()
        {
            await Simulator.Reset();
            using (var host = new Host(Simulator.Mapped))
            {
                var operations = Enumerable.Range(0, 30)
                    .Select(i => host.Connector.SubmitCaseAsync(Simulator.Case10012(id: "many-" + i)));
                var outcomes = await Task.WhenAll(operations);
                Check.Equal(30, outcomes.Select(outcome => outcome.TicketId).Distinct().Count());
                Check.Equal(30, (await Simulator.Tickets()).Count);
            }
        }
    }
}
