using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Casewire.Tests
{
    /// <summary>What happens when something is wrong.</summary>
    internal static class FailureTests
    {
        [Test]
        internal static async Task A_wrong_key_is_unauthorized_and_in_no_message()
        {
            await Simulator.Reset();
            using (var host = new Host(Simulator.Mapped))
            {
                host.Options.Credentials = new Credentials("simulator-public", "hunter2");
                var error = await Check.Throws<ConnectWiseException>(() => host.Connector.SubmitCaseAsync(Simulator.Case10012()));
                Check.Equal(ErrorCode.Unauthorized, error.Code);
                Check.True(!(error.Message + error.Json + string.Concat(host.Lines)).Contains("hunter2"));
                Check.Equal(0, (await Simulator.Tickets()).Count);
            }
        }

        [Test]
        internal static async Task An_unmapped_group_is_refused_and_nothing_is_sent()
        {
            await Simulator.Reset();
            using (var host = new Host(", 'companies': {'unmapped': {'policy': 'refuse'}}"))
            {
                var error = await Check.Throws<InputException>(() => host.Connector.SubmitCaseAsync(Simulator.Case10012()));
                Check.Equal(ErrorCode.UnmappedGroup, error.Code);
                Check.True(error.Message.Contains("48Tech"), error.Message);
                Check.Equal(0, (await Simulator.Tickets()).Count);
            }
        }

        [Test]
        internal static async Task A_lost_answer_does_not_make_a_second_ticket()
        {
            await Simulator.Reset();
            await Simulator.Fault("{'when': {'method': 'POST', 'path': 'service/tickets'}, 'fault': {'kind': 'answerLost'}, 'times': 1}");
            using (var host = new Host(Simulator.Mapped + ", 'limits': {'settle': '1s'}"))
            {
                var opened = await host.Connector.SubmitCaseAsync(Simulator.Case10012());
                Check.Equal("opened", opened["outcome"]);
                Check.Equal(1, (await Simulator.Tickets()).Count);
                Check.True(host.Lines.Any(line => line.StartsWith("Warning Unanswered")), string.Join("\n", host.Lines));
            }
        }

        [Test]
        internal static async Task Bad_input_is_refused_whole_with_every_fault()
        {
            var config = Simulator.Configuration(", 'prioritymap': {}, 'ticket': 7");
            var refused = await Check.Throws<CasewireException>(() => Task.Run(() => Connector.ValidateConfiguration(config)));
            Check.True(refused.Json.Contains("/prioritymap") && refused.Json.Contains("/ticket"), refused.Json);
            using (var host = new Host(Simulator.Mapped))
            {
                var bytes = new byte[] { (byte)'{', (byte)'"', 0xff, (byte)'"', (byte)'}' };
                var error = await Check.Throws<InputException>(() => host.Connector.SubmitCaseAsync(bytes));
                Check.Equal(ErrorCode.InvalidUtf8, error.Code);
            }
        }

        private sealed class FullDisk : IStore
        {
            private readonly MemoryStore memory = new MemoryStore();

            public IList<Record> Get(IList<string> keys)
            {
                return memory.Get(keys);
            }

            public IList<Record> Scan(string prefix, string after, int limit)
            {
                return memory.Scan(prefix, after, limit);
            }

            public long? Commit(Batch batch)
            {
                throw new IOException("the disk is full");
            }
        }

        /// <summary>Sends by another transport after it has looked at the request.</summary>
        private sealed class Watching : IHttpTransport
        {
            private readonly HttpTransport transport = new HttpTransport();
            private readonly Func<HttpRequest, CancellationToken, Task> look;

            internal Watching(Func<HttpRequest, CancellationToken, Task> look)
            {
                this.look = look;
            }

            public async Task<HttpAnswer> SendAsync(HttpRequest request, CancellationToken cancel)
            {
                await look(request, cancel);
                return await transport.SendAsync(request, cancel);
            }
        }

        [Test]
        internal static async Task A_store_that_fails_keeps_everything_from_being_sent()
        {
            await Simulator.Reset();
            var writes = 0;
            using (var host = new Host(Simulator.Mapped))
            {
                host.Options.Store = new FullDisk();
                host.Options.Transport = new Watching((request, cancel) =>
                {
                    writes += request.Method == "GET" ? 0 : 1;
                    return Task.FromResult(true);
                });
                var error = await Check.Throws<StoreException>(() => host.Connector.SubmitCaseAsync(Simulator.Case10012()));
                Check.Equal(ErrorCode.StoreFailed, error.Code);
                Check.True(error.CanRetry && error.Message.Contains("the disk is full"), error.Message);
                Check.Equal(0, writes);
            }
        }

        [Test]
        internal static async Task What_the_host_did_not_take_over_is_offered_again_with_the_same_id()
        {
            await Simulator.Reset();
            var store = new MemoryStore();
            var refused = new TaskCompletionSource<string>();
            using (var host = new Host(Simulator.Mapped))
            {
                host.Options.Store = store;
                host.Options.Deliver = delivery =>
                {
                    // What waits for it goes on at once, on this thread, and closes the connector.
                    refused.TrySetResult(delivery.Id);
                    throw new IOException("the database is away");
                };
                await host.Connector.SubmitCaseAsync(Simulator.Case10012());
                await refused.Task;
            }
            using (var next = new Host(Simulator.Mapped))
            {
                next.Options.Store = store;
                await next.Connector.WhenIdleAsync();
                Check.Equal(refused.Task.Result, next.Deliveries[0].Id);
            }
        }

        [Test]
        internal static async Task A_callback_may_close_its_connector()
        {
            foreach (var inTransport in new[] { false, true })
            {
                await Simulator.Reset();
                var closed = new TaskCompletionSource<bool>();
                using (var host = new Host(Simulator.Mapped))
                {
                    Action close = () =>
                    {
                        host.Connector.CloseAsync().Wait();
                        // On another thread, since what waits for it goes on at once, and would wait for this callback.
                        Task.Run(() => closed.TrySetResult(true));
                    };
                    if (inTransport)
                    {
                        host.Options.Transport = new Watching(async (request, cancel) =>
                        {
                            await Task.Yield();
                            close();
                        });
                    }
                    else
                    {
                        host.Options.Deliver = delivery => close();
                    }
                    try
                    {
                        await host.Connector.SubmitCaseAsync(Simulator.Case10012());
                    }
                    catch (UsageException error)
                    {
                        Check.Equal(ErrorCode.Cancelled, error.Code);
                    }
                    await closed.Task;
                }
            }
        }

        [Test]
        internal static async Task A_cancelled_operation_ends_and_the_next_connector_finishes_it()
        {
            await Simulator.Reset();
            var store = new MemoryStore();
            using (var stop = new CancellationTokenSource())
            using (var host = new Host(Simulator.Mapped))
            {
                host.Options.Store = store;
                // The create is under way when the host cancels; it never reaches the server.
                host.Options.Transport = new Watching((request, cancel) =>
                {
                    if (request.Method != "POST")
                    {
                        return Task.FromResult(true);
                    }
                    stop.CancelAfter(50);
                    return Task.Delay(Timeout.Infinite, cancel);
                });
                await Check.Throws<OperationCanceledException>(() => host.Connector.SubmitCaseAsync(Simulator.Case10012(), stop.Token));
                await Check.Throws<OperationCanceledException>(() => host.Connector.SubmitCaseAsync(Simulator.Case10012(), stop.Token));
                await host.Connector.CloseAsync();
                var error = await Check.Throws<UsageException>(() => host.Connector.SubmitCaseAsync(Simulator.Case10012()));
                Check.Equal(ErrorCode.Cancelled, error.Code);
            }
            Check.Equal(0, (await Simulator.Tickets()).Count);
            using (var next = new Host(Simulator.Mapped))
            {
                // Ten minutes later the create can no longer arrive, so that it is made again at once.
                next.Options.Now = () => (long)(DateTime.UtcNow - new DateTime(1970, 1, 1)).TotalMilliseconds + 600000;
                next.Options.Store = store;
                await next.Connector.WhenIdleAsync();
                Check.Equal(1, (await Simulator.Tickets()).Count);
            }
        }
    }
}
