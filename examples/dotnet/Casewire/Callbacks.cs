using System;
using System.Threading;

namespace Casewire
{
    /// <summary>Knows whether who calls is called by the connector itself, which would then wait for its own end.</summary>
    internal sealed class Callbacks
    {
        /// <summary>Whose callback this thread is in. It holds also for what a callback has go on in its place.</summary>
        [ThreadStatic]
        private static Callbacks onThread;

#if !NET45
        /// <summary>Whether an asynchronous callback is under way. .NET Framework 4.5 cannot tell after its first await.</summary>
        private readonly AsyncLocal<bool> isAwaited = new AsyncLocal<bool>();
#endif

        internal bool IsInside
        {
            get
            {
#if !NET45
                if (isAwaited.Value)
                {
                    return true;
                }
#endif
                return onThread == this;
            }
        }

        /// <summary>Calls the host.</summary>
        internal T Call<T>(Func<T> body)
        {
            var outer = onThread;
            onThread = this;
            try
            {
                return body();
            }
            finally
            {
                onThread = outer;
            }
        }

        /// <summary>Marks all that the caller awaits from here on, and what it calls.</summary>
        internal void BeginAwaited()
        {
#if !NET45
            isAwaited.Value = true;
#endif
        }
    }
}
