package casewire

// #include "native.h"
import "C"

import "encoding/json"

// Error is why a call or an operation failed. errors.Is(err, casewire.CodeUnmappedGroup) asks for its code.
type Error struct {
	// Code keeps its number and its name for ever.
	Code Code
	// CanRetry tells whether the same may go well later without a change.
	CanRetry bool
	// Faults are all faults of an input that was refused.
	Faults []Fault
	// JSON is the whole error: also ConnectWise's own status, code and field. It holds no secret.
	JSON json.RawMessage

	message string
}

// Fault is one fault of an input.
type Fault struct {
	Code string `json:"code"`
	// Pointer is where: a JSON pointer into the input.
	Pointer string `json:"pointer"`
	Message string `json:"message"`
	// Fix is what to do about it.
	Fix string `json:"fix"`
}

// Error says what happened and what to do about it.
func (e *Error) Error() string {
	return e.message
}

// Is tells whether target is the error's code.
func (e *Error) Is(target error) bool {
	code, isCode := target.(Code)
	return isCode && code == e.Code
}

// Error names the code, such as unmapped_group. It makes a Code something that errors.Is can ask for.
func (c Code) Error() string {
	return string(text(C.casewire_status_name(C.casewire_status(c))))
}

// check makes an error of what a call failed with, and frees it.
func check(status C.casewire_status, failure *C.casewire_error) error {
	if status == C.CASEWIRE_STATUS_OK {
		return nil
	}
	defer C.casewire_error_free(failure)
	return errorOf(failure)
}

// errorOf reads an error, which stays its owner's.
func errorOf(failure *C.casewire_error) error {
	var view C.casewire_error_view
	view.struct_size = C.sizeof_casewire_error_view
	C.casewire_error_read(failure, &view, nil)
	err := &Error{
		Code:     Code(view.status),
		CanRetry: view.can_retry != 0,
		JSON:     text(view.json),
		message:  string(text(view.message)),
	}
	var document struct{ Faults []Fault }
	// What the library writes can be read; without faults there are none.
	if json.Unmarshal(err.JSON, &document) == nil {
		err.Faults = document.Faults
	}
	return err
}

func cancelled(message string) error {
	return &Error{Code: CodeCancelled, JSON: json.RawMessage(`{"code":"cancelled","retry":false}`), message: message}
}

// Kind is the class of a failure of the host.
type Kind uint32

// The kinds. Where a transport is not sure, it says KindUnanswered.
const (
	// KindNotSent is: not one byte of a request left.
	KindNotSent Kind = failureNotSent
	// KindTLS is: the certificate or the version was refused, and nothing was sent.
	KindTLS Kind = failureTls
	// KindUnanswered is: the request may have been performed, and no complete answer came.
	KindUnanswered Kind = failureUnanswered
	// KindTooLarge is: the answer is larger than it may be.
	KindTooLarge Kind = failureTooLarge
	// KindOther is: the store, the delivery or the content failed.
	KindOther Kind = failureOther
	// KindContent is: an attachment is not there any more, or has another length; nothing was sent.
	KindContent Kind = failureContent
)

// Failure is what a [Transport] fails with. Any other error of one counts as KindUnanswered.
type Failure struct {
	Kind Kind
	Err  error
}

// Error says why.
func (f *Failure) Error() string {
	return f.Err.Error()
}

// Unwrap gives the cause.
func (f *Failure) Unwrap() error {
	return f.Err
}
