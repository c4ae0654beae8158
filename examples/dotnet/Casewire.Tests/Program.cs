using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;

namespace Casewire.Tests
{
    /// <summary>Marks a method that tests.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    internal sealed class TestAttribute : Attribute
    {
    }

    /// <summary>Runs every test; ends with 0 when all passed. Works at the level of .NET Framework 4.5 without a package.</summary>
    internal static class Program
    {
        private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

        private static int Main(string[] arguments)
        {
            if (arguments.SequenceEqual(new[] { "--benchmark" }))
            {
                Console.WriteLine(string.Join("\n", BoundaryBenchmark.Lines()));
                return 0;
            }
            int passed = 0, failed = 0;
            var tests = typeof(Program).Assembly.GetTypes()
                .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
                .Where(method => method.GetCustomAttributes(typeof(TestAttribute), false).Length != 0)
                .Where(method => arguments.Length == 0 || arguments.Contains(method.Name))
                .OrderBy(method => method.DeclaringType.Name + "." + method.Name, StringComparer.Ordinal);
            foreach (var test in tests)
            {
                var name = test.DeclaringType.Name + "." + test.Name;
                try
                {
                    Run(test);
                    Console.WriteLine("ok     " + name);
                    passed++;
                }
                catch (Exception error)
                {
                    Console.WriteLine("FAILED " + name + "\n" + error);
                    failed++;
                }
            }
            Console.WriteLine(passed + " passed, " + failed + " failed");
            Console.Out.Flush();
            // A test that hangs must not keep the process.
            Environment.Exit(failed == 0 && passed != 0 ? 0 : 1);
            return 1;
        }

        private static void Run(MethodInfo test)
        {
            var task = Task.Run(() => test.Invoke(null, null) as Task ?? Task.FromResult(true));
            if (!task.Wait(Limit))
            {
                throw new TimeoutException("it did not end within " + Limit);
            }
        }
    }

    /// <summary>What tests claim.</summary>
    internal static class Check
    {
        internal static void True(bool condition, object details = null)
        {
            if (!condition)
            {
                throw new InvalidOperationException("it does not hold: " + details);
            }
        }

        internal static void Equal(object wanted, object given)
        {
            if (!Equals(wanted, given))
            {
                throw new InvalidOperationException("wanted <" + wanted + ">, was given <" + given + ">");
            }
        }

        internal static void Equal(IEnumerable<string> wanted, IEnumerable<string> given)
        {
            Equal(string.Join("\n", wanted), string.Join("\n", given));
        }

        internal static async Task<T> Throws<T>(Func<Task> call) where T : Exception
        {
            try
            {
                await call();
            }
            catch (T error)
            {
                return error;
            }
            throw new InvalidOperationException("there was no " + typeof(T).Name);
        }
    }
}
