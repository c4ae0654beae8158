using System.Collections.Generic;
using System.Text;

namespace Casewire
{
    /// <summary>What came of an operation that went well.</summary>
    public sealed class Outcome
    {
        private readonly byte[] json;

        internal Outcome(string caseId, ulong ticketId, byte[] json)
        {
            CaseId = caseId;
            TicketId = (long)ticketId;
            this.json = json;
        }

        /// <summary>The case that it was about; empty where it was about none.</summary>
        public string CaseId { get; }

        /// <summary>The ticket's number; 0 where there is none.</summary>
        public long TicketId { get; }

        /// <summary>The finished operation as JSON: {"step": "finished", "result": {"ok": {...}}}.</summary>
        public string Json
        {
            get { return Encoding.UTF8.GetString(json); }
        }

        /// <summary>The finished operation as JSON in UTF-8.</summary>
        public byte[] ToBytes()
        {
            return (byte[])json.Clone();
        }

        /// <summary>A field of the outcome, such as "outcome" of a case: opened, unchanged, closed.</summary>
        public object this[string field]
        {
            get
            {
                object found = null;
                var result = Casewire.Json.Object(json)["result"] as Dictionary<string, object>;
                object ok;
                if (result != null && result.TryGetValue("ok", out ok))
                {
                    (ok as Dictionary<string, object>)?.TryGetValue(field, out found);
                }
                return found;
            }
        }
    }

    /// <summary>Something that happened, which the host takes over: a ticket was opened, a technician closed it.</summary>
    public sealed class Delivery
    {
        private readonly byte[] json;

        internal Delivery(string id, string caseId, ulong ticketId, object delivery)
        {
            Id = id;
            CaseId = caseId;
            TicketId = (long)ticketId;
            var fields = delivery as Dictionary<string, object>;
            object happened;
            Event = fields != null && fields.TryGetValue("event", out happened)
                ? (string)((Dictionary<string, object>)happened)["event"]
                : "";
            json = Encoding.UTF8.GetBytes(Casewire.Json.Write(delivery));
        }

        /// <summary>By which the host knows one that it was offered before.</summary>
        public string Id { get; }

        /// <summary>The case; empty where it is about none.</summary>
        public string CaseId { get; }

        /// <summary>The ticket's number; 0 where there is none.</summary>
        public long TicketId { get; }

        /// <summary>The event, such as ticket_created.</summary>
        public string Event { get; }

        /// <summary>The delivery as JSON.</summary>
        public string Json
        {
            get { return Encoding.UTF8.GetString(json); }
        }

        /// <summary>The delivery as JSON in UTF-8.</summary>
        public byte[] ToBytes()
        {
            return (byte[])json.Clone();
        }
    }
}
