//! Bugs that are planted between the core and the world: each must be found, or the simulation proves nothing.

use crate::simulation::Setting;
use casewire::effect::{
    Answer, Effect, Failure, FailureKind, HttpRequest, HttpResponse, Method, Request,
};
use casewire_simulator::API_MEMBER;
use serde_json::{Value, json};

/// A kind of bug, as a driver, a store or an instance would have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutant {
    /// The driver sends a POST again whose answer was lost.
    BlindRetry,
    /// The store says that a commit is durable, and makes it so only after the next request has left.
    ActsFirst,
    /// The store commits whatever is expected of the revisions.
    LostConflict,
    /// The driver hands an answer that an earlier connector waited for to the effect of its successor that has the same id.
    ReusedIds,
    /// What casewire wrote on a ticket comes back as a technician's.
    Echo,
    /// The address of a request holds the keys.
    LeakedKeys,
    /// The driver ignores that it was throttled, and says nothing of it.
    Unthrottled,
}

impl Mutant {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::BlindRetry,
        Self::ActsFirst,
        Self::LostConflict,
        Self::ReusedIds,
        Self::Echo,
        Self::LeakedKeys,
        Self::Unthrottled,
    ];

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BlindRetry => "blind-retry",
            Self::ActsFirst => "acts-first",
            Self::LostConflict => "lost-conflict",
            Self::ReusedIds => "reused-ids",
            Self::Echo => "echo",
            Self::LeakedKeys => "leaked-keys",
            Self::Unthrottled => "unthrottled",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mutant| mutant.name() == name)
    }
}

impl Setting {
    pub(super) fn has(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    /// What the driver makes of an answer.
    pub(super) fn tampered(&self, request: &HttpRequest, answer: Answer) -> Answer {
        match (self.mutant, answer) {
            (Some(Mutant::Echo), Answer::Http(response)) => Answer::Http(echoed(request, response)),
            (Some(Mutant::Unthrottled), Answer::Http(response)) if response.status == 429 => {
                Answer::Http(HttpResponse {
                    status: 500,
                    ..HttpResponse::default()
                })
            }
            (_, answer) => answer,
        }
    }
}

/// Whether a request would be sent once more without a thought.
pub(super) fn is_lost_post(request: &HttpRequest, answer: &Answer) -> bool {
    let lost = |failure: &Failure| failure.kind == FailureKind::Unanswered;
    request.method == Method::Post && matches!(answer, Answer::Failed(failure) if lost(failure))
}

/// An answer in which the notes of the API member are another's, under other ids.
fn echoed(request: &HttpRequest, mut response: HttpResponse) -> HttpResponse {
    let of_notes = request.method == Method::Get && request.url.to_lowercase().contains("notes");
    if !of_notes {
        return response;
    }
    let text = String::from_utf8_lossy(&response.body);
    let Ok(Value::Array(mut notes)) = serde_json::from_str(&text) else {
        return response;
    };
    for note in &mut notes {
        if note.to_string().contains(API_MEMBER)
            && let Some(id) = note["id"].as_i64()
        {
            let other = note.to_string().replace(API_MEMBER, "training.admin");
            *note = serde_json::from_str(&other).unwrap_or_default();
            note["id"] = json!(id + 1_000_000);
        }
    }
    response.body = Value::Array(notes).to_string().into_bytes();
    response
}

/// Puts the keys where a log of addresses has them.
pub(super) fn leak(effect: &mut Effect) {
    if let Request::Http(request) = &mut effect.request {
        let mut keys = request.headers.iter();
        let keys = keys.find(|header| header.name.eq_ignore_ascii_case("authorization"));
        if let Some(keys) = keys {
            let address = format!("{}&keys={}", request.url, keys.value);
            request.url = address;
        }
    }
}
