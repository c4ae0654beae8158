use crate::{
    answer::casewire_answer,
    boundary::{self, Output, borrow, free, lock},
    error::casewire_error,
    status::casewire_status,
    step::casewire_step,
};
use casewire::{
    Code, Error,
    effect::{Answer, Failure, FailureKind, Request},
    store::{MemoryStore, Store},
};
use std::sync::Mutex;

/// A store that lasts as long as the process: for first programs, tests and dry runs. Any number of threads and
/// connectors may use it at the same time.
///
/// With it a restart forgets which ticket a case has, and what was unfinished: it does not go into production.
#[derive(Debug, Default)]
pub struct casewire_memory_store {
    records: Mutex<MemoryStore>,
}

/// Makes an empty store. It is the caller's, who frees it with casewire_memory_store_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_memory_store_new(
    store: *mut *mut casewire_memory_store,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            Output::new(store, "store")?.hand_out(casewire_memory_store::default());
            Ok(())
        })
    }
}

/// Performs a store effect and sets the answer to it.
///
/// Fails with CASEWIRE_STATUS_WRONG_ANSWER if the step is no store effect.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_memory_store_perform(
    store: *mut casewire_memory_store,
    step: *const casewire_step,
    answer: *mut casewire_answer,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let store = borrow(store, "store")?;
            let step = borrow(step, "step")?;
            let answer = borrow(answer, "answer")?;
            let Some(Request::Store(request)) = step.effect().map(|effect| &effect.request) else {
                let message = "the step is no store effect: give only CASEWIRE_STEP_STORE";
                return Err(Error::new(Code::WrongAnswer, message));
            };
            let result = lock(&store.records).perform(request);
            answer.set(match result {
                Ok(records) => Answer::Store(records),
                Err(why) => Answer::Failed(Failure::new(FailureKind::Other, why)),
            });
            Ok(())
        })
    }
}

/// Frees a store and forgets its records. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_memory_store_free(store: *mut casewire_memory_store) {
    // SAFETY: it is NULL or a store that the caller owns.
    unsafe { free(store) }
}
