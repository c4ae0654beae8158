//! The C boundary: any sequence of calls that the header allows, with any content.

#![allow(
    clippy::undocumented_unsafe_blocks,
    reason = "every handle is made by the library and freed once, by `Bench`"
)]

use crate::{edits, worlds};
use arbitrary::{Result, Unstructured};
use casewire_boundary::*;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    ptr::{null, null_mut},
    sync::OnceLock,
};

const OK: casewire_status = 0;
const POISONED: casewire_status = 311;
const INTERNAL: casewire_status = 900;

/// What stands in an output before the call.
const UNTOUCHED: usize = 0x5a5a_5a58;

/// A program of calls keeps every promise of the header: a status that is known, with an error exactly where the call
/// failed and outputs exactly where it did not; ids that only grow; JSON that is JSON; and no fault of casewire's own.
pub(crate) fn boundary(input: &[u8]) {
    let mut bench = Bench::default();
    let mut input = Unstructured::new(input);
    for _ in 0..MOST_CALLS {
        if input.is_empty() || bench.call(&mut input).is_err() {
            break;
        }
    }
}

const MOST_CALLS: u32 = 400;

/// The handles of a program.
#[derive(Default)]
struct Bench {
    connectors: Vec<*mut casewire_connector>,
    steps: Vec<*mut casewire_step>,
    answers: Vec<*mut casewire_answer>,
    stores: Vec<*mut casewire_memory_store>,
    now: i64,
    /// The greatest id that each connector gave.
    ids: BTreeMap<*mut casewire_connector, u64>,
}

impl Drop for Bench {
    fn drop(&mut self) {
        unsafe {
            self.answers
                .drain(..)
                .for_each(|it| casewire_answer_free(it));
            self.connectors
                .drain(..)
                .for_each(|it| casewire_connector_free(it));
            self.stores
                .drain(..)
                .for_each(|it| casewire_memory_store_free(it));
            self.steps.drain(..).for_each(|it| casewire_step_free(it));
        }
    }
}

/// Makes a call, with a place for the error or without, and holds the status against the error.
fn checked(
    input: &mut Unstructured<'_>,
    call: impl FnOnce(*mut *mut casewire_error) -> casewire_status,
) -> Result<casewire_status> {
    if input.ratio(1, 8)? {
        let status = call(null_mut());
        is_known(status);
        return Ok(status);
    }
    let mut error = null_mut();
    let status = call(&raw mut error);
    is_known(status);
    assert_eq!(status == OK, error.is_null(), "{status}");
    unsafe {
        assert_eq!(casewire_error_status(error), status);
        let message = text_of(casewire_error_message(error));
        let json = text_of(casewire_error_json(error));
        if status != OK {
            assert!(!message.trim().is_empty(), "{status} says nothing");
            let said: Value = serde_json::from_str(json).expect("an error is JSON");
            assert!(said["code"].is_string(), "{said}");
        }
        casewire_error_free(error);
    }
    Ok(status)
}

/// Likewise, for a call that gives a handle.
fn made<T>(
    input: &mut Unstructured<'_>,
    call: impl FnOnce(*mut *mut T, *mut *mut casewire_error) -> casewire_status,
) -> Result<Option<*mut T>> {
    let untouched: *mut T = std::ptr::without_provenance_mut(UNTOUCHED);
    let mut output = untouched;
    let place = if input.ratio(1, 32)? {
        null_mut()
    } else {
        &raw mut output
    };
    let status = checked(input, |error| call(place, error))?;
    let is_made = status == OK;
    assert_eq!(is_made, output != untouched, "{status}");
    Ok(is_made.then_some(output))
}

fn is_known(status: casewire_status) {
    let name = text_of(casewire_status_name(status));
    assert!(!name.is_empty(), "{status} has no name");
    assert!(status != INTERNAL && status != POISONED, "{name}");
}

/// A text of the library's, which is UTF-8 and never NULL.
fn text_of<'a>(text: casewire_text) -> &'a str {
    assert!(!text.data.is_null());
    let bytes = unsafe { std::slice::from_raw_parts(text.data, text.size) };
    std::str::from_utf8(bytes).expect("UTF-8")
}

fn lent(bytes: &[u8]) -> casewire_text {
    casewire_text {
        data: bytes.as_ptr(),
        size: bytes.len(),
    }
}

fn slice(bytes: &[u8]) -> casewire_slice {
    casewire_slice {
        data: bytes.as_ptr(),
        size: bytes.len(),
    }
}

/// A text: any, or none where one has to be.
fn any_text(input: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    if input.ratio(1, 16)? {
        return Ok(vec![0xff, 0xfe]);
    }
    Ok(edits::text(input)?.into_bytes())
}

/// One of the handles, or NULL.
fn one_of<T>(handles: &[*mut T], input: &mut Unstructured<'_>) -> Result<*mut T> {
    if handles.is_empty() || input.ratio(1, 32)? {
        return Ok(null_mut());
    }
    Ok(handles[handles.len() - 1 - input.choose_index(handles.len())?])
}

/// Takes one of the handles away, or NULL, to free it.
fn taken<T>(handles: &mut Vec<*mut T>, input: &mut Unstructured<'_>) -> Result<*mut T> {
    if handles.is_empty() || input.ratio(1, 32)? {
        return Ok(null_mut());
    }
    let which = input.choose_index(handles.len())?;
    Ok(handles.swap_remove(which))
}

fn commands() -> &'static [Value] {
    static GOOD: OnceLock<Vec<Value>> = OnceLock::new();
    GOOD.get_or_init(|| {
        vec![
            json!({ "command": "submit_case", "case": worlds::case_document() }),
            json!({ "command": "read_catalog" }),
            json!({ "command": "poll" }),
            json!({ "command": "resume" }),
            json!({ "command": "health" }),
            json!({ "command": "due_tasks" }),
            json!({ "command": "test_connection" }),
            json!({ "command": "sync_ticket", "ticket": 909 }),
            json!({ "command": "reconcile", "repair": true }),
            json!({ "command": "submit_reference", "case_id": "10012" }),
            json!({ "command": "import", "what": ["companies"], "filter": {} }),
        ]
    })
}

fn configurations() -> &'static [Value] {
    static GOOD: OnceLock<Vec<Value>> = OnceLock::new();
    GOOD.get_or_init(|| vec![worlds::document()])
}

fn cases() -> &'static [Value] {
    static GOOD: OnceLock<Vec<Value>> = OnceLock::new();
    GOOD.get_or_init(|| vec![worlds::case_document()])
}

fn catalog() -> &'static str {
    static CATALOG: OnceLock<String> = OnceLock::new();
    CATALOG.get_or_init(|| serde_json::to_string(worlds::catalog()).expect("a catalog is JSON"))
}

impl Bench {
    /// Makes a call.
    fn call(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        match input.int_in_range(0..=15)? {
            0 => self.begin(input),
            1 | 2 => self.submit(input),
            3 => self.submit_case(input),
            4 | 5 => self.poll(input).map(drop),
            6 => self.ask(input),
            7 => self.answer(input),
            8 => self.resolve(input),
            9 => self.cancel(input),
            10 => self.free(input),
            11 => pure(input),
            _ => self.drive(input),
        }
    }

    fn begin(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        if self.connectors.len() >= 4 {
            return Ok(());
        }
        let config = edits::document(input, configurations())?;
        let (public, private, secret) = (any_text(input)?, any_text(input)?, any_text(input)?);
        let credentials = casewire_credentials {
            struct_size: size_of::<casewire_credentials>(),
            public_key: lent(&public),
            private_key: lent(&private),
        };
        let options = casewire_options {
            struct_size: size_of::<casewire_options>(),
            client_id: lent(b""),
            seed: input.arbitrary()?,
            callback_secret: lent(&secret),
            log: None,
            log_user_data: null_mut(),
            log_level: input.int_in_range(0..=5)?,
            reserved: 0,
        };
        let (with_keys, with_options) = (input.ratio(1, 2)?, input.ratio(1, 2)?);
        self.now = 1_549_847_234_000;
        let now = self.now;
        let connector = made(input, |output, error| unsafe {
            casewire_connector_new(
                lent(&config),
                if with_keys {
                    &raw const credentials
                } else {
                    null()
                },
                if with_options {
                    &raw const options
                } else {
                    null()
                },
                now,
                output,
                error,
            )
        })?;
        self.connectors.extend(connector);
        if self.stores.is_empty() {
            let store = made(input, |output, error| unsafe {
                casewire_memory_store_new(output, error)
            })?;
            self.stores.extend(store);
        }
        Ok(())
    }

    fn submit(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        let connector = one_of(&self.connectors, input)?;
        let command = edits::document(input, commands())?;
        let (now, mut operation) = (self.now, 0);
        let status = checked(input, |error| unsafe {
            casewire_connector_submit(connector, lent(&command), now, &raw mut operation, error)
        })?;
        self.grows(connector, status == OK, operation);
        Ok(())
    }

    fn submit_case(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        let connector = one_of(&self.connectors, input)?;
        let case = edits::document(input, cases())?;
        let (now, mut operation) = (self.now, 0);
        let status = checked(input, |error| unsafe {
            casewire_connector_submit_case(connector, lent(&case), now, &raw mut operation, error)
        })?;
        self.grows(connector, status == OK, operation);
        Ok(())
    }

    fn grows(&mut self, connector: *mut casewire_connector, is_made: bool, id: u64) {
        assert_eq!(is_made, id != 0);
        if is_made {
            let known = self.ids.entry(connector).or_default();
            assert!(id > *known, "{id} after {known}");
        }
    }

    /// Polls, and looks at all of what came.
    fn poll(&mut self, input: &mut Unstructured<'_>) -> Result<*mut casewire_step> {
        let connector = one_of(&self.connectors, input)?;
        self.now = self
            .now
            .saturating_add(input.int_in_range(-5_000..=60_000)?);
        let now = self.now;
        let step = made(input, |output, error| unsafe {
            casewire_connector_poll(connector, now, output, error)
        })?;
        let Some(step) = step else {
            return Ok(null_mut());
        };
        self.steps.push(step);
        look_at(step);
        Ok(step)
    }

    fn ask(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        let step = one_of(&self.steps, input)?;
        let answer = made(input, |output, error| unsafe {
            casewire_answer_new(step, output, error)
        })?;
        self.answers.extend(answer);
        Ok(())
    }

    fn answer(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        let answer = one_of(&self.answers, input)?;
        for _ in 0..input.int_in_range(1..=4)? {
            fill(answer, input)?;
        }
        let connector = one_of(&self.connectors, input)?;
        let now = self.now;
        checked(input, |error| unsafe {
            casewire_connector_answer(connector, answer, now, error)
        })?;
        Ok(())
    }

    fn resolve(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        let connector = one_of(&self.connectors, input)?;
        let forms = [
            json!({ "http": { "status": 200, "headers": [["content-type", "application/json"]] } }),
            json!({ "store": { "committed": { "revision": 7 } } }),
            json!({ "store": { "records": [null] } }),
            json!({ "store": "conflict" }),
            json!({ "done": {} }),
            json!({ "fetched": {} }),
            json!({ "failed": { "kind": "unanswered", "message": "x" } }),
        ];
        let form = edits::document(input, &forms)?;
        let body = any_text(input)?;
        let (id, now) = (input.int_in_range(0..=40)?, self.now);
        checked(input, |error| unsafe {
            casewire_connector_resolve(connector, id, lent(&form), slice(&body), now, error)
        })?;
        Ok(())
    }

    fn cancel(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        let connector = one_of(&self.connectors, input)?;
        let (id, now) = (input.int_in_range(0..=40)?, self.now);
        checked(input, |error| unsafe {
            casewire_connector_cancel(connector, id, now, error)
        })?;
        Ok(())
    }

    fn free(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        match input.int_in_range(0..=2)? {
            0 => {
                let connector = taken(&mut self.connectors, input)?;
                self.ids.remove(&connector);
                unsafe { casewire_connector_free(connector) };
            }
            1 => unsafe { casewire_step_free(taken(&mut self.steps, input)?) },
            _ => unsafe { casewire_answer_free(taken(&mut self.answers, input)?) },
        }
        Ok(())
    }

    /// Performs the next effect as a host does, so that programs come far; an HTTP answer has any content.
    fn drive(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        let step = self.poll(input)?;
        let kind = unsafe { casewire_step_kind(step) };
        let answer = made(input, |output, error| unsafe {
            casewire_answer_new(step, output, error)
        })?;
        let Some(answer) = answer else {
            return Ok(());
        };
        self.answers.push(answer);
        let store = self.stores.first().copied().unwrap_or(null_mut());
        match kind {
            CASEWIRE_STEP_STORE => {
                checked(input, |error| unsafe {
                    casewire_memory_store_perform(store, step, answer, error)
                })?;
            }
            CASEWIRE_STEP_HTTP => {
                let body = edits::document(input, &bodies())?;
                checked(input, |error| unsafe {
                    casewire_answer_set_http(answer, 200, error)
                })?;
                checked(input, |error| unsafe {
                    casewire_answer_add_body(answer, slice(&body), error)
                })?;
            }
            _ => {
                checked(input, |error| unsafe {
                    casewire_answer_set_done(answer, error)
                })?;
            }
        }
        for connector in self.connectors.clone() {
            let now = self.now;
            checked(input, |error| unsafe {
                casewire_connector_answer(connector, answer, now, error)
            })?;
        }
        Ok(())
    }
}

fn bodies() -> [Value; 3] {
    [
        json!([]),
        json!({ "CompanyName": "acme", "Codebase": "v2025_1/", "VersionCode": "v2025.1",
            "VersionNumber": "v2025.1.100", "CompanyID": "acme", "IsCloud": true,
            "SiteUrl": "api-na.myconnectwise.net" }),
        json!({ "id": 909, "summary": "x", "board": { "id": 1, "name": "Professional Services" },
            "status": { "id": 16, "name": "New (not responded)" }, "closedFlag": false }),
    ]
}

/// Calls everything that can be asked of a step.
fn look_at(step: *mut casewire_step) {
    unsafe {
        let kind = casewire_step_kind(step);
        assert!((CASEWIRE_STEP_IDLE..=CASEWIRE_STEP_CANCEL).contains(&kind));
        let json = text_of(casewire_step_json(step));
        let _: Value = serde_json::from_str(json).expect("a step is JSON");
        let is_effect = kind >= CASEWIRE_STEP_HTTP;
        assert_eq!(is_effect, casewire_step_effect_id(step) != 0);
        for text in [
            casewire_step_http_method(step),
            casewire_step_http_url(step),
            casewire_step_http_store_as(step),
            casewire_step_case_id(step),
            casewire_step_delivery_id(step),
            casewire_step_token(step),
        ] {
            text_of(text);
        }
        let headers = casewire_step_http_header_count(step);
        for index in 0..headers + 2 {
            let name = text_of(casewire_step_http_header_name(step, index));
            text_of(casewire_step_http_header_value(step, index));
            assert_eq!(index < headers, !name.is_empty());
        }
        let mut size = 0;
        for index in 0..casewire_step_body_count(step) {
            size += casewire_step_body_piece_size(step, index);
            text_of(casewire_step_body_attachment(step, index));
            assert!(!casewire_step_body_piece(step, index).data.is_null());
        }
        assert_eq!(size, casewire_step_body_size(step));
        casewire_step_operation_id(step);
        casewire_step_http_timeout_ms(step);
        casewire_step_http_max_answer(step);
        casewire_step_http_not_after_ms(step);
        casewire_step_ticket_id(step);
        casewire_step_deadline_ms(step);
        casewire_step_cancel_target(step);
        casewire_step_operations_left(step);
        casewire_step_effects_left(step);
        casewire_error_status(casewire_step_error(step));
    }
}

/// Sets or adds something in an answer.
fn fill(answer: *mut casewire_answer, input: &mut Unstructured<'_>) -> Result<()> {
    let text = any_text(input)?;
    let number: u32 = input.int_in_range(0..=700)?;
    let choice = input.int_in_range(0..=7)?;
    checked(input, |error| unsafe {
        match choice {
            0 => casewire_answer_set_http(answer, number, error),
            1 => casewire_answer_add_header(answer, lent(b"retry-after"), lent(&text), error),
            2 => casewire_answer_add_body(answer, slice(&text), error),
            3 => casewire_answer_set_stored(answer, number.into(), lent(&text), error),
            4 => casewire_answer_set_done(answer, error),
            5 => casewire_answer_set_fetched(answer, error),
            6 => casewire_answer_set_failed(answer, number % 9, lent(&text), error),
            _ => casewire_answer_set_json(answer, lent(&text), slice(&text), error),
        }
    })?;
    Ok(())
}

/// Functions that need no connector.
fn pure(input: &mut Unstructured<'_>) -> Result<()> {
    let config = edits::document(input, configurations())?;
    let case = edits::document(input, cases())?;
    let text = any_text(input)?;
    let choice = input.int_in_range(0..=7)?;
    if choice < 4 {
        checked(input, |error| unsafe {
            match choice {
                0 => casewire_config_validate(lent(&config), error),
                1 => casewire_case_validate(lent(&case), error),
                2 => casewire_callback_verify(lent(&config), lent(&text), lent(&text), error),
                _ => casewire_config_check(lent(&config), lent(catalog().as_bytes()), error),
            }
        })?;
        return Ok(());
    }
    let catalog = lent(catalog().as_bytes());
    let bytes = made(input, |output, error| unsafe {
        match choice {
            4 => casewire_config_preset(lent(&text), output, error),
            5 => casewire_case_preview(lent(&config), catalog, lent(&case), output, error),
            6 => casewire_case_replay(lent(&config), catalog, lent(&case), output, error),
            _ => casewire_config_drift(lent(&config), catalog, catalog, output, error),
        }
    })?;
    if let Some(bytes) = bytes {
        let text = text_of(unsafe { casewire_bytes_text(bytes) });
        let _: Value = serde_json::from_str(text).expect("a document is JSON");
        unsafe { casewire_bytes_free(bytes) };
    }
    Ok(())
}
