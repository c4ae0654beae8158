using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;

namespace Casewire
{
    /// <summary>A transport over <see cref="HttpClient"/>: TLS 1.2 or newer, no redirect, no cookies, connections kept.</summary>
    public sealed class HttpTransport : IHttpTransport, IDisposable
    {
        /// <summary>As many as a connector may have under way at most.</summary>
        private const int Connections = 64;

        private readonly HttpClient client;
        private readonly Func<long> now;

        /// <summary>Makes one; <paramref name="now"/> tells the time in milliseconds since 1970.</summary>
        public HttpTransport(Func<long> now = null)
        {
            this.now = now ?? Clock.Now;
            var handler = new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false };
#if NETSTANDARD2_0
            handler.SslProtocols = SslProtocols.Tls12;
            if (Enum.IsDefined(typeof(SslProtocols), Tls13))
            {
                handler.SslProtocols |= (SslProtocols)Tls13;
            }
            handler.MaxConnectionsPerServer = Connections;
#else
            // .NET Framework 4.5 begins with SSL 3 and TLS 1.0, and knows a choice for the whole process only.
            ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls12;
#endif
            client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        }

#if NETSTANDARD2_0
        private const int Tls13 = 12288;
#endif

        /// <inheritdoc/>
        public async Task<HttpAnswer> SendAsync(HttpRequest request, CancellationToken cancel)
        {
            using (var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel))
            using (var message = ToMessage(request))
            {
                timeout.CancelAfter(TimeSpan.FromMilliseconds(request.TimeoutMilliseconds));
                if (now() > request.NotAfterMilliseconds)
                {
                    throw new FailureException(Failure.NotSent, "its time passed before it was sent");
                }
                try
                {
                    // Not every client gives a stalled exchange up by the token alone.
                    var exchange = ExchangeAsync(message, request.MaxAnswer, timeout.Token);
                    if (await Task.WhenAny(exchange, Task.Delay(Timeout.Infinite, timeout.Token)).ConfigureAwait(false) != exchange)
                    {
                        Forget(exchange);
                        throw new OperationCanceledException();
                    }
                    return await exchange.ConfigureAwait(false);
                }
                catch (FailureException)
                {
                    throw;
                }
                catch (OperationCanceledException error)
                {
                    var text = "no complete answer within " + request.TimeoutMilliseconds + " ms";
                    throw new FailureException(Failure.Unanswered, text, error);
                }
                catch (Exception error) when (error is HttpRequestException || error is IOException || error is WebException
                    || error is ObjectDisposedException)
                {
                    throw ToFailure(error);
                }
            }
        }

        private async Task<HttpAnswer> ExchangeAsync(HttpRequestMessage message, long maxAnswer, CancellationToken cancel)
        {
            using (var response = await client
                .SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false))
            {
                var headers = response.Headers.Concat(response.Content.Headers)
                    .SelectMany(header => header.Value.Select(value => new KeyValuePair<string, string>(header.Key, value)))
                    .ToList();
                var body = await ReadAsync(response.Content, maxAnswer, cancel).ConfigureAwait(false);
                return new HttpAnswer((int)response.StatusCode, headers, body);
            }
        }

        private static async Task<byte[]> ReadAsync(HttpContent content, long maxAnswer, CancellationToken cancel)
        {
            var expected = content.Headers.ContentLength;
            using (var stream = await content.ReadAsStreamAsync().ConfigureAwait(false))
            using (var whole = new MemoryStream())
            using (cancel.Register(stream.Dispose))
            {
                var piece = new byte[1 << 14];
                int read;
                while ((read = await stream.ReadAsync(piece, 0, piece.Length, cancel).ConfigureAwait(false)) > 0)
                {
                    if (whole.Length + read > maxAnswer)
                    {
                        throw new FailureException(Failure.TooLarge, "the answer is larger than " + maxAnswer + " bytes");
                    }
                    whole.Write(piece, 0, read);
                }
                // Some clients end a body that was cut off as if it were whole.
                if (expected.HasValue && whole.Length < expected.Value)
                {
                    throw new FailureException(
                        Failure.Unanswered, "the answer broke off after " + whole.Length + " of " + expected + " bytes");
                }
                return whole.ToArray();
            }
        }

        private static void Forget(Task task)
        {
            task.ContinueWith(done => done.Exception, TaskContinuationOptions.OnlyOnFaulted);
        }

        private static HttpRequestMessage ToMessage(HttpRequest request)
        {
            var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Url);
            message.Headers.ExpectContinue = false;
            if (request.Body.Count != 0)
            {
                message.Content = new Pieces(request.Body, request.BodySize);
            }
            else if (request.Method == "POST" || request.Method == "PATCH")
            {
                message.Content = new ByteArrayContent(new byte[0]);
            }
            foreach (var header in request.Headers)
            {
                if (!message.Headers.TryAddWithoutValidation(header.Key, header.Value))
                {
                    message.Content?.Headers.TryAddWithoutValidation(header.Key, header.Value);
                }
            }
#if !NETSTANDARD2_0
            ServicePointManager.FindServicePoint(message.RequestUri).ConnectionLimit = Connections;
#endif
            return message;
        }

        private static FailureException ToFailure(Exception error)
        {
            for (var cause = error; cause != null; cause = cause.InnerException)
            {
                var web = cause as WebException;
                var socket = cause as SocketException;
                if (cause is AuthenticationException || web?.Status == WebExceptionStatus.TrustFailure
                    || web?.Status == WebExceptionStatus.SecureChannelFailure)
                {
                    return new FailureException(Failure.Tls, cause.Message, error);
                }
                if (web?.Status == WebExceptionStatus.NameResolutionFailure || web?.Status == WebExceptionStatus.ConnectFailure
                    || web?.Status == WebExceptionStatus.ProxyNameResolutionFailure
                    || (socket != null && NotConnected.Contains(socket.SocketErrorCode)))
                {
                    return new FailureException(Failure.NotSent, "no connection: " + cause.Message, error);
                }
            }
            return new FailureException(Failure.Unanswered, error.GetBaseException().Message, error);
        }

        /// <summary>What a socket says only before there is a connection.</summary>
        private static readonly SocketError[] NotConnected =
        {
            SocketError.ConnectionRefused, SocketError.HostNotFound, SocketError.NoData, SocketError.TryAgain,
            SocketError.HostUnreachable, SocketError.NetworkUnreachable,
        };

        /// <summary>Closes its connections.</summary>
        public void Dispose()
        {
            client.Dispose();
        }

        /// <summary>
        /// One piece after the other, once: a client that would send a write again by itself, because a kept connection broke,
        /// cannot. Casewire looks first whether it was performed.
        /// </summary>
        private sealed class Pieces : HttpContent
        {
            private readonly IList<Content> pieces;
            private readonly long size;
            private bool isSent;

            internal Pieces(IList<Content> pieces, long size)
            {
                this.pieces = pieces;
                this.size = size;
            }

            protected override bool TryComputeLength(out long length)
            {
                length = size;
                return true;
            }

            protected override async Task SerializeToStreamAsync(Stream stream, TransportContext context)
            {
                if (isSent)
                {
                    throw new FailureException(Failure.Unanswered, "it was sent before, and the connection broke");
                }
                isSent = true;
                foreach (var piece in pieces)
                {
                    using (var content = piece.Open())
                    {
                        await content.CopyToAsync(stream).ConfigureAwait(false);
                    }
                }
            }
        }
    }
}
