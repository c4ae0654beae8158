// Code generated from include/casewire.h by `cargo xtask header`. DO NOT EDIT.

package casewire

// Numbers of the binary interface.
const (
	// Version of the binary interface that this header describes. It changes only when programs must be compiled anew; until then functions, and fields at the end of structs that begin with `struct_size`, are only added.
	abiVersion = 0
	// Nothing to do until something is submitted, resolved or cancelled, or until an answer that is due is given.
	stepIdle = 1
	// An operation is over. Needs no answer.
	stepFinished = 2
	// Send a request. Answered with casewire_answer_set_http whatever ConnectWise's status is.
	stepHttp = 3
	// Read or change records, as `json` says or as a casewire_memory_store does. Answered with casewire_answer_set_json.
	stepStore = 4
	// Wait until casewire_step_deadline_ms. Answered with casewire_answer_set_done then or later.
	stepTimer = 5
	// Take something over, as `json` says. Answered with casewire_answer_set_done once it is durable in the host.
	stepDeliver = 6
	// Give the content that casewire_step_token names. Answered with casewire_answer_set_fetched.
	stepFetch = 7
	// Stop working on the effect casewire_step_cancel_target, which needs no answer any more. Answered with casewire_answer_set_done.
	stepCancel = 8
	// Not one byte of a request left: no address, no connection, its time had passed.
	failureNotSent = 1
	// The certificate or the TLS version was refused; nothing was sent.
	failureTls = 2
	// A request may have been performed, and no complete answer came. Where the host is not sure, it says this.
	failureUnanswered = 3
	// The answer is larger than casewire_step_http_max_answer.
	failureTooLarge = 4
	// The store, the delivery or the content failed.
	failureOther = 5
	// An attachment is not there any more, or has another length than the step says; nothing was sent.
	failureContent = 6
	// What ends the connector.
	logError = 1
	// What failed: an operation, or an effect, which may be tried again.
	logWarning = 2
	// Operations and deliveries.
	logInfo = 3
	// Requests and other effects, and what came of them.
	logDebug = 4
)
