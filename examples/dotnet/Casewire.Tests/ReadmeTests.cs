using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Casewire.Tests
{
    /// <summary>The code of the README: it is the one here, and it works. CASEWIRE_DOTNET is the folder of the README.</summary>
    internal static class ReadmeTests
    {
        // README
        /// <summary>Brings the ticket of a case in step with it, and returns when all deliveries were taken over.</summary>
        internal static async Task<Outcome> OpenTicketAsync(
            byte[] configuration, byte[] alert, IStore store, Credentials keys, CancellationToken cancel)
        {
            var options = new ConnectorOptions
            {
                Configuration = configuration,
                Credentials = keys,
                Store = store,
                Deliver = delivery => Console.WriteLine(delivery.Event + " " + delivery.CaseId),
                Log = (level, message) => Console.Error.WriteLine(level + " " + message),
            };
            using (var connector = new Connector(options))
            {
                try
                {
                    var outcome = await connector.SubmitCaseAsync(alert, cancel);
                    await connector.WhenIdleAsync(cancel);
                    return outcome;
                }
                catch (InputException refused)
                {
                    Console.Error.WriteLine(refused.Message); // every fault: where, what, and how to mend it
                    throw;
                }
            }
        }
        // README

        [Test]
        internal static void The_code_of_the_readme_is_the_one_that_is_tested()
        {
            var folder = Environment.GetEnvironmentVariable("CASEWIRE_DOTNET");
            var source = File.ReadAllText(Path.Combine(folder, "Casewire.Tests", "ReadmeTests.cs"));
            var code = source.Split(new[] { "        // README\n" }, StringSplitOptions.None)[1];
            var lines = code.Split('\n').Select(line => line.StartsWith("        ") ? line.Substring(8) : line);
            var readme = File.ReadAllText(Path.Combine(folder, "README.md"));
            Check.True(readme.Contains("```csharp\n" + string.Join("\n", lines) + "```\n"), "the README has other code");
        }

        [Test]
        internal static async Task The_code_of_the_readme_opens_a_ticket_once_and_names_faults()
        {
            await Simulator.Reset();
            var configuration = Simulator.Configuration(Simulator.Mapped);
            var alert = Simulator.Json(Simulator.Case10012());
            var store = new MemoryStore();
            var none = CancellationToken.None;
            Check.Equal(909L, (await OpenTicketAsync(configuration, alert, store, Simulator.Keys(), none)).TicketId);
            Check.Equal("unchanged", (await OpenTicketAsync(configuration, alert, store, Simulator.Keys(), none))["outcome"]);
            var bad = Simulator.Json("{'id': '1'}");
            await Check.Throws<InputException>(() => OpenTicketAsync(configuration, bad, store, Simulator.Keys(), none));
            Check.Equal(1, (await Simulator.Tickets()).Count);
        }
    }
}
