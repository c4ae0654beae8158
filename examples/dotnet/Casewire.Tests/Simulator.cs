using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Threading.Tasks;

namespace Casewire.Tests
{
    /// <summary>The simulator's controls, and what suits it: keys, a configuration, a case.</summary>
    internal static class Simulator
    {
        internal static readonly string Url =
            Environment.GetEnvironmentVariable("CASEWIRE_SIMULATOR") ?? "http://127.0.0.1:8080";

        internal const string Mapped = ", 'companies': {'map': [{'group': '48Tech', 'company': {'identifier': 'BigDesign'}}]}";

        private static readonly HttpClient Client = new HttpClient();

        internal static Credentials Keys()
        {
            return new Credentials("simulator-public", "simulator-private");
        }

        /// <summary>A configuration; <paramref name="more"/> are further members, each beginning with a comma.</summary>
        internal static byte[] Configuration(string more)
        {
            return Json("{'version': 1, 'instance': 'dotnet',"
                + " 'connection': {'site': '" + Url + "', 'company_id': 'acme', 'allow_insecure_loopback': true,"
                + "   'client_id': '6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11'},"
                + " 'routes': [{'name': 'all', 'board': 'Professional Services', 'type': 'Security',"
                + "   'status': {'created': 'New (not responded)', 'cleared': 'Closed'}}],"
                + " 'status_map': {'Professional Services': {"
                + "   'to_case': {'New (not responded)': 'open', 'In Progress': 'in_progress',"
                + "     'Waiting Customer Response': 'in_progress', 'Closed': 'closed'},"
                + "   'to_ticket': {'open': 'New (not responded)', 'in_progress': 'In Progress', 'closed': 'Closed'}}},"
                + " 'priority_map': {'critical': 'Priority 1 - Emergency Response',"
                + "   'low': 'Priority 4 - Scheduled Maintenance'}" + more + "}");
        }

        /// <summary>Case 10012 of the guide; <paramref name="more"/> are further members, each beginning with a comma.</summary>
        internal static string Case10012(string more = "", string id = "10012", string updated = "2019-02-11T01:09:53Z")
        {
            return Encoding.UTF8.GetString(Json("{'id': '" + id + "', 'number': '10012', 'title': 'Windows: Audit log cleared',"
                + " 'description': 'The audit log was cleared.', 'severity': 'critical',"
                + " 'category': 'windows', 'kind': 'audit', 'group': {'id': '48Tech'},"
                + " 'created_at': '2019-02-11T01:07:14Z', 'updated_at': '" + updated + "'" + more + "}"));
        }

        internal static byte[] Json(string text)
        {
            return Encoding.UTF8.GetBytes(text.Replace('\'', '"'));
        }

        internal static Task Reset()
        {
            return Control("POST", "reset", "");
        }

        internal static Task Fault(string json)
        {
            return Control("POST", "faults", json);
        }

        internal static Task Technician(string json)
        {
            return Control("POST", "technician", json);
        }

        internal static async Task<List<Dictionary<string, object>>> Records(string name)
        {
            var list = (List<object>)Casewire.Json.Parse(await Control("GET", "records/" + name, ""));
            return list.Cast<Dictionary<string, object>>().ToList();
        }

        /// <summary>The last callback that ConnectWise has under way, as the command that judges it.</summary>
        internal static async Task<string> TakeCallback()
        {
            var told = (List<object>)Casewire.Json.Parse(await Control("POST", "callbacks", ""));
            var last = (Dictionary<string, object>)told.Last();
            var body = ((List<object>)last["body"]).Select(one => (byte)(long)one).ToArray();
            var signature = ((List<object>)last["headers"]).Cast<List<object>>()
                .Single(header => (string)header[0] == "x-content-signature")[1];
            var path = ((string)last["url"]).Split('?')[0];
            return "{\"command\": \"take_callback\", \"callback\": {\"body\": \"" + Convert.ToBase64String(body)
                + "\", \"signature\": \"" + signature + "\", \"secret\": \"" + path.Substring(path.LastIndexOf('/') + 1) + "\"}}";
        }

        internal static Task<List<Dictionary<string, object>>> Tickets()
        {
            return Records("tickets");
        }

        private static async Task<string> Control(string method, string path, string body)
        {
            using (var message = new HttpRequestMessage(new HttpMethod(method), Url + "/simulator/" + path))
            {
                if (method == "POST")
                {
                    message.Content = new ByteArrayContent(Json(body));
                }
                using (var answer = await Client.SendAsync(message))
                {
                    var text = await answer.Content.ReadAsStringAsync();
                    Check.True(answer.IsSuccessStatusCode, path + ": " + text);
                    return text;
                }
            }
        }
    }

    /// <summary>What the tests bring as a host: a connector to the simulator, what it delivered, what it logged.</summary>
    internal sealed class Host : IAttachments, IDisposable
    {
        internal static readonly byte[] File = Encoding.ASCII.GetBytes("event id 1102\n");

        internal readonly ConnectorOptions Options;
        internal readonly List<Delivery> Deliveries = new List<Delivery>();
        internal readonly List<string> Lines = new List<string>();

        /// <summary>Files that technicians attached, each behind the name under which it was to be stored.</summary>
        internal readonly List<string> Documents = new List<string>();
        private Connector connector;

        internal Host(string more)
        {
            Options = new ConnectorOptions
            {
                Configuration = Simulator.Configuration(more),
                Credentials = Simulator.Keys(),
                Store = new MemoryStore(),
                Deliver = delivery => Add(Deliveries, delivery),
                Attachments = this,
                CallbackSecret = Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef"),
                Log = (level, message) => Add(Lines, level + " " + message),
            };
        }

        private static void Add<T>(List<T> list, T one)
        {
            lock (list)
            {
                list.Add(one);
            }
        }

        internal Connector Connector
        {
            get { return connector ?? (connector = new Connector(Options)); }
        }

        internal string[] Events
        {
            get { return Deliveries.Select(delivery => delivery.Event).ToArray(); }
        }

        public Content Open(string token)
        {
            Check.Equal("file:events", token);
            return Content.Of(File);
        }

        public void Store(string name, System.IO.Stream content)
        {
            using (var reader = new System.IO.StreamReader(content, Encoding.UTF8))
            {
                Add(Documents, name + ": " + reader.ReadToEnd());
            }
        }

        public void Dispose()
        {
            connector?.Dispose();
        }
    }
}
