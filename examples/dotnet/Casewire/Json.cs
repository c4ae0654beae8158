using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Casewire
{
    /// <summary>
    /// JSON as dictionaries, lists, strings, numbers (long, or double) and booleans. It reads what casewire writes, which
    /// every level from .NET Framework 4.5 on can do without a package.
    /// </summary>
    internal sealed class Json
    {
        private readonly string text;
        private int at;

        private Json(string text)
        {
            this.text = text;
        }

        internal static Dictionary<string, object> Object(byte[] json)
        {
            return Object(Encoding.UTF8.GetString(json));
        }

        internal static Dictionary<string, object> Object(string json)
        {
            return (Dictionary<string, object>)Parse(json);
        }

        internal static object Parse(string text)
        {
            var reader = new Json(text);
            var value = reader.Value();
            reader.Blank();
            if (reader.at != text.Length)
            {
                throw reader.Broken();
            }
            return value;
        }

        private FormatException Broken()
        {
            return new FormatException("this is no JSON, at character " + at);
        }

        private void Blank()
        {
            while (at < text.Length && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t'))
            {
                at++;
            }
        }

        private bool Takes(char wanted)
        {
            Blank();
            var isThere = at < text.Length && text[at] == wanted;
            at += isThere ? 1 : 0;
            return isThere;
        }

        private void Need(char wanted)
        {
            if (!Takes(wanted))
            {
                throw Broken();
            }
        }

        private object Value()
        {
            if (Takes('{'))
            {
                return Members();
            }
            if (Takes('['))
            {
                return Elements();
            }
            if (Takes('"'))
            {
                return Characters();
            }
            return Word();
        }

        private Dictionary<string, object> Members()
        {
            var members = new Dictionary<string, object>();
            if (Takes('}'))
            {
                return members;
            }
            do
            {
                Need('"');
                var name = Characters();
                Need(':');
                members[name] = Value();
            }
            while (Takes(','));
            Need('}');
            return members;
        }

        private List<object> Elements()
        {
            var elements = new List<object>();
            if (Takes(']'))
            {
                return elements;
            }
            do
            {
                elements.Add(Value());
            }
            while (Takes(','));
            Need(']');
            return elements;
        }

        private string Characters()
        {
            var built = new StringBuilder();
            while (true)
            {
                var end = text.IndexOfAny(Special, at);
                if (end < 0)
                {
                    throw Broken();
                }
                built.Append(text, at, end - at);
                at = end + 1;
                if (text[end] == '"')
                {
                    return built.ToString();
                }
                built.Append(Escaped());
            }
        }

        private static readonly char[] Special = { '"', '\\' };

        private char Escaped()
        {
            if (at >= text.Length)
            {
                throw Broken();
            }
            var letter = text[at++];
            switch (letter)
            {
                case 'b':
                    return '\b';
                case 'f':
                    return '\f';
                case 'n':
                    return '\n';
                case 'r':
                    return '\r';
                case 't':
                    return '\t';
                case 'u':
                    if (at + 4 > text.Length)
                    {
                        throw Broken();
                    }
                    at += 4;
                    return (char)ushort.Parse(
                        text.Substring(at - 4, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                default:
                    return letter;
            }
        }

        private object Word()
        {
            var begin = at;
            while (at < text.Length && ",]} \n\r\t".IndexOf(text[at]) < 0)
            {
                at++;
            }
            var word = text.Substring(begin, at - begin);
            switch (word)
            {
                case "null":
                    return null;
                case "true":
                    return true;
                case "false":
                    return false;
            }
            long whole;
            if (long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out whole))
            {
                return whole;
            }
            double real;
            if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out real))
            {
                return real;
            }
            throw Broken();
        }

        internal static string Write(object value)
        {
            var text = new StringBuilder();
            Write(text, value);
            return text.ToString();
        }

        private static void Write(StringBuilder to, object value)
        {
            var text = value as string;
            var members = value as IDictionary<string, object>;
            var elements = value as System.Collections.IEnumerable;
            if (value == null)
            {
                to.Append("null");
            }
            else if (text != null)
            {
                WriteString(to, text);
            }
            else if (value is bool)
            {
                to.Append((bool)value ? "true" : "false");
            }
            else if (members != null)
            {
                var separator = "{";
                foreach (var member in members)
                {
                    to.Append(separator);
                    WriteString(to, member.Key);
                    to.Append(':');
                    Write(to, member.Value);
                    separator = ",";
                }
                to.Append(members.Count == 0 ? "{}" : "}");
            }
            else if (elements != null)
            {
                to.Append('[');
                var separator = "";
                foreach (var element in elements)
                {
                    to.Append(separator);
                    Write(to, element);
                    separator = ",";
                }
                to.Append(']');
            }
            else
            {
                to.Append(((IFormattable)value).ToString(value is double ? "R" : null, CultureInfo.InvariantCulture));
            }
        }

        private static void WriteString(StringBuilder to, string text)
        {
            to.Append('"');
            foreach (var letter in text)
            {
                if (letter == '"' || letter == '\\')
                {
                    to.Append('\\').Append(letter);
                }
                else if (letter < ' ')
                {
                    to.Append("\\u").Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture));
                }
                else
                {
                    to.Append(letter);
                }
            }
            to.Append('"');
        }
    }
}
