using System;
using System.Diagnostics;
using System.Linq;
using System.Text;

namespace Casewire.Tests
{
    /// <summary>
    /// What it costs to give the library a text of 2.5 kB, which it checks and copies, and to take one of 1.5 kB from it:
    /// nanoseconds for both together, the best of several rounds.
    /// </summary>
    internal static unsafe class BoundaryBenchmark
    {
        private const int Rounds = 20;
        private const int Calls = 20000;
        private const int In = 2500;
        private const int Out = 1500;

        internal static double Nanoseconds()
        {
            var text = Encoding.ASCII.GetBytes(new string('x', In));
            var error = Error();
            var best = double.MaxValue;
            long sum = 0;
            using (var connector = Connector())
            {
                var failure = IntPtr.Zero;
                StepHandle step;
                Native.Check(Native.casewire_connector_poll(connector, 0, out step, ref failure), failure);
                using (step)
                using (var answer = new Answer(step))
                {
                    for (var round = 0; round < Rounds; round++)
                    {
                        var watch = Stopwatch.StartNew();
                        for (var i = 0; i < Calls; i++)
                        {
                            fixed (byte* data = text)
                            {
                                var lent = new Text(data, In);
                                Native.Check(
                                    Native.casewire_answer_set_failed(answer.Handle, (uint)Failure.Other, lent, ref failure), failure);
                            }
                            sum += Native.casewire_error_json(error).ToBytes().Length;
                        }
                        best = Math.Min(best, watch.Elapsed.TotalMilliseconds * 1e6 / Calls);
                    }
                }
            }
            Native.casewire_error_free(error);
            Check.True(sum > (long)Rounds * Calls * Out / 2, "the text that came out is too short");
            return best;
        }

        /// <summary>An error whose JSON has about so many bytes.</summary>
        private static IntPtr Error()
        {
            var faults = string.Join(",", Enumerable.Range(0, 8).Select(i => "'unknown_" + i + "': 1"));
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
