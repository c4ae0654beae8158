use crate::{
    boundary::{self, borrow, free, value_or},
    extensible::{self, Extensible},
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

/// All that the functions of an error tell, for languages in which a call into C costs much. What it points to lives until
/// the error is freed.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct casewire_error_view {
    /// sizeof(casewire_error_view).
    pub struct_size: usize,
    /// casewire_error_status.
    pub status: casewire_status,
    /// casewire_error_can_retry.
    pub can_retry: u32,
    /// casewire_status_name of the status.
    pub name: casewire_text,
    /// casewire_error_message.
    pub message: casewire_text,
    /// casewire_error_json.
    pub json: casewire_text,
}

// SAFETY: it begins with its size; zero is a valid value of sizes, integers and pointers.
unsafe impl Extensible for casewire_error_view {
    const NAME: &'static str = "casewire_error_view";
    const FIRST_SIZE: usize = size_of::<Self>();
}

/// Fills in a view of an error: all that it tells, in one call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_error_read(
    failure: *const casewire_error,
    view: *mut casewire_error_view,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let failure = borrow(failure, "failure")?;
            let status = failure.code.number();
            let told = casewire_error_view {
                struct_size: 0,
                status,
                can_retry: u32::from(failure.retry),
                name: casewire_text::of(failure.code.name()),
                message: casewire_text::of(&failure.message),
                json: casewire_text::of(&failure.json),
            };
            extensible::write(view, &told)
        })
    }
}

/// Frees an error. NULL is fine. Not for errors that casewire_step_error lends.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_error_free(error: *mut casewire_error) {
    // SAFETY: it is NULL or an error that the caller owns.
    unsafe { free(error) }
}
