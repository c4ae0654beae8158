use crate::{
    answer::casewire_answer,
    boundary::null_pointer,
    extensible::{self, Extensible},
    step::casewire_step,
};
use casewire::{Result, Timestamp};
use std::{ffi::c_void, ptr};

/// Performs an effect and fills in the answer. Step and answer are lent until it returns.
pub type casewire_perform = Option<
    unsafe extern "C" fn(
        user_data: *mut c_void,
        step: *const casewire_step,
        answer: *mut casewire_answer,
    ),
>;

/// What the host does for casewire_connector_run, on the thread that runs it. No lock is held meanwhile: a callback may
/// call any function with any object, also with the connector that runs it. It must not throw or jump out.
///
/// A callback that performs an effect may leave the answer empty if it has answered the effect itself; otherwise an empty
/// answer counts as CASEWIRE_FAILURE_UNANSWERED for `http` and as CASEWIRE_FAILURE_OTHER for the others.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct casewire_host {
    /// sizeof(casewire_host).
    pub struct_size: usize,
    /// Given to every callback; casewire does nothing with it.
    pub user_data: *mut c_void,
    /// Tells the time in milliseconds since 1970. Required.
    pub now_ms: Option<unsafe extern "C" fn(user_data: *mut c_void) -> i64>,
    /// Sends the request of a CASEWIRE_STEP_HTTP and sets what the server answered. Required.
    pub http: casewire_perform,
    /// Performs a CASEWIRE_STEP_STORE. A commit is durable when it returns. Required.
    pub store: casewire_perform,
    /// Takes over a CASEWIRE_STEP_DELIVER and sets done once it is durable. Required.
    pub deliver: casewire_perform,
    /// Gives the content that a CASEWIRE_STEP_FETCH asks for. Without it no content is given.
    pub fetch: casewire_perform,
    /// Waits until the time `deadline_ms` and returns 0. It may return earlier, which is how another thread that has
    /// submitted, answered or cancelled something gets the run's attention. Any other value than 0 ends the run with
    /// CASEWIRE_STATUS_CANCELLED; the next run goes on where it stood. Required.
    pub wait_until: Option<unsafe extern "C" fn(user_data: *mut c_void, deadline_ms: i64) -> u32>,
    /// Is told of every operation that is over, with a CASEWIRE_STEP_FINISHED that is lent until it returns.
    pub finished: Option<unsafe extern "C" fn(user_data: *mut c_void, step: *const casewire_step)>,
}

// SAFETY: it begins with its size; zero is a valid value of a pointer and of an optional function.
unsafe impl Extensible for casewire_host {
    const NAME: &'static str = "casewire_host";
    const FIRST_SIZE: usize = size_of::<Self>();
}

type Perform = unsafe extern "C" fn(*mut c_void, *const casewire_step, *mut casewire_answer);

/// The host's callbacks, with all that are required.
#[derive(Debug)]
pub(crate) struct Host {
    user_data: *mut c_void,
    now_ms: unsafe extern "C" fn(*mut c_void) -> i64,
    wait_until: unsafe extern "C" fn(*mut c_void, i64) -> u32,
    finished: Option<unsafe extern "C" fn(*mut c_void, *const casewire_step)>,
    pub(crate) http: Perform,
    pub(crate) store: Perform,
    pub(crate) deliver: Perform,
    pub(crate) fetch: Option<Perform>,
}

impl Host {
    /// Reads the table.
    ///
    /// # Errors
    ///
    /// [`NullPointer`](casewire::Code::NullPointer) where it, or a required callback, is missing.
    ///
    /// # Safety
    ///
    /// It is as the header asks, and the callbacks stay callable as long as the result is in use.
    pub(crate) unsafe fn read(host: *const casewire_host) -> Result<Self> {
        // SAFETY: this function asks for the same.
        let host = unsafe { extensible::read(host) }?;
        let missing = |name: &'static str| move || null_pointer(name);
        Ok(Self {
            user_data: host.user_data,
            now_ms: host.now_ms.ok_or_else(missing("host.now_ms"))?,
            wait_until: host.wait_until.ok_or_else(missing("host.wait_until"))?,
            finished: host.finished,
            http: host.http.ok_or_else(missing("host.http"))?,
            store: host.store.ok_or_else(missing("host.store"))?,
            deliver: host.deliver.ok_or_else(missing("host.deliver"))?,
            fetch: host.fetch,
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        // SAFETY: who read the table promised that it is callable.
        Timestamp::from_millis(unsafe { (self.now_ms)(self.user_data) })
    }

    /// Whether to go on.
    pub(crate) fn wait_until(&self, deadline: Timestamp) -> bool {
        // SAFETY: who read the table promised that it is callable.
        unsafe { (self.wait_until)(self.user_data, deadline.millis()) == 0 }
    }

    pub(crate) fn finished(&self, step: &casewire_step) {
        if let Some(finished) = self.finished {
            // SAFETY: who read the table promised that it is callable.
            unsafe { finished(self.user_data, step) }
        }
    }

    pub(crate) fn perform(
        &self,
        callback: Perform,
        step: &casewire_step,
        answer: &casewire_answer,
    ) {
        // SAFETY: who read the table promised that it is callable.
        unsafe { callback(self.user_data, step, ptr::from_ref(answer).cast_mut()) }
    }
}
