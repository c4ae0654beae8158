using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;

namespace Casewire
{
    /// <summary>Performs effects with what the host brings, and fills in their answers. It decides nothing.</summary>
    internal sealed class Performer
    {
        private readonly ConnectorOptions host;
        private readonly Func<long> now;
        private readonly Action<LogLevel, string> log;

        /// <summary>Every call of the host goes through it.</summary>
        internal readonly Callbacks Callbacks = new Callbacks();

        internal Performer(ConnectorOptions host, Func<long> now, Action<LogLevel, string> log)
        {
            this.host = host;
            this.now = now;
            this.log = log;
        }

        /// <summary>Performs a step that is an effect. What fails is an answer too.</summary>
        internal async Task PerformAsync(Step step, Answer answer, CancellationToken cancel)
        {
            var kind = step.View.Kind;
            try
            {
                switch (kind)
                {
                    case Abi.StepHttp:
                        await HttpAsync(step, answer, cancel).ConfigureAwait(false);
                        break;
                    case Abi.StepStore:
                        var request = step.Json();
                        answer.Json(new Dictionary<string, object> { { "store", Callbacks.Call(() => Perform(host.Store, request)) } });
                        break;
                    case Abi.StepTimer:
                        await WaitAsync(step.View.DeadlineMilliseconds, cancel).ConfigureAwait(false);
                        answer.Done();
                        break;
                    case Abi.StepDeliver:
                        Callbacks.Call(() => Deliver(step));
                        answer.Done();
                        break;
                    case Abi.StepFetch:
                        Callbacks.Call(() => Fetch(step.View.Token.ToString(), answer));
                        break;
                    default:
                        answer.Failed(Failure.Other, "this version cannot perform effects of kind " + kind);
                        break;
                }
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                answer.Failed(kind == Abi.StepHttp ? Failure.Unanswered : Failure.Other, "it is not wanted any more");
            }
            catch (FailureException error)
            {
                Fail(answer, error.Failure, error);
            }
            catch (Exception error)
            {
                Fail(answer, kind == Abi.StepHttp ? Failure.Unanswered : Failure.Other, error);
            }
        }

        private void Fail(Answer answer, Failure failure, Exception error)
        {
            log(LogLevel.Warning, failure + ": " + error.Message);
            answer.Failed(failure, error.Message);
        }

        /// <summary>Waits until a time, and looks at the clock every hour: it may be set, and a machine may sleep.</summary>
        private async Task WaitAsync(long deadline, CancellationToken cancel)
        {
            for (var left = deadline - now(); left > 0; left = deadline - now())
            {
                await Task.Delay((int)Math.Min(left, 3600000), cancel).ConfigureAwait(false);
            }
        }

        private async Task HttpAsync(Step step, Answer answer, CancellationToken cancel)
        {
            var request = Request(step);
            if (now() > request.NotAfterMilliseconds)
            {
                throw new FailureException(Failure.NotSent, "its time passed before it was sent");
            }
            var watch = Stopwatch.StartNew();
            Callbacks.BeginAwaited();
            var got = await Callbacks.Call(() => host.Transport.SendAsync(request, cancel)).ConfigureAwait(false);
            log(LogLevel.Debug, request + " -> " + got.Status + " in " + watch.ElapsedMilliseconds + " ms");
            answer.Http(got);
            var name = step.View.StoreAs.ToString();
            if (name.Length == 0 || got.Status < 200 || got.Status > 299)
            {
                answer.Body(got.Body, got.Body.Length);
                return;
            }
            try
            {
                Attachments().Store(name, new MemoryStream(got.Body, false));
            }
            catch (Exception error)
            {
                throw new FailureException(Failure.Other, "the file was not stored: " + error.Message, error);
            }
            answer.Stored(got.Body.Length, Sha256(got.Body));
        }

        private static string Sha256(byte[] bytes)
        {
            using (var sha256 = SHA256.Create())
            {
                return BitConverter.ToString(sha256.ComputeHash(bytes)).Replace("-", "").ToLowerInvariant();
            }
        }

        private IAttachments Attachments()
        {
            if (host.Attachments == null)
            {
                throw new FileNotFoundException("the host has no attachments");
            }
            return host.Attachments;
        }

        private HttpRequest Request(Step step)
        {
            var body = new List<Content>();
            foreach (var piece in step.Pieces())
            {
                body.Add(
                    piece.Attachment.Size == UIntPtr.Zero
                        ? Content.Of(piece.Bytes.ToBytes())
                        : Attachment(piece.Attachment.ToString(), piece.Size));
            }
            return new HttpRequest
            {
                Method = step.View.Method.ToString(),
                Url = step.View.Url.ToString(),
                Headers = step.Headers(),
                Body = body,
                BodySize = (long)step.View.BodySize,
                TimeoutMilliseconds = (long)step.View.TimeoutMilliseconds,
                MaxAnswer = (long)step.View.MaxAnswer,
                NotAfterMilliseconds = step.View.NotAfterMilliseconds,
            };
        }

        private Content Attachment(string token, ulong size)
        {
            Content content;
            try
            {
                content = Attachments().Open(token);
            }
            catch (Exception error)
            {
                throw new FailureException(Failure.Content, "no attachment: " + error.Message, error);
            }
            if ((ulong)content.Size != size)
            {
                throw new FailureException(Failure.Content, "the attachment has " + content.Size + " bytes and not " + size);
            }
            return content;
        }

        private bool Deliver(Step step)
        {
            host.Deliver(
                new Delivery(
                    step.View.DeliveryId.ToString(),
                    step.View.CaseId.ToString(),
                    step.View.TicketId,
                    step.Json()["delivery"]));
            return true;
        }

        private bool Fetch(string token, Answer answer)
        {
            using (var stream = Attachments().Open(token).Open())
            {
                answer.Fetched();
                var piece = new byte[1 << 16];
                int read;
                while ((read = stream.Read(piece, 0, piece.Length)) > 0 && answer.Body(piece, read))
                {
                }
            }
            return true;
        }

        /// <summary>Performs a store request in its JSON form, and gives the answer in its.</summary>
        internal static object Perform(IStore store, Dictionary<string, object> request)
        {
            switch ((string)request["store"])
            {
                case "get":
                    return One("records", Records(store.Get(Strings(request["keys"]))));
                case "scan":
                    object after;
                    request.TryGetValue("after", out after);
                    var limit = (int)Math.Min((long)request["limit"], int.MaxValue);
                    return One("page", Records(store.Scan((string)request["prefix"], (string)after, limit)));
                case "commit":
                    var revision = store.Commit(ToBatch(request));
                    return revision == null ? (object)"conflict" : One("committed", One("revision", revision.Value));
                default:
                    throw new NotSupportedException("this version cannot perform the store request " + request["store"]);
            }
        }

        private static Dictionary<string, object> One(string name, object value)
        {
            return new Dictionary<string, object> { { name, value } };
        }

        private static Batch ToBatch(Dictionary<string, object> request)
        {
            var batch = new Batch();
            foreach (Dictionary<string, object> expected in (List<object>)request["expect"])
            {
                batch.Expect.Add((string)expected["key"], (long?)expected["revision"]);
            }
            foreach (List<object> put in (List<object>)request["put"])
            {
                batch.Put.Add((string)put[0], (string)put[1]);
            }
            foreach (var key in Strings(request["delete"]))
            {
                batch.Delete.Add(key);
            }
            return batch;
        }

        private static List<string> Strings(object list)
        {
            return ((List<object>)list).Cast<string>().ToList();
        }

        private static List<object> Records(IList<Record> records)
        {
            return records
                .Select(
                    record => record == null
                        ? null
                        : (object)new Dictionary<string, object>
                        {
                            { "key", record.Key }, { "revision", record.Revision }, { "value", record.Value },
                        })
                .ToList();
        }
    }
}
