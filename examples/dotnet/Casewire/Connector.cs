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
    public sealed class Connector : IDisposable
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

        private async Task PumpAsync()
        {
            try
            {
                while (true)
                {
                    lock (gate)
                    {
                        if (over != null)
                        {
                            return;
                        }
                    }
                    while (Step())
                    {
                    }
                    await wake.WaitAsync().ConfigureAwait(false);
                }
            }
            catch (CasewireException error)
            {
                End(error);
            }
            catch (Exception error)
            {
                var message = "casewire failed, and the next connector goes on from the store: " + error.Message;
                End(CasewireException.Of((int)ErrorCode.Internal, message, false, "{}"));
            }
        }

        /// <summary>Takes the next step, and says whether there may be another.</summary>
        private bool Step()
        {
            var error = IntPtr.Zero;
            var before = Interlocked.Read(ref changes);
            StepHandle step;
            Native.Check(Native.casewire_connector_poll(handle, now(), out step, ref error), error);
            var kind = Native.casewire_step_kind(step);
            switch (kind)
            {
                case Abi.StepIdle:
                    using (step)
                    {
                        TellIdle(step, before);
                    }
                    return false;
                case Abi.StepFinished:
                    using (step)
                    {
                        Finish(step);
                    }
                    return true;
                case Abi.StepCancel:
                    using (step)
                    using (var answer = new Answer(step))
                    {
                        Drop(Native.casewire_step_cancel_target(step));
                        answer.Done();
                        Give(answer);
                    }
                    return true;
                default:
                    Start(kind, step);
                    return true;
            }
        }

        private void TellIdle(StepHandle step, long before)
        {
            var isAllDone = Native.casewire_step_operations_left(step) == UIntPtr.Zero
                && Native.casewire_step_effects_left(step) == UIntPtr.Zero;
            List<TaskCompletionSource<bool>> told;
            lock (gate)
            {
                isIdle = isAllDone && Interlocked.Read(ref changes) == before;
                if (!isIdle)
                {
                    return;
                }
                told = idle.ToList();
                idle.Clear();
            }
            Tell(told);
        }

        private static void Tell(List<TaskCompletionSource<bool>> told)
        {
            // On another thread: what waits may run code of the host at once.
            Task.Run(() => told.ForEach(one => one.TrySetResult(true)));
        }

        private void Finish(StepHandle step)
        {
            var operation = Native.casewire_step_operation_id(step);
            TaskCompletionSource<Outcome> outcome;
            lock (gate)
            {
                waiting.TryGetValue(operation, out outcome);
                waiting.Remove(operation);
            }
            var error = Native.casewire_step_error(step);
            if (error != IntPtr.Zero)
            {
                var exception = Native.ToException(Native.casewire_error_status(error), error);
                log(LogLevel.Warning, "operation " + operation + " failed: " + exception.Code);
                Task.Run(() => outcome?.TrySetException(exception));
                return;
            }
            var result = new Outcome(
                Native.casewire_step_case_id(step).ToString(),
                Native.casewire_step_ticket_id(step),
                Native.casewire_step_json(step).ToBytes());
            log(LogLevel.Info, "operation " + operation + " is over, ticket " + result.TicketId);
            Task.Run(() => outcome?.TrySetResult(result));
        }

        private void Drop(ulong effect)
        {
            CancellationTokenSource cancel;
            lock (gate)
            {
                effects.TryGetValue(effect, out cancel);
            }
            if (cancel != null)
            {
                // On another thread: what listens to it may be code of the host.
                Task.Run(() => cancel.Cancel());
            }
        }

        private void Start(uint kind, StepHandle step)
        {
            var effect = Native.casewire_step_effect_id(step);
            var cancel = new CancellationTokenSource();
            lock (gate)
            {
                effects.Add(effect, cancel);
                var task = Task.Run(() => PerformAsync(kind, effect, step, cancel.Token));
                work.Add(task);
                task.ContinueWith(Done, TaskContinuationOptions.ExecuteSynchronously);
            }
        }

        private void Done(Task task)
        {
            lock (gate)
            {
                work.Remove(task);
            }
        }

        private async Task PerformAsync(uint kind, ulong effect, StepHandle step, CancellationToken cancel)
        {
            using (step)
            using (var answer = new Answer(step))
            {
                try
                {
                    await performer.PerformAsync(kind, step, answer, cancel).ConfigureAwait(false);
                    Give(answer);
                }
                catch (CasewireException error)
                {
                    End(error);
                }
                finally
                {
                    lock (gate)
                    {
                        effects.Remove(effect);
                    }
                    Wake();
                }
            }
        }

        /// <summary>Gives an answer to the connector. One that is not wanted any more is dropped.</summary>
        private void Give(Answer answer)
        {
            var error = IntPtr.Zero;
            try
            {
                Native.Check(Native.casewire_connector_answer(handle, answer.Handle, now(), ref error), error);
            }
            catch (CasewireException stale) when (stale.Code == ErrorCode.StaleEffect)
            {
            }
        }

        private void End(CasewireException reason)
        {
            List<TaskCompletionSource<Outcome>> left;
            List<TaskCompletionSource<bool>> told;
            lock (gate)
            {
                if (over == null)
                {
                    over = reason;
                    if (reason.Code != ErrorCode.Cancelled)
                    {
                        log(LogLevel.Error, "the connector is over: " + reason.Code);
                    }
                }
                left = waiting.Values.ToList();
                waiting.Clear();
                told = idle.ToList();
                idle.Clear();
            }
            Wake();
            Task.Run(() => left.ForEach(one => one.TrySetException(reason)));
            Tell(told);
        }

        /// <summary>
        /// Stops. Operations that are not over fail with <see cref="ErrorCode.Cancelled"/> and stay in the outbox. When it is
        /// done, the host is no longer being called, so that its store may be closed. Not from inside a callback of the host.
        /// </summary>
        public async Task CloseAsync()
        {
            End(CasewireException.Cancelled("the connector was closed: make a new one"));
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
