using System;
using System.Security.Cryptography;
using System.Text;

namespace Casewire
{
    /// <summary>How much a line of the log matters.</summary>
    public enum LogLevel
    {
        /// <summary>Requests and effects.</summary>
        Debug,

        /// <summary>Operations.</summary>
        Info,

        /// <summary>What failed and is tried again, or was refused.</summary>
        Warning,

        /// <summary>What ends the connector.</summary>
        Error,
    }

    /// <summary>The keys of an API member (System &gt; Members &gt; API Members &gt; API Keys), as UTF-8.</summary>
    public sealed class Credentials : IDisposable
    {
        internal readonly byte[] PublicKey;
        internal readonly byte[] PrivateKey;

        /// <summary>Copies keys, which the caller may overwrite then.</summary>
        public Credentials(byte[] publicKey, byte[] privateKey)
        {
            PublicKey = (byte[])publicKey.Clone();
            PrivateKey = (byte[])privateKey.Clone();
        }

        /// <summary>Takes keys from strings, which stay in memory until they are collected.</summary>
        public Credentials(string publicKey, string privateKey)
        {
            PublicKey = Encoding.UTF8.GetBytes(publicKey);
            PrivateKey = Encoding.UTF8.GetBytes(privateKey);
        }

        /// <summary>Overwrites the keys. A connector that was made of them has its own copy.</summary>
        public void Dispose()
        {
            Array.Clear(PublicKey, 0, PublicKey.Length);
            Array.Clear(PrivateKey, 0, PrivateKey.Length);
        }
    }

    /// <summary>What a connector is made of. Configuration, Store and Deliver are required.</summary>
    public sealed class ConnectorOptions
    {
        /// <summary>The configuration as JSON in UTF-8, without keys.</summary>
        public byte[] Configuration { get; set; }

        /// <summary>The API member's keys. Without them the transport adds the Authorization header.</summary>
        public Credentials Credentials { get; set; }

        /// <summary>Sends requests; an <see cref="HttpTransport"/> where nothing is said.</summary>
        public IHttpTransport Transport { get; set; }

        /// <summary>Keeps what must outlive a crash.</summary>
        public IStore Store { get; set; }

        /// <summary>
        /// Takes over what happened, and returns once that is durable. Where it throws, the delivery is offered again, now and
        /// after a restart, in order per case, with the same id.
        /// </summary>
        public Action<Delivery> Deliver { get; set; }

        /// <summary>Gives and takes files; none where nothing is said.</summary>
        public IAttachments Attachments { get; set; }

        /// <summary>Is told what the connector does, on any thread. What it is told holds no secret, no case and no body.</summary>
        public Action<LogLevel, string> Log { get; set; }

        /// <summary>The time in milliseconds since 1970; the system's where nothing is said.</summary>
        public Func<long> Now { get; set; }

        /// <summary>The vendor's own client id, used where the configuration names none.</summary>
        public string ClientId { get; set; }

        /// <summary>The host's secret for its callback addresses, at least 16 bytes.</summary>
        public byte[] CallbackSecret { get; set; }

        /// <summary>Seeds jitter; the same seed gives the same run. A random one where nothing is said.</summary>
        public ulong? Seed { get; set; }

        internal static ulong RandomSeed()
        {
            var bytes = new byte[8];
            using (var random = RandomNumberGenerator.Create())
            {
                random.GetBytes(bytes);
            }
            return BitConverter.ToUInt64(bytes, 0);
        }
    }

    internal static class Clock
    {
        private static readonly DateTime Epoch = new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);

        internal static long Now()
        {
            return (long)(DateTime.UtcNow - Epoch).TotalMilliseconds;
        }
    }
}
