using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;

namespace Casewire.Tests
{
    /// <summary>
    /// What it costs to give the library a text of 2.5 kB, which it checks and copies, and to take one of 1.5 kB from it:
    /// nanoseconds for both together, the best of several rounds, and on the lines after it what each part of it costs.
    /// </summary>
    internal static unsafe class BoundaryBenchmark
    {
        private const int Rounds = 30;
        private const int Calls = 20000;
        private const int In = 2500;
        private const int Out = 1500;

        private static byte[] kept;

        internal static IEnumerable<string> Lines()
        {
            var text = Encoding.ASCII.GetBytes(new string('x', In));
            var error = Error();
            using (var connector = Connector())
            {
                var failure = IntPtr.Zero;
                StepHandle taken;
                Native.Check(Native.casewire_connector_poll(connector, 0, out taken, ref failure), failure);
                using (var step = new Step(taken))
                using (var answer = new Answer(step))
                {
                    yield return Best(Out / 2, () => Give(answer, text) + Take(error)).ToString();
                    yield return Best(0, () => (int)Native.casewire_abi_version()) + " an empty call";
                    yield return Best(0, () => Give(answer, text)) + " the text in";
                    yield return Best(Out / 2, () => Take(error)) + " the text out";
                }
            }
            Native.casewire_error_free(error);
        }

        private static double Best(int least, Func<int> call)
        {
            var best = double.MaxValue;
            for (var round = 0; round < Rounds; round++)
            {
                long sum = 0;
                var watch = Stopwatch.StartNew();
                for (var i = 0; i < Calls; i++)
                {
                    sum += call();
                }
                best = Math.Min(best, watch.Elapsed.TotalMilliseconds * 1e6 / Calls);
                Check.True(sum >= (long)Calls * least, "the text that came out is too short");
            }
            return Math.Round(best);
        }

        private static int Give(Answer answer, byte[] text)
        {
            var failure = IntPtr.Zero;
            fixed (byte* data = text)
            {
                var lent = new Text(data, In);
                Native.Check(Native.casewire_answer_set_failed(answer.Handle, (uint)Failure.Other, lent, ref failure), failure);
            }
            return 0;
        }

        private static int Take(IntPtr error)
        {
            var view = default(ErrorView);
            view.StructSize = (UIntPtr)sizeof(ErrorView);
            Native.casewire_error_read(error, &view, IntPtr.Zero);
            return view.Json.CopyTo(ref kept);
        }

        /// <summary>An error whose JSON has about so many bytes.</summary>
        private static IntPtr Error()
        {
            var faults = string.Join(",", Enumerable.Range(0, 2).Select(i => "'unknown_" + i + "': 1"));
            var json = Simulator.Json("{" + faults + "}");
            var error = IntPtr.Zero;
            fixed (byte* data = json)
            {
                Native.casewire_config_validate(new Text(data, json.Length), ref error);
            }
            return error;
        }

        private static ConnectorHandle Connector()
        {
            var json = Simulator.Configuration(Simulator.Mapped);
            var error = IntPtr.Zero;
            ConnectorHandle connector;
            fixed (byte* data = json)
            {
                Native.Check(
                    Native.casewire_connector_new(new Text(data, json.Length), null, null, 0, out connector, ref error), error);
            }
            return connector;
        }
    }
}
