using System;
using System.Text;

namespace Casewire
{
    /// <summary>What came of an effect, until it is given to the connector.</summary>
    internal sealed unsafe class Answer : IDisposable
    {
        internal readonly AnswerHandle Handle;

        internal Answer(Step step)
        {
            var error = IntPtr.Zero;
            Native.Check(Native.casewire_answer_new(step.Handle, out Handle, ref error), error);
        }

        internal void Done()
        {
            var error = IntPtr.Zero;
            Native.Check(Native.casewire_answer_set_done(Handle, ref error), error);
        }

        internal void Json(object value)
        {
            var error = IntPtr.Zero;
            var json = Encoding.UTF8.GetBytes(Casewire.Json.Write(value));
            fixed (byte* data = json)
            {
                var text = new Text(data, json.Length);
                Native.Check(Native.casewire_answer_set_json(Handle, text, default(Text), ref error), error);
            }
        }

        internal void Failed(Failure failure, string message)
        {
            var error = IntPtr.Zero;
            var bytes = Encoding.UTF8.GetBytes(message);
            fixed (byte* data = bytes)
            {
                var text = new Text(data, bytes.Length);
                Native.Check(Native.casewire_answer_set_failed(Handle, (uint)failure, text, ref error), error);
            }
        }

        /// <summary>Sets status and headers. A header that is refused may be left out, and is no reason to lose the answer.</summary>
        internal void Http(HttpAnswer answer)
        {
            var error = IntPtr.Zero;
            Native.Check(Native.casewire_answer_set_http(Handle, (uint)answer.Status, ref error), error);
            foreach (var header in answer.Headers)
            {
                byte[] name = Encoding.UTF8.GetBytes(header.Key), value = Encoding.UTF8.GetBytes(header.Value);
                fixed (byte* first = name, second = value)
                {
                    Native.casewire_answer_add_header(
                        Handle, new Text(first, name.Length), new Text(second, value.Length), IntPtr.Zero);
                }
            }
        }

        internal void Fetched()
        {
            var error = IntPtr.Zero;
            Native.Check(Native.casewire_answer_set_fetched(Handle, ref error), error);
        }

        /// <summary>Adds bytes to the body; one that is too large makes the answer that failure by itself.</summary>
        internal bool Body(byte[] bytes, int length)
        {
            fixed (byte* data = bytes)
            {
                return Native.casewire_answer_add_body(Handle, new Text(data, length), IntPtr.Zero) == 0;
            }
        }

        internal void Stored(long size, string sha256)
        {
            var error = IntPtr.Zero;
            var bytes = Encoding.ASCII.GetBytes(sha256);
            fixed (byte* data = bytes)
            {
                var text = new Text(data, bytes.Length);
                Native.Check(Native.casewire_answer_set_stored(Handle, (ulong)size, text, ref error), error);
            }
        }

        public void Dispose()
        {
            Handle.Dispose();
        }
    }
}
