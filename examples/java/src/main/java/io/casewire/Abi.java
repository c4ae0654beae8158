package io.casewire;

/** Numbers of the binary interface. Generated from include/casewire.h by `cargo xtask header`: change it there. */
final class Abi {
    private Abi() {}

    /** Version of the binary interface that this header describes. It changes only when programs must be compiled anew; until then functions, and fields at the end of structs that begin with `struct_size`, are only added. */
    static final int ABI_VERSION = 0;

    /** Nothing to do until something is submitted, resolved or cancelled, or until an answer that is due is given. */
    static final int STEP_IDLE = 1;

    /** An operation is over. Needs no answer. */
    static final int STEP_FINISHED = 2;

    /** Send a request. Answered with casewire_answer_set_http whatever ConnectWise's status is. */
    static final int STEP_HTTP = 3;

    /** Read or change records, as `json` says or as a casewire_memory_store does. Answered with casewire_answer_set_json. */
    static final int STEP_STORE = 4;

    /** Wait until casewire_step_deadline_ms. Answered with casewire_answer_set_done then or later. */
    static final int STEP_TIMER = 5;

    /** Take something over, as `json` says. Answered with casewire_answer_set_done once it is durable in the host. */
    static final int STEP_DELIVER = 6;

    /** Give the content that casewire_step_token names. Answered with casewire_answer_set_fetched. */
    static final int STEP_FETCH = 7;

    /** Stop working on the effect casewire_step_cancel_target, which needs no answer any more. Answered with casewire_answer_set_done. */
    static final int STEP_CANCEL = 8;

    /** Not one byte of a request left: no address, no connection, its time had passed. */
    static final int FAILURE_NOT_SENT = 1;

    /** The certificate or the TLS version was refused; nothing was sent. */
    static final int FAILURE_TLS = 2;

    /** A request may have been performed, and no complete answer came. Where the host is not sure, it says this. */
    static final int FAILURE_UNANSWERED = 3;

    /** The answer is larger than casewire_step_http_max_answer. */
    static final int FAILURE_TOO_LARGE = 4;

    /** The store, the delivery or the content failed. */
    static final int FAILURE_OTHER = 5;

    /** An attachment is not there any more, or has another length than the step says; nothing was sent. */
    static final int FAILURE_CONTENT = 6;

    /** What ends the connector. */
    static final int LOG_ERROR = 1;

    /** What failed: an operation, or an effect, which may be tried again. */
    static final int LOG_WARNING = 2;

    /** Operations and deliveries. */
    static final int LOG_INFO = 3;

    /** Requests and other effects, and what came of them. */
    static final int LOG_DEBUG = 4;
}
