using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Casewire
{
    /// <summary>
    /// A connector between a security product and one ConnectWise instance. Any number of threads may use it. It begins by
    /// itself with what an earlier connector over the same store left unfinished; nothing is lost when it is closed or the
    /// process dies.
    /// </summary>
    public sealed partial class Connector : IDisposable
    {
        private readonly ConnectorHandle handle;
        private readonly Performer performer;
        private readonly Func<long> now;
        private readonly Action<LogLevel, string> log;
        private readonly IDisposable ownTransport;
        private readonly SemaphoreSlim wake = new SemaphoreSlim(0);
        private readonly Task pump;

        /// <summary>Guards all fields below. Never held while code of the host runs.</summary>
        private readonly object gate = new object();
        private readonly Dictionary<ulong, TaskCompletionSource<Outcome>> waiting =
            new Dictionary<ulong, TaskCompletionSource<Outcome>>();
        private readonly Dictionary<ulong, CancellationTokenSource> effects = new Dictionary<ulong, CancellationTokenSource>();
        private readonly HashSet<Task> work = new HashSet<Task>();
        private readonly List<TaskCompletionSource<bool>> idle = new List<TaskCompletionSource<bool>>();
        private bool isIdle;
        private long changes;
        private CasewireException over;

        /// <summary>Makes a connector. Throws a <see cref="CasewireException"/> with all faults of the configuration.</summary>
        public Connector(ConnectorOptions options)
        {
            Require(options.Configuration, "Configuration");
            Require(options.Store, "Store");
            Require(options.Deliver, "Deliver");
            now = options.Now ?? Clock.Now;
            log = options.Log ?? ((level, message) => { });
            var transport = options.Transport;
            if (transport == null)
            {
                var own = new HttpTransport(now);
                ownTransport = own;
                transport = own;
            }
            var host = new ConnectorOptions
            {
                Transport = transport,
                Store = options.Store,
                Deliver = options.Deliver,
                Attachments = options.Attachments,
            };
            performer = new Performer(host, now, log);
            handle = Make(options, now());
            pump = Task.Run(PumpAsync);
        }

        private static void Require(object value, string name)
        {
            if (value == null)
            {
                throw new ArgumentException(name + " is required", "options");
            }
        }

        private static unsafe ConnectorHandle Make(ConnectorOptions options, long now)
        {
            var none = new byte[0];
            var clientId = Encoding.UTF8.GetBytes(options.ClientId ?? "");
            var secret = options.CallbackSecret ?? none;
            var publicKey = options.Credentials?.PublicKey ?? none;
            var privateKey = options.Credentials?.PrivateKey ?? none;
            var error = IntPtr.Zero;
            ConnectorHandle made;
            fixed (byte* configurationData = options.Configuration, clientData = clientId, secretData = secret,
                publicData = publicKey, privateData = privateKey)
            {
                var credentials = new NativeCredentials
                {
                    StructSize = (UIntPtr)sizeof(NativeCredentials),
                    PublicKey = new Text(publicData, publicKey.Length),
                    PrivateKey = new Text(privateData, privateKey.Length),
                };
                var more = new NativeOptions
                {
                    StructSize = (UIntPtr)sizeof(NativeOptions),
                    ClientId = new Text(clientData, clientId.Length),
                    Seed = options.Seed ?? ConnectorOptions.RandomSeed(),
                    CallbackSecret = new Text(secretData, secret.Length),
                };
                var status = Native.casewire_connector_new(
                    new Text(configurationData, options.Configuration.Length),
                    options.Credentials == null ? null : &credentials,
                    &more,
                    now,
                    out made,
                    ref error);
                Native.Check(status, error);
            }
            return made;
        }

        /// <summary>The version of the native library.</summary>
        public static string Version
        {
            get { return Native.casewire_version().ToString(); }
        }

        /// <summary>Checks a configuration as far as that can be done without asking ConnectWise; throws all faults at once.</summary>
        public static unsafe void ValidateConfiguration(byte[] json)
        {
            var error = IntPtr.Zero;
            fixed (byte* data = json)
            {
                Native.Check(Native.casewire_config_validate(new Text(data, json.Length), ref error), error);
            }
        }

        /// <summary>Checks a case; throws all faults at once.</summary>
        public static unsafe void ValidateCase(byte[] json)
        {
            var error = IntPtr.Zero;
            fixed (byte* data = json)
            {
                Native.Check(Native.casewire_case_validate(new Text(data, json.Length), ref error), error);
            }
        }

        /// <summary>
        /// Brings a case's ticket in step with the case as it is now: opens it, changes it, closes it. A bad case is refused
        /// with all faults at once. Cancelling stops the operation; what it began in ConnectWise stays in the outbox.
        /// </summary>
        public Task<Outcome> SubmitCaseAsync(byte[] json, CancellationToken cancel = default(CancellationToken))
        {
            return SubmitAsync(json, true, cancel);
        }

        /// <summary>Like the other, for a string.</summary>
        public Task<Outcome> SubmitCaseAsync(string json, CancellationToken cancel = default(CancellationToken))
        {
            return SubmitAsync(Encoding.UTF8.GetBytes(json), true, cancel);
        }

        /// <summary>Runs any command, such as {"command": "poll"}, under the rules of <see cref="SubmitCaseAsync(byte[], CancellationToken)"/>.</summary>
        public Task<Outcome> RunAsync(byte[] json, CancellationToken cancel = default(CancellationToken))
        {
            return SubmitAsync(json, false, cancel);
        }

        /// <summary>Like the other, for a string.</summary>
        public Task<Outcome> RunAsync(string json, CancellationToken cancel = default(CancellationToken))
        {
            return SubmitAsync(Encoding.UTF8.GetBytes(json), false, cancel);
        }

        /// <summary>Says which part of the connection is wrong, if any.</summary>
        public Task<Outcome> TestConnectionAsync(CancellationToken cancel = default(CancellationToken))
        {
            return RunAsync("{\"command\": \"test_connection\"}", cancel);
        }

        private async Task<Outcome> SubmitAsync(byte[] json, bool isCase, CancellationToken cancel)
        {
            cancel.ThrowIfCancellationRequested();
            var outcome = new TaskCompletionSource<Outcome>();
            ulong operation;
            // The pump learns of the end of an operation under the same lock, so it finds the outcome there.
            lock (gate)
            {
                if (over != null)
                {
                    throw over;
                }
                operation = Submit(json, isCase);
                waiting.Add(operation, outcome);
                isIdle = false;
            }
            Wake();
            using (cancel.Register(() => Cancel(operation, cancel)))
            {
                return await outcome.Task.ConfigureAwait(false);
            }
        }

        private unsafe ulong Submit(byte[] json, bool isCase)
        {
            var error = IntPtr.Zero;
            ulong operation;
            fixed (byte* data = json)
            {
                var text = new Text(data, json.Length);
                var status = isCase
                    ? Native.casewire_connector_submit_case(handle, text, now(), out operation, ref error)
                    : Native.casewire_connector_submit(handle, text, now(), out operation, ref error);
                Native.Check(status, error);
            }
            return operation;
        }

        private void Cancel(ulong operation, CancellationToken cancel)
        {
            TaskCompletionSource<Outcome> outcome;
            lock (gate)
            {
                if (over != null || !waiting.TryGetValue(operation, out outcome))
                {
                    return;
                }
                waiting.Remove(operation);
                // It may be over by now, which is as good.
                Native.casewire_connector_cancel(handle, operation, now(), IntPtr.Zero);
            }
            Wake();
            Task.Run(() => outcome.TrySetCanceled());
        }

        /// <summary>Waits until nothing is under way: no operation, no delivery, no repeated try.</summary>
        public async Task WhenIdleAsync(CancellationToken cancel = default(CancellationToken))
        {
            var quiet = new TaskCompletionSource<bool>();
            lock (gate)
            {
                if (isIdle || over != null)
                {
                    return;
                }
                idle.Add(quiet);
            }
            using (cancel.Register(() => quiet.TrySetCanceled()))
            {
                await quiet.Task.ConfigureAwait(false);
            }
        }

        private void Wake()
        {
            Interlocked.Increment(ref changes);
            wake.Release();
        }

        /// <summary>
        /// Stops. Operations that are not over fail with <see cref="ErrorCode.Cancelled"/> and stay in the outbox. When it is
        /// done, the host is no longer being called, so that its store may be closed. A callback of the host cannot wait for
        /// its own end: where it closes the connector, the task is done at once, and the rest happens after it.
        /// </summary>
        public Task CloseAsync()
        {
            End(CasewireException.Cancelled("the connector was closed: make a new one"));
            if (performer.Callbacks.IsInside)
            {
                Task.Run(FreeAsync);
                return Task.FromResult(true);
            }
            return FreeAsync();
        }

        private async Task FreeAsync()
        {
            await pump.ConfigureAwait(false);
            List<CancellationTokenSource> stopped;
            List<Task> left;
            lock (gate)
            {
                stopped = effects.Values.ToList();
                left = work.ToList();
            }
            stopped.ForEach(one => one.Cancel());
            await Task.WhenAll(left).ConfigureAwait(false);
            handle.Dispose();
            ownTransport?.Dispose();
        }

        /// <summary>Like <see cref="CloseAsync"/>, and waits for it.</summary>
        public void Dispose()
        {
            CloseAsync().GetAwaiter().GetResult();
        }
    }
}
