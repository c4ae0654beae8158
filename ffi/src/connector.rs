use crate::{
    answer::casewire_answer,
    boundary::{self, Output, borrow, caught, lock, null_pointer, time},
    error::casewire_error,
    log::{Log, Said},
    options::{casewire_credentials, casewire_options, read_credentials, read_options},
    status::casewire_status,
    step::casewire_step,
    text::{casewire_slice, casewire_text},
};
use casewire::{
    Case, Code, Command, Config, Connector, Error, Result, Timestamp,
    effect::{Answer, EffectId, OperationId},
};
use std::{
    collections::BTreeSet,
    mem,
    sync::{Arc, Mutex},
};

/// A connector between the host and one ConnectWise instance.
///
/// Any number of threads may use it at the same time. If casewire meets a fault of its own in a call, that call returns
/// CASEWIRE_STATUS_INTERNAL and every later one CASEWIRE_STATUS_POISONED; it can then only be freed, and a new connector
/// over the same store goes on.
#[derive(Debug)]
pub struct casewire_connector {
    state: Mutex<State>,
    /// Timers that runs have taken and not answered, the earliest first.
    timers: Mutex<BTreeSet<(Timestamp, EffectId)>>,
    /// Spoken to only while no lock is held.
    log: Log,
}

#[derive(Debug)]
enum State {
    Open(Box<Connector>),
    Poisoned,
    Freed,
}

impl casewire_connector {
    fn new(connector: Connector, log: Log) -> Self {
        Self {
            state: Mutex::new(State::Open(Box::new(connector))),
            timers: Mutex::default(),
            log,
        }
    }

    /// Lets nobody else use the connector while `body` does. A panic poisons it.
    fn with<T>(&self, body: impl FnOnce(&mut Connector) -> Result<T>) -> Result<T> {
        self.locked(body)
            .inspect_err(|error| self.log.refused(error))
    }

    fn locked<T>(&self, body: impl FnOnce(&mut Connector) -> Result<T>) -> Result<T> {
        let mut state = lock(&self.state);
        let connector = match &mut *state {
            State::Open(connector) => connector,
            State::Poisoned => {
                return Err(Error::new(
                    Code::Poisoned,
                    "the connector met a fault of its own before: free it and make a new one over the same store",
                ));
            }
            State::Freed => {
                let message = "the connector was freed while it ran: the next one over the same store goes on";
                return Err(Error::new(Code::Cancelled, message));
            }
        };
        let mut panicked = true;
        let result = caught(|| {
            let result = body(connector);
            panicked = false;
            Ok(result)
        });
        if panicked {
            Self::close(&mut state, State::Poisoned);
        }
        result?
    }

    /// Drops the connector. What it may meet on the way is nobody's any more.
    fn close(state: &mut State, end: State) {
        let old = mem::replace(state, end);
        let _ = caught(|| {
            drop(old);
            Ok(())
        });
    }

    pub(crate) fn poll(&self, now: Timestamp) -> Result<casewire_step> {
        let step = self.with(|connector| Ok(casewire_step::new(connector.poll(now))))?;
        self.log.polled(step.poll());
        Ok(step)
    }

    pub(crate) fn resolve(&self, effect: EffectId, answer: Answer, now: Timestamp) -> Result<()> {
        let said = Said::of(&answer);
        self.with(|connector| connector.resolve(effect, answer, now))?;
        self.log.answered(effect, &said);
        Ok(())
    }

    fn submit(&self, command: Command, now: Timestamp) -> Result<OperationId> {
        let operation = self.with(|connector| connector.submit(command, now))?;
        self.log.submitted(operation);
        Ok(operation)
    }

    fn cancel(&self, operation: OperationId, now: Timestamp) -> Result<()> {
        self.with(|connector| connector.cancel(operation, now))?;
        self.log.cancelled(operation);
        Ok(())
    }

    pub(crate) fn keep_timer(&self, deadline: Timestamp, effect: EffectId) {
        lock(&self.timers).insert((deadline, effect));
    }

    pub(crate) fn drop_timer(&self, effect: EffectId) {
        lock(&self.timers).retain(|(_, timer)| *timer != effect);
    }

    pub(crate) fn next_timer(&self) -> Option<(Timestamp, EffectId)> {
        lock(&self.timers).first().copied()
    }

    /// Keeps the connector alive beyond a `free` that comes while it is in use.
    ///
    /// # Safety
    ///
    /// The pointer is NULL, or the handle was made by this library and is not freed yet.
    pub(crate) unsafe fn share(pointer: *const Self) -> Result<Arc<Self>> {
        if pointer.is_null() {
            return Err(null_pointer("connector"));
        }
        // SAFETY: the handle owns one count, and this one is owned by what is returned.
        unsafe {
            Arc::increment_strong_count(pointer);
            Ok(Arc::from_raw(pointer))
        }
    }
}

/// Makes a connector. It begins by taking up what an earlier one over the same store left unfinished.
///
/// `config_json` is the configuration, without keys. `credentials` may be NULL: then the host adds the Authorization
/// header to every request itself, and casewire never sees a key. Keys are copied to memory that is overwritten when it
/// is freed; the caller may overwrite its own after the call. `options` may be NULL. `now_ms` is the time in milliseconds
/// since 1970, as everywhere. The connector is the caller's, who frees it with casewire_connector_free.
///
/// Refuses a bad configuration or bad keys with all faults at once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_connector_new(
    config_json: casewire_text,
    credentials: *const casewire_credentials,
    options: *const casewire_options,
    now_ms: i64,
    connector: *mut *mut casewire_connector,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let output = Output::new(connector, "connector")?;
            let config = Config::from_json(config_json.read("config_json")?.as_bytes())?;
            let credentials = read_credentials(credentials)?;
            let (options, log) = read_options(options)?;
            let connector = Connector::new(config, credentials, options, time(now_ms))?;
            let handle = Arc::new(casewire_connector::new(connector, log));
            output.set(Arc::into_raw(handle).cast_mut());
            Ok(())
        })
    }
}

/// Takes a command as JSON, such as `{"command": "submit_case", "case": {...}}`, and tells the id of its operation.
///
/// Refuses bad input with all faults at once; nothing was begun then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_connector_submit(
    connector: *mut casewire_connector,
    command_json: casewire_text,
    now_ms: i64,
    operation_id: *mut u64,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let connector = borrow(connector, "connector")?;
            let output = Output::new(operation_id, "operation_id")?;
            let command = Command::from_json(command_json.read("command_json")?.as_bytes())?;
            output.set(connector.submit(command, time(now_ms))?.0);
            Ok(())
        })
    }
}

/// Takes a case as JSON, as it is now, and tells the id of the operation that brings its ticket in step with it.
///
/// Refuses a bad case with all faults at once; nothing was begun then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_connector_submit_case(
    connector: *mut casewire_connector,
    case_json: casewire_text,
    now_ms: i64,
    operation_id: *mut u64,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let connector = borrow(connector, "connector")?;
            let output = Output::new(operation_id, "operation_id")?;
            let case = Case::from_json(case_json.read("case_json")?.as_bytes())?;
            let case = Box::new(case);
            let operation = connector.submit(Command::SubmitCase { case }, time(now_ms))?;
            output.set(operation.0);
            Ok(())
        })
    }
}

/// Gives the next step: an effect to perform, the end of an operation, or that there is nothing to do. It calls nothing
/// of the host. The step is the caller's, who frees it with casewire_step_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_connector_poll(
    connector: *mut casewire_connector,
    now_ms: i64,
    step: *mut *mut casewire_step,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let connector = borrow(connector, "connector")?;
            let output = Output::new(step, "step")?;
            output.hand_out(connector.poll(time(now_ms))?);
            Ok(())
        })
    }
}

/// Takes the answer to an effect. The answer's content is used up, however the call ends; the handle stays the caller's.
///
/// Fails with CASEWIRE_STATUS_STALE_EFFECT if the effect was answered before, was cancelled, or is not this connector's,
/// and with CASEWIRE_STATUS_WRONG_ANSWER if nothing was set in the answer or it does not fit the effect, which then still
/// waits for its answer. Nothing changes in these cases.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_connector_answer(
    connector: *mut casewire_connector,
    answer: *mut casewire_answer,
    now_ms: i64,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let connector = borrow(connector, "connector")?;
            let answer = borrow(answer, "answer")?;
            let content = answer.take().ok_or_else(|| {
                Error::new(
                    Code::WrongAnswer,
                    "the answer is empty: call one of casewire_answer_set_... before each use",
                )
            })?;
            connector.resolve(answer.effect(), content, time(now_ms))
        })
    }
}

/// Takes the answer to an effect in the JSON form that casewire_answer_set_json describes, with the body beside it. Both
/// are copied. For hosts that work with JSON throughout; it fails like casewire_connector_answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_connector_resolve(
    connector: *mut casewire_connector,
    effect_id: u64,
    answer_json: casewire_text,
    body: casewire_slice,
    now_ms: i64,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let connector = borrow(connector, "connector")?;
            let json = answer_json.read("answer_json")?;
            let body = body.read("body")?;
            let answer = Answer::from_json(json.as_bytes(), body.to_vec())?;
            connector.resolve(EffectId(effect_id), answer, time(now_ms))
        })
    }
}

/// Stops an operation. Its effects under way are cancelled; what it began in ConnectWise stays in the store and is taken
/// up again.
///
/// Fails with CASEWIRE_STATUS_UNKNOWN_OPERATION if there is none of that id, or it is over.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_connector_cancel(
    connector: *mut casewire_connector,
    operation_id: u64,
    now_ms: i64,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let connector = borrow(connector, "connector")?;
            connector.cancel(OperationId(operation_id), time(now_ms))
        })
    }
}

/// Frees a connector. NULL is fine. Nothing is lost: what is unfinished lies in the store.
///
/// No other call with it may be under way, but for casewire_connector_run: a callback may free the connector that runs
/// it, and the run then ends with CASEWIRE_STATUS_CANCELLED. Steps and answers stay valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_connector_free(connector: *mut casewire_connector) {
    if connector.is_null() {
        return;
    }
    // SAFETY: the handle owns one count, and is not used again.
    let connector = unsafe { Arc::from_raw(connector.cast_const()) };
    let mut state = lock(&connector.state);
    casewire_connector::close(&mut state, State::Freed);
}

/// Meets a fault on purpose, which poisons the connector: for the tests of hosts, and in no library that is shipped.
#[cfg(debug_assertions)]
#[allow(clippy::panic, reason = "that is what it is for")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_connector_provoke(
    connector: *mut casewire_connector,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: as for every function of the header.
    unsafe {
        boundary::status(error, || {
            borrow(connector, "connector")?.with(|_| -> Result<()> { panic!("on purpose") })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use casewire::{Credentials, Options};

    fn connector() -> casewire_connector {
        let config = Config::from_json(include_bytes!("../../examples/configuration.json"));
        let credentials = Credentials::added_by_host();
        let now = Timestamp::from_millis(0);
        let connector = Connector::new(config.unwrap(), credentials, Options::default(), now);
        casewire_connector::new(connector.unwrap(), Log::NONE)
    }

    #[test]
    fn a_panic_poisons_the_connector_and_nothing_else() {
        let (broken, sound) = (connector(), connector());
        let panicked = broken.with(|_| -> Result<()> { panic!("on purpose") });
        assert_eq!(panicked.unwrap_err().code, Code::Internal);
        let now = Timestamp::from_millis(0);
        assert_eq!(broken.poll(now).unwrap_err().code, Code::Poisoned);
        assert!(sound.poll(now).is_ok());
    }

    #[test]
    fn a_callback_crosses_with_its_bytes_as_they_were_received() {
        let connector = connector();
        let command = |body: &str| {
            let json = format!(
                r#"{{"command":"take_callback","callback":{{"body":"{body}","signature":"s","secret":"s"}}}}"#
            );
            Command::from_json(json.as_bytes())
        };
        let Ok(Command::TakeCallback { callback }) = command("/wAKIg==") else {
            panic!("it is a callback")
        };
        assert_eq!(callback.body, [255, 0, 10, 34]);
        let now = Timestamp::from_millis(0);
        let operation = connector.submit(command("/wAKIg==").unwrap(), now).unwrap();
        let finished = loop {
            let step = connector.poll(now).unwrap();
            match step.poll() {
                casewire::Poll::Finished(finished) => break finished.clone(),
                casewire::Poll::Effect(_) => {}
                casewire::Poll::Idle { .. } => panic!("it asks for nothing"),
            }
        };
        assert_eq!(finished.operation, operation);
        let json = serde_json::to_string(&finished).unwrap();
        assert!(
            json.contains(r#""kind":"callback","decision":"refused""#)
                && json.contains(r#""code":"missing_callback_secret""#),
            "{json}"
        );
        let refused = command("no base64").unwrap_err();
        assert!(refused.faults[0].message.contains("base64"), "{refused:?}");
    }

    #[test]
    fn handles_may_go_to_other_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<casewire_connector>();
        shared::<casewire_step>();
        shared::<casewire_answer>();
        shared::<casewire_error>();
        shared::<crate::casewire_memory_store>();
    }
}
