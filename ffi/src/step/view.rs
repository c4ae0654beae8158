use super::casewire_step;
use crate::{
    boundary::{self, borrow},
    error::casewire_error,
    extensible::{self, Extensible},
    status::casewire_status,
    text::{casewire_slice, casewire_text},
};
use casewire::effect::BodyPart;
use std::ptr;

/// A header of a request.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct casewire_header {
    /// Its name.
    pub name: casewire_text,
    /// Its value, which may be a key.
    pub value: casewire_text,
}

/// A piece of a request's body.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct casewire_piece {
    /// The bytes; nothing for an attachment, whose bytes the host has.
    pub bytes: casewire_slice,
    /// The token of the attachment that it is; empty for a piece of bytes.
    pub attachment: casewire_text,
    /// Its length in bytes.
    pub size: u64,
}

/// All that the functions of a step tell, for languages in which a call into C costs much. What does not fit the kind of the
/// step is 0 or an empty text. What it points to lives until the step is freed.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct casewire_step_view {
    /// sizeof(casewire_step_view).
    pub struct_size: usize,
    /// casewire_step_kind.
    pub kind: u32,
    /// Always 0.
    pub reserved: u32,
    /// casewire_step_effect_id.
    pub effect_id: u64,
    /// casewire_step_operation_id.
    pub operation_id: u64,
    /// casewire_step_ticket_id.
    pub ticket_id: u64,
    /// casewire_step_cancel_target.
    pub cancel_target: u64,
    /// casewire_step_deadline_ms.
    pub deadline_ms: i64,
    /// casewire_step_http_timeout_ms.
    pub http_timeout_ms: u64,
    /// casewire_step_http_max_answer.
    pub http_max_answer: u64,
    /// casewire_step_http_not_after_ms.
    pub http_not_after_ms: i64,
    /// casewire_step_body_size.
    pub body_size: u64,
    /// casewire_step_case_id.
    pub case_id: casewire_text,
    /// casewire_step_delivery_id.
    pub delivery_id: casewire_text,
    /// casewire_step_token.
    pub token: casewire_text,
    /// casewire_step_http_method.
    pub http_method: casewire_text,
    /// casewire_step_http_url.
    pub http_url: casewire_text,
    /// casewire_step_http_store_as.
    pub http_store_as: casewire_text,
    /// casewire_step_json of a store effect, a delivery and an operation that is over; empty for the others.
    pub json: casewire_text,
    /// The headers of a request.
    pub headers: *const casewire_header,
    /// How many there are.
    pub header_count: usize,
    /// The pieces of a request's body.
    pub pieces: *const casewire_piece,
    /// How many there are.
    pub piece_count: usize,
    /// casewire_step_error.
    pub error: *const casewire_error,
    /// casewire_step_operations_left.
    pub operations_left: usize,
    /// casewire_step_effects_left.
    pub effects_left: usize,
}

// SAFETY: it begins with its size; zero is a valid value of sizes, integers and pointers.
unsafe impl Extensible for casewire_step_view {
    const NAME: &'static str = "casewire_step_view";
    const FIRST_SIZE: usize = size_of::<Self>();
}

/// What a view has lists of.
pub(super) struct Lists {
    headers: Vec<casewire_header>,
    pieces: Vec<casewire_piece>,
}

// SAFETY: they point into the step that owns them, which never changes.
unsafe impl Send for Lists {}
// SAFETY: as above.
unsafe impl Sync for Lists {}

impl casewire_step {
    fn lists(&self) -> &Lists {
        self.lists.get_or_init(|| {
            let Some(request) = self.request() else {
                return Lists {
                    headers: Vec::new(),
                    pieces: Vec::new(),
                };
            };
            let headers = request.headers.iter().map(|header| casewire_header {
                name: casewire_text::of(header.name),
                value: casewire_text::of(&header.value),
            });
            let pieces = request.body.iter().map(|part| {
                let (bytes, attachment) = match part {
                    BodyPart::Bytes(bytes) => (casewire_slice::of(bytes), casewire_text::EMPTY),
                    BodyPart::Attachment { token, .. } => {
                        (casewire_slice::EMPTY, casewire_text::of(token))
                    }
                };
                casewire_piece {
                    bytes,
                    attachment,
                    size: part.len(),
                }
            });
            Lists {
                headers: headers.collect(),
                pieces: pieces.collect(),
            }
        })
    }

    fn view(&self) -> casewire_step_view {
        let mut view = casewire_step_view {
            struct_size: 0,
            kind: self.kind(),
            reserved: 0,
            effect_id: self.effect().map_or(0, |effect| effect.id.0),
            operation_id: self.operation().unwrap_or_default(),
            ticket_id: 0,
            cancel_target: 0,
            deadline_ms: 0,
            http_timeout_ms: 0,
            http_max_answer: 0,
            http_not_after_ms: i64::MAX,
            body_size: 0,
            case_id: casewire_text::EMPTY,
            delivery_id: casewire_text::EMPTY,
            token: casewire_text::EMPTY,
            http_method: casewire_text::EMPTY,
            http_url: casewire_text::EMPTY,
            http_store_as: casewire_text::EMPTY,
            json: casewire_text::EMPTY,
            headers: ptr::null(),
            header_count: 0,
            pieces: ptr::null(),
            piece_count: 0,
            error: ptr::null(),
            operations_left: 0,
            effects_left: 0,
        };
        self.tell(&mut view);
        if let Some(request) = self.request() {
            let Lists { headers, pieces } = self.lists();
            view.http_timeout_ms = request.timeout_ms;
            view.http_max_answer = request.max_answer;
            if let Some(time) = request.not_after {
                view.http_not_after_ms = time.millis();
            }
            view.body_size = pieces
                .iter()
                .fold(0, |sum, piece| piece.size.saturating_add(sum));
            view.http_method = casewire_text::of(request.method.as_str());
            view.http_url = casewire_text::of(&request.url);
            view.http_store_as = casewire_text::of(request.store_as.as_deref().unwrap_or_default());
            (view.headers, view.header_count) = (headers.as_ptr(), headers.len());
            (view.pieces, view.piece_count) = (pieces.as_ptr(), pieces.len());
        }
        view
    }
}

/// Fills in a view of a step: all that it tells, in one call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_step_read(
    step: *const casewire_step,
    view: *mut casewire_step_view,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let step = borrow(step, "step")?;
            extensible::write(view, &step.view())
        })
    }
}
