namespace Casewire
{
    /// <summary>Numbers of the binary interface. Generated from include/casewire.h by `cargo xtask header`: change it there.</summary>
    internal static class Abi
    {
        /// <summary>Version of the binary interface that this header describes. It changes only when programs must be compiled anew; until then functions, and fields at the end of structs that begin with `struct_size`, are only added.</summary>
        internal const uint AbiVersion = 0;
        /// <summary>Nothing to do until something is submitted, resolved or cancelled, or until an answer that is due is given.</summary>
        internal const uint StepIdle = 1;
        /// <summary>An operation is over. Needs no answer.</summary>
        internal const uint StepFinished = 2;
        /// <summary>Send a request. Answered with casewire_answer_set_http whatever ConnectWise's status is.</summary>
        internal const uint StepHttp = 3;
        /// <summary>Read or change records, as `json` says or as a casewire_memory_store does. Answered with casewire_answer_set_json.</summary>
        internal const uint StepStore = 4;
        /// <summary>Wait until casewire_step_deadline_ms. Answered with casewire_answer_set_done then or later.</summary>
        internal const uint StepTimer = 5;
        /// <summary>Take something over, as `json` says. Answered with casewire_answer_set_done once it is durable in the host.</summary>
        internal const uint StepDeliver = 6;
        /// <summary>Give the content that casewire_step_token names. Answered with casewire_answer_set_fetched.</summary>
        internal const uint StepFetch = 7;
        /// <summary>Stop working on the effect casewire_step_cancel_target, which needs no answer any more. Answered with casewire_answer_set_done.</summary>
        internal const uint StepCancel = 8;
        /// <summary>Not one byte of a request left: no address, no connection, its time had passed.</summary>
        internal const uint FailureNotSent = 1;
        /// <summary>The certificate or the TLS version was refused; nothing was sent.</summary>
        internal const uint FailureTls = 2;
        /// <summary>A request may have been performed, and no complete answer came. Where the host is not sure, it says this.</summary>
        internal const uint FailureUnanswered = 3;
        /// <summary>The answer is larger than casewire_step_http_max_answer.</summary>
        internal const uint FailureTooLarge = 4;
        /// <summary>The store, the delivery or the content failed.</summary>
        internal const uint FailureOther = 5;
        /// <summary>An attachment is not there any more, or has another length than the step says; nothing was sent.</summary>
        internal const uint FailureContent = 6;
        /// <summary>What ends the connector.</summary>
        internal const uint LogError = 1;
        /// <summary>What failed: an operation, or an effect, which may be tried again.</summary>
        internal const uint LogWarning = 2;
        /// <summary>Operations and deliveries.</summary>
        internal const uint LogInfo = 3;
        /// <summary>Requests and other effects, and what came of them.</summary>
        internal const uint LogDebug = 4;
    }
}
