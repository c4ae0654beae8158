using System;

namespace Casewire
{
    /// <summary>A call or an operation failed. The subclasses are the ranges of the code: whose turn it is.</summary>
    public class CasewireException : Exception
    {
        internal CasewireException(int number, string message, bool canRetry, string json) : base(message)
        {
            Code = (ErrorCode)number;
            CanRetry = canRetry;
            Json = json;
        }

        /// <summary>What failed. A number that this enum does not name is of a newer library.</summary>
        public ErrorCode Code { get; }

        /// <summary>Whether the same call can succeed later without a change.</summary>
        public bool CanRetry { get; }

        /// <summary>
        /// The error as JSON: code, message, ConnectWise's own status, code and field, and every fault with its JSON pointer
        /// and its fix. It holds no secret.
        /// </summary>
        public string Json { get; }

        internal static CasewireException Of(int number, string message, bool canRetry, string json)
        {
            switch (number / 100)
            {
                case 1:
                    return new InputException(number, message, canRetry, json);
                case 2:
                    return new ConfigurationException(number, message, canRetry, json);
                case 3:
                    return new UsageException(number, message, canRetry, json);
                case 4:
                    return new ConnectWiseException(number, message, canRetry, json);
                case 5:
                    return new TransportException(number, message, canRetry, json);
                case 6:
                    return new StoreException(number, message, canRetry, json);
                case 7:
                    return new HostException(number, message, canRetry, json);
                default:
                    return new CasewireException(number, message, canRetry, json);
            }
        }

        internal static CasewireException Cancelled(string message)
        {
            return Of((int)ErrorCode.Cancelled, message, false, "{\"code\":\"cancelled\",\"retry\":false}");
        }
    }

    /// <summary>The input is not what was expected; nothing was begun (100 to 199).</summary>
    public sealed class InputException : CasewireException
    {
        internal InputException(int number, string message, bool canRetry, string json) : base(number, message, canRetry, json)
        {
        }
    }

    /// <summary>The configuration does not fit itself or the instance (200 to 299).</summary>
    public sealed class ConfigurationException : CasewireException
    {
        internal ConfigurationException(int number, string message, bool canRetry, string json) : base(number, message, canRetry, json)
        {
        }
    }

    /// <summary>The library was used in a way that it does not allow, or the host cancelled (300 to 399).</summary>
    public sealed class UsageException : CasewireException
    {
        internal UsageException(int number, string message, bool canRetry, string json) : base(number, message, canRetry, json)
        {
        }
    }

    /// <summary>ConnectWise refused or failed (400 to 499).</summary>
    public sealed class ConnectWiseException : CasewireException
    {
        internal ConnectWiseException(int number, string message, bool canRetry, string json) : base(number, message, canRetry, json)
        {
        }
    }

    /// <summary>A request or its answer was lost on the way (500 to 599).</summary>
    public sealed class TransportException : CasewireException
    {
        internal TransportException(int number, string message, bool canRetry, string json) : base(number, message, canRetry, json)
        {
        }
    }

    /// <summary>The store failed; nothing was sent (600 to 699).</summary>
    public sealed class StoreException : CasewireException
    {
        internal StoreException(int number, string message, bool canRetry, string json) : base(number, message, canRetry, json)
        {
        }
    }

    /// <summary>The host did not take or give what it was asked for (700 to 799).</summary>
    public sealed class HostException : CasewireException
    {
        internal HostException(int number, string message, bool canRetry, string json) : base(number, message, canRetry, json)
        {
        }
    }
}
