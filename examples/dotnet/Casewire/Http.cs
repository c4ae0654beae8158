using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Casewire
{
    /// <summary>A request to send as it is.</summary>
    public sealed class HttpRequest
    {
        /// <summary>GET, POST, PATCH or DELETE.</summary>
        public string Method { get; internal set; }

        /// <summary>The absolute address, already encoded.</summary>
        public string Url { get; internal set; }

        /// <summary>The headers, Authorization among them; do not log it. Host and Content-Length are the client's.</summary>
        public IList<KeyValuePair<string, string>> Headers { get; internal set; }

        /// <summary>The pieces of the body, sent one after the other; none for a request without a body.</summary>
        public IList<Content> Body { get; internal set; }

        /// <summary>Length of the whole body in bytes.</summary>
        public long BodySize { get; internal set; }

        /// <summary>How long the whole exchange may take, in milliseconds.</summary>
        public long TimeoutMilliseconds { get; internal set; }

        /// <summary>The largest body of an answer to read, in bytes.</summary>
        public long MaxAnswer { get; internal set; }

        /// <summary>Until when it may leave, in milliseconds since 1970; <see cref="long.MaxValue"/> where there is no such time.</summary>
        public long NotAfterMilliseconds { get; internal set; }

        /// <summary>Shows no header.</summary>
        public override string ToString()
        {
            return Method + " " + Url.Split('?')[0];
        }
    }

    /// <summary>What a server answered.</summary>
    public sealed class HttpAnswer
    {
        /// <summary>Takes an answer: content-type, link, retry-after and date of the headers are wanted.</summary>
        public HttpAnswer(int status, IEnumerable<KeyValuePair<string, string>> headers, byte[] body)
        {
            Status = status;
            Headers = headers;
            Body = body;
        }

        /// <summary>100 to 599.</summary>
        public int Status { get; }

        /// <summary>The headers.</summary>
        public IEnumerable<KeyValuePair<string, string>> Headers { get; }

        /// <summary>The body as it came.</summary>
        public byte[] Body { get; }
    }

    /// <summary>Sends requests to ConnectWise. <see cref="HttpTransport"/> is one. It is called for many at the same time.</summary>
    public interface IHttpTransport
    {
        /// <summary>
        /// Sends a request and reads its whole answer, whatever the status. A redirect is an answer and is not followed.
        /// Throws a <see cref="FailureException"/> where there is no answer.
        /// </summary>
        Task<HttpAnswer> SendAsync(HttpRequest request, CancellationToken cancel);
    }
}
