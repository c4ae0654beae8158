using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Casewire.Tests
{
    /// <summary>What the transport says of requests that go wrong.</summary>
    internal static class TransportTests
    {
        private static readonly TcpListener Listener = Listen();
        private static readonly string Url = "http://127.0.0.1:" + ((IPEndPoint)Listener.LocalEndpoint).Port;

        /// <summary>The first byte of a client that wants TLS (RFC 8446, section 5.1).</summary>
        private const byte TlsHandshake = 22;

        /// <summary>A server that answers by the path alone, in plain text whatever the client speaks.</summary>
        private static TcpListener Listen()
        {
            var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            Task.Run(async () =>
            {
                while (true)
                {
                    var client = await listener.AcceptTcpClientAsync();
                    ThreadPool.QueueUserWorkItem(state => Answer(client));
                }
            });
            return listener;
        }

        private static void Answer(TcpClient client)
        {
            using (client)
            using (var stream = client.GetStream())
            {
                var request = ReadRequest(stream);
                var path = request.Split(' ')[1];
                var head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ";
                switch (path)
                {
                    case "/redirect":
                        Write(stream, "HTTP/1.1 302 Found\r\nLocation: /echo\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                        break;
                    case "/large":
                        Write(stream, head + "2000\r\n\r\n" + new string('x', 2000));
                        break;
                    case "/silent":
                        Thread.Sleep(2000);
                        break;
                    case "/stalled":
                        Write(stream, head + "100\r\n\r\nhalf");
                        Thread.Sleep(2000);
                        break;
                    case "/cut":
                        Write(stream, head + "100\r\n\r\nhalf");
                        break;
                    default:
                        Write(stream, head + Encoding.GetEncoding(28591).GetByteCount(request) + "\r\nLink: </next>\r\n\r\n" + request);
                        break;
                }
            }
        }

        private static string ReadRequest(Stream stream)
        {
            var bytes = new List<byte>();
            var latin = Encoding.GetEncoding(28591);
            int one;
            while ((one = stream.ReadByte()) >= 0)
            {
                bytes.Add((byte)one);
                if (bytes[0] == TlsHandshake)
                {
                    return "GET /redirect";
                }
                var text = latin.GetString(bytes.ToArray());
                var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
                if (end >= 0)
                {
                    var line = text.Split('\n').FirstOrDefault(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
                    if (bytes.Count >= end + 4 + (line == null ? 0 : int.Parse(line.Split(':')[1])))
                    {
                        return text;
                    }
                }
            }
            return "GET /gone";
        }

        private static void Write(Stream stream, string text)
        {
            var bytes = Encoding.GetEncoding(28591).GetBytes(text);
            stream.Write(bytes, 0, bytes.Length);
            stream.Flush();
        }

        private static HttpRequest Request(string url, string method = "GET", int timeout = 5000, params Content[] body)
        {
            return new HttpRequest
            {
                Method = method,
                Url = url,
                Headers = new List<KeyValuePair<string, string>>
                {
                    new KeyValuePair<string, string>("clientId", "abc"),
                    new KeyValuePair<string, string>("Content-Type", "application/json"),
                },
                Body = body,
                BodySize = body.Sum(piece => piece.Size),
                TimeoutMilliseconds = timeout,
                MaxAnswer = 1000,
                NotAfterMilliseconds = long.MaxValue,
            };
        }

        private static async Task<Failure> FailureOf(HttpRequest request, Func<long> now = null)
        {
            using (var transport = new HttpTransport(now))
            {
                var error = await Check.Throws<FailureException>(() => transport.SendAsync(request, CancellationToken.None));
                return error.Failure;
            }
        }

        [Test]
        internal static async Task A_request_goes_out_as_it_is_and_the_answer_comes_whole()
        {
            var body = new byte[] { (byte)'{', 0, 0xff, (byte)'}' };
            using (var transport = new HttpTransport())
            {
                var request = Request(Url + "/echo?a=%2F", "PATCH", 5000, Content.Of(body), Content.Of(body));
                var answer = await transport.SendAsync(request, CancellationToken.None);
                var echo = Encoding.GetEncoding(28591).GetString(answer.Body);
                Check.Equal(200, answer.Status);
                Check.True(echo.StartsWith("PATCH /echo?a=%2F HTTP/1.1\r\n"), echo);
                Check.True(echo.Contains("Content-Type: application/json\r\n") && echo.Contains("Content-Length: 8\r\n"), echo);
                Check.True(echo.IndexOf("clientId: abc\r\n", StringComparison.OrdinalIgnoreCase) > 0, echo);
                Check.True(echo.EndsWith("\r\n\r\n{\0\u00ff}{\0\u00ff}"), echo);
                Check.True(answer.Headers.Any(header => header.Key == "Link" && header.Value == "</next>"));
            }
        }

        [Test]
        internal static async Task A_redirect_is_not_followed()
        {
            using (var transport = new HttpTransport())
            {
                Check.Equal(302, (await transport.SendAsync(Request(Url + "/redirect"), CancellationToken.None)).Status);
            }
        }

        [Test]
        internal static async Task An_answer_that_is_too_large_is_given_up()
        {
            Check.Equal(Failure.TooLarge, await FailureOf(Request(Url + "/large")));
        }

        [Test]
        internal static async Task No_answer_in_time_and_one_that_breaks_off_are_unanswered()
        {
            Check.Equal(Failure.Unanswered, await FailureOf(Request(Url + "/silent", timeout: 100)));
            Check.Equal(Failure.Unanswered, await FailureOf(Request(Url + "/stalled", timeout: 100)));
            Check.Equal(Failure.Unanswered, await FailureOf(Request(Url + "/cut")));
        }

        [Test]
        internal static async Task What_cannot_connect_has_not_been_sent()
        {
            var closed = new TcpListener(IPAddress.Loopback, 0);
            closed.Start();
            var port = ((IPEndPoint)closed.LocalEndpoint).Port;
            closed.Stop();
            Check.Equal(Failure.NotSent, await FailureOf(Request("http://127.0.0.1:" + port + "/")));
            Check.Equal(Failure.NotSent, await FailureOf(Request("http://no-such-host.invalid/")));
        }

        [Test]
        internal static async Task A_server_that_speaks_no_tls_is_refused()
        {
            Check.Equal(Failure.Tls, await FailureOf(Request(Url.Replace("http:", "https:") + "/")));
        }

        [Test]
        internal static async Task A_write_whose_time_has_passed_does_not_leave()
        {
            var late = Request(Url + "/echo", "POST");
            late.NotAfterMilliseconds = 1999;
            Check.Equal(Failure.NotSent, await FailureOf(late, () => 2000));
        }
    }
}
