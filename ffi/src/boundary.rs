//! What every entry point does: check pointers, catch panics, and turn an error into a status.

use crate::{error::casewire_error, status::casewire_status};
use casewire::{Code, Error, Result, Timestamp};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    ptr::NonNull,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Runs the body of an entry point that can fail, and tells the caller how it ended.
///
/// # Safety
///
/// `error` is NULL or may be written to.
pub(crate) unsafe fn status(
    error: *mut *mut casewire_error,
    body: impl FnOnce() -> Result<()>,
) -> casewire_status {
    let Err(failure) = caught(body) else {
        return crate::status::CASEWIRE_STATUS_OK;
    };
    let code = failure.code.number();
    if let Some(error) = NonNull::new(error) {
        let handle = Box::into_raw(Box::new(casewire_error::new(failure)));
        // SAFETY: it may be written to; what it held before was the caller's.
        unsafe { error.write(handle) };
    }
    code
}

/// Runs the body of an entry point that answers without a status: where it has no answer, the neutral one.
pub(crate) fn value_or<T>(neutral: T, body: impl FnOnce() -> Option<T>) -> T {
    caught(|| Ok(body())).ok().flatten().unwrap_or(neutral)
}

/// Makes an error of a panic.
///
/// What the body saw half done it must not leave behind: it either owns its values or marks them as unusable.
pub(crate) fn caught<T>(body: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|_| {
        Err(Error::new(
            Code::Internal,
            "casewire met a fault of its own and gave up this call: please report what its standard error says",
        ))
    })
}

/// Borrows what a handle points to.
///
/// # Errors
///
/// [`Code::NullPointer`].
///
/// # Safety
///
/// The pointer is NULL, or the handle was made by this library and is not freed during the call.
pub(crate) unsafe fn borrow<'a, T>(pointer: *const T, name: &str) -> Result<&'a T> {
    // SAFETY: this function asks for the same. Handles are shared, so only `&` is made of them.
    unsafe { pointer.as_ref() }.ok_or_else(|| null_pointer(name))
}

/// Takes back what a handle owns, and drops it. NULL is fine.
///
/// # Safety
///
/// The pointer is NULL, or the handle was made by this library from a box and is not used again.
pub(crate) unsafe fn free<T>(pointer: *mut T) {
    if pointer.is_null() {
        return;
    }
    // Nobody is left to be told of a panic in a destructor.
    let _ = caught(|| {
        // SAFETY: this function asks for the same.
        drop(unsafe { Box::from_raw(pointer) });
        Ok(())
    });
}

/// Where a result goes, checked before anything is done and written to only when all went well.
pub(crate) struct Output<T>(NonNull<T>);

impl<T> Output<T> {
    /// Takes the pointer of the caller.
    ///
    /// # Errors
    ///
    /// [`Code::NullPointer`].
    ///
    /// # Safety
    ///
    /// The pointer is NULL or may be written to during the call.
    pub(crate) unsafe fn new(pointer: *mut T, name: &str) -> Result<Self> {
        NonNull::new(pointer)
            .map(Self)
            .ok_or_else(|| null_pointer(name))
    }

    /// Writes the result.
    pub(crate) fn set(self, value: T) {
        // SAFETY: who made this value promised it.
        unsafe { self.0.write(value) }
    }
}

impl<T> Output<*mut T> {
    /// Writes a new handle.
    pub(crate) fn hand_out(self, value: T) {
        self.set(Box::into_raw(Box::new(value)));
    }
}

/// The refusal of a pointer.
pub(crate) fn null_pointer(name: &str) -> Error {
    Error::new(
        Code::NullPointer,
        format!("{name} is NULL: give a valid pointer"),
    )
}

/// Locks. A panic is caught before it reaches the lock's guard, so the mark that one left is of no meaning.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The time as the core has it.
pub(crate) fn time(now_ms: i64) -> Timestamp {
    Timestamp::from_millis(now_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_status() {
        let mut error = std::ptr::null_mut();
        // SAFETY: `error` may be written to.
        let status = unsafe { status(&raw mut error, || panic!("on purpose")) };
        assert_eq!(status, Code::Internal.number());
        assert!(!error.is_null());
        // SAFETY: it was made above.
        unsafe { free(error) };
        assert_eq!(value_or(7, || panic!("on purpose")), 7);
    }
}
