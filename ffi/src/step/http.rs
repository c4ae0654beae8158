use super::{ask, casewire_step};
use crate::text::{casewire_slice, casewire_text};
use casewire::effect::{BodyPart, Header};

/// Tells a request's method: `GET`, `POST`, `PATCH` or `DELETE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_http_method(step: *const casewire_step) -> casewire_text {
    let method = |step: &casewire_step| Some(casewire_text::of(step.request()?.method.as_str()));
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, casewire_text::EMPTY, method) }
}

/// Tells a request's absolute address, already encoded. Redirects are not to be followed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_http_url(step: *const casewire_step) -> casewire_text {
    let url = |step: &casewire_step| Some(casewire_text::of(&step.request()?.url));
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, casewire_text::EMPTY, url) }
}

/// Tells how many headers a request has. `Host` and `Content-Length` are not among them: they are the HTTP client's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_http_header_count(step: *const casewire_step) -> usize {
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, 0, |step| Some(step.request()?.headers.len())) }
}

fn header(step: &casewire_step, index: usize) -> Option<&Header> {
    step.request()?.headers.get(index)
}

/// Tells the name of a request's header, from 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_http_header_name(
    step: *const casewire_step,
    index: usize,
) -> casewire_text {
    let name = |step| Some(casewire_text::of(header(step, index)?.name));
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, casewire_text::EMPTY, name) }
}

/// Tells the value of a request's header, from 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_http_header_value(
    step: *const casewire_step,
    index: usize,
) -> casewire_text {
    let value = |step| Some(casewire_text::of(&header(step, index)?.value));
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, casewire_text::EMPTY, value) }
}

/// Tells how long the whole exchange may take, in milliseconds. After that it is answered as
/// CASEWIRE_FAILURE_UNANSWERED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_http_timeout_ms(step: *const casewire_step) -> u64 {
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, 0, |step| Some(step.request()?.timeout_ms)) }
}

/// Tells the largest body of an answer to read, in bytes. A larger one is answered as CASEWIRE_FAILURE_TOO_LARGE, which
/// casewire_answer_add_body does by itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_http_max_answer(step: *const casewire_step) -> u64 {
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, 0, |step| Some(step.request()?.max_answer)) }
}

/// Tells the name under which the host stores the body of an answer of 2xx, at most casewire_step_http_max_answer bytes of
/// it; empty for a request whose answer casewire reads itself. The HTTP client streams the body there and, once it is
/// durable, answers with casewire_answer_set_http, the headers and casewire_answer_set_stored in place of the body. An answer
/// of another status is handed over as any other. The name is made of letters, digits, `-`, `_`, `.` and `/`, and no part of
/// it is `.` or `..`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_http_store_as(step: *const casewire_step) -> casewire_text {
    let name = |step: &casewire_step| {
        let name = step.request()?.store_as.as_deref()?;
        Some(casewire_text::of(name))
    };
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, casewire_text::EMPTY, name) }
}

/// Tells until when a request may leave, in milliseconds since 1970; INT64_MAX where there is no such time. The HTTP
/// client looks at the clock right before it sends; what has not left by then must not leave at all and is answered as
/// CASEWIRE_FAILURE_NOT_SENT. casewire_connector_run looks before it calls `http`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_http_not_after_ms(step: *const casewire_step) -> i64 {
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe {
        ask(step, i64::MAX, |step| {
            Some(step.request()?.not_after?.millis())
        })
    }
}

/// Tells how many pieces a request's body has, which are sent one after the other; 0 for a request without a body.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_body_count(step: *const casewire_step) -> usize {
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, 0, |step| Some(step.request()?.body.len())) }
}

/// Tells the length of a request's whole body in bytes, attachments included: the `Content-Length`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_body_size(step: *const casewire_step) -> u64 {
    let size = |step: &casewire_step| {
        let sizes = step.request()?.body.iter().map(BodyPart::len);
        Some(sizes.fold(0, u64::saturating_add))
    };
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, 0, size) }
}

fn piece(step: &casewire_step, index: usize) -> Option<&BodyPart> {
    step.request()?.body.get(index)
}

/// Tells the length of one piece of a request's body in bytes, from 0. An attachment of another length is not sent, and
/// the request is answered as CASEWIRE_FAILURE_CONTENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_body_piece_size(
    step: *const casewire_step,
    index: usize,
) -> u64 {
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, 0, |step| Some(piece(step, index)?.len())) }
}

/// Lends the bytes of one piece of a request's body, from 0; nothing for an attachment, whose bytes the host has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_body_piece(
    step: *const casewire_step,
    index: usize,
) -> casewire_slice {
    let bytes = |step| match piece(step, index)? {
        BodyPart::Bytes(bytes) => Some(casewire_slice::of(bytes)),
        BodyPart::Attachment { .. } => None,
    };
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, casewire_slice::EMPTY, bytes) }
}

/// Tells the token of the attachment that one piece of a request's body is, from 0; empty for a piece of bytes. It is
/// the `token` that the case named, and the host streams the bytes that it stands for.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_body_attachment(
    step: *const casewire_step,
    index: usize,
) -> casewire_text {
    let token = |step| match piece(step, index)? {
        BodyPart::Attachment { token, .. } => Some(casewire_text::of(token)),
        BodyPart::Bytes(_) => None,
    };
    // SAFETY: the caller keeps the promises of the header about this argument.
    unsafe { ask(step, casewire_text::EMPTY, token) }
}
