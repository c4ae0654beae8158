using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace Casewire.Tests
{
    /// <summary>The code table against the library's own, and the JSON that faces read and write.</summary>
    internal static class CodesTests
    {
        [Test]
        internal static void Every_code_of_the_library_is_in_the_table_under_its_name_and_no_other()
        {
            var ours = Enum.GetValues(typeof(ErrorCode)).Cast<ErrorCode>()
                .Select(code => (int)code + " " + Regex.Replace(code.ToString(), "(?<!^)([A-Z])", "_$1").ToLowerInvariant());
            var theirs = Enumerable.Range(1, 999)
                .Select(number => number + " " + Native.casewire_status_name(number))
                .Where(line => !line.EndsWith(" "))
                .ToList();
            Check.True(theirs.Count > 50);
            Check.Equal(theirs, ours);
        }

        [Test]
        internal static void The_exception_is_that_of_the_range()
        {
            Check.Equal(typeof(ConnectWiseException), CasewireException.Of(401, "", false, "{}").GetType());
            Check.Equal(typeof(StoreException), CasewireException.Of(600, "", false, "{}").GetType());
            Check.Equal(typeof(CasewireException), CasewireException.Of(900, "", false, "{}").GetType());
        }

        [Test]
        internal static void Json_comes_back_as_it_went()
        {
            var value = new Dictionary<string, object>
            {
                { "text", "é😀\u0000\u001f\"\\/\n\u2028" },
                { "list", new List<object> { 1L, -9007199254740993L, 0.5, true, false, null } },
                { "empty", new Dictionary<string, object>() },
            };
            Check.Equal(Json.Write(value), Json.Write(Json.Parse(Json.Write(value))));
            Check.Equal("\"é😀\u0000\\\"", Json.Parse("\"\\\"\\u00e9\\ud83d\\ude00\\u0000\\\\\\\"\""));
            foreach (var bad in new[] { "", "{", "[1", "\"a", "{\"a\"}", "[1]]", "\"\\u12\"", "nul" })
            {
                try
                {
                    Json.Parse(bad);
                }
                catch (FormatException)
                {
                    continue;
                }
                throw new InvalidOperationException("it was read: " + bad);
            }
        }

        [Test]
        internal static void The_library_tells_its_version()
        {
            Check.True(Regex.IsMatch(Connector.Version, "^\\d+\\.\\d+\\.\\d+"), Connector.Version);
        }
    }
}
