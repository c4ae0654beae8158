using System;

namespace Casewire
{
    /// <summary>The class of a failure, which decides what is safe to do next.</summary>
    public enum Failure
    {
        /// <summary>Not one byte of the request left: no address, no connection, its time had passed.</summary>
        NotSent = (int)Abi.FailureNotSent,

        /// <summary>The certificate or the TLS version was refused; nothing was sent.</summary>
        Tls = (int)Abi.FailureTls,

        /// <summary>The request may have been performed, and no complete answer came. Where it is not sure, it is this.</summary>
        Unanswered = (int)Abi.FailureUnanswered,

        /// <summary>The answer is larger than it may be.</summary>
        TooLarge = (int)Abi.FailureTooLarge,

        /// <summary>An attachment is not there any more, or has another length than the case said; nothing was sent.</summary>
        Content = (int)Abi.FailureContent,

        /// <summary>The store, the delivery or the content failed.</summary>
        Other = (int)Abi.FailureOther,
    }

    /// <summary>Why a transport or a host's part of the work failed. What it says must hold no secret.</summary>
    public sealed class FailureException : Exception
    {
        /// <summary>Makes a failure.</summary>
        public FailureException(Failure failure, string message, Exception cause = null) : base(message, cause)
        {
            Failure = failure;
        }

        /// <summary>Its class.</summary>
        public Failure Failure { get; }
    }
}
