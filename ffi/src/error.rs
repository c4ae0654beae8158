use crate::{
    boundary::{free, value_or},
    status::{CASEWIRE_STATUS_OK, casewire_status},
    text::casewire_text,
};
use casewire::{Code, Error};

/// The details of a failure.
///
/// A function that fails makes one if its last argument, `error`, is not NULL; it is the caller's, who frees it with
/// casewire_error_free. It never changes, so any thread may read it.
#[derive(Debug)]
pub struct casewire_error {
    code: Code,
    retry: bool,
    message: String,
    json: String,
}

impl casewire_error {
    pub(crate) fn new(error: Error) -> Self {
        Self {
            code: error.code,
            retry: error.retry,
            message: error.to_string(),
            json: serde_json::to_string(&error).unwrap_or_default(),
        }
    }
}

/// Tells the status that the function returned which made the error; CASEWIRE_STATUS_OK for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_error_status(error: *const casewire_error) -> casewire_status {
    value_or(CASEWIRE_STATUS_OK, || {
        // SAFETY: it is NULL or an error of this library.
        let error = unsafe { error.as_ref() }?;
        Some(error.code.number())
    })
}

/// Tells what happened and what to do about it, with a line for each fault of an input that was refused; empty for NULL.
/// It holds no secret. The text lives until the error is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_error_message(error: *const casewire_error) -> casewire_text {
    value_or(casewire_text::EMPTY, || {
        // SAFETY: it is NULL or an error of this library.
        let error = unsafe { error.as_ref() }?;
        Some(casewire_text::of(&error.message))
    })
}

/// Gives the error as JSON: code, message, ConnectWise's own status, code and field, and every fault with its JSON
/// pointer and its fix; empty for NULL. The text lives until the error is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_error_json(error: *const casewire_error) -> casewire_text {
    value_or(casewire_text::EMPTY, || {
        // SAFETY: it is NULL or an error of this library.
        let error = unsafe { error.as_ref() }?;
        Some(casewire_text::of(&error.json))
    })
}

/// Tells whether the same call can succeed later without a change: 1 or 0; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_error_can_retry(error: *const casewire_error) -> u32 {
    value_or(0, || {
        // SAFETY: it is NULL or an error of this library.
        let error = unsafe { error.as_ref() }?;
        Some(u32::from(error.retry))
    })
}

/// Frees an error. NULL is fine. Not for errors that casewire_step_error lends.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_error_free(error: *mut casewire_error) {
    // SAFETY: it is NULL or an error that the caller owns.
    unsafe { free(error) }
}
