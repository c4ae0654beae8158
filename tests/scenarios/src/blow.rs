use casewire_simulator::{Fault, Response};
use std::{fmt, time::Duration};

/// What goes wrong in a life, and at which of its effects or requests.
#[derive(Clone, Debug)]
pub struct Blow {
    /// Counted from 1: effects for a death and a failing store, requests for the rest.
    pub at: u64,
    /// What goes wrong.
    pub kind: BlowKind,
}

/// What goes wrong.
#[derive(Clone, Debug)]
pub enum BlowKind {
    /// The host dies with the effect not performed.
    DiesBefore,
    /// The host dies with the effect performed and not answered.
    DiesAfter,
    /// The host dies; the request is performed so much later, after the restart.
    DiesAndLandsLate(Duration),
    /// Another connector over the same store does all that this one was asked for, before the effect is performed.
    AnotherIsFirst,
    /// The store fails and changes nothing.
    StoreFails,
    /// Another connector changed the same records first: the commit is a conflict.
    Overtaken,
    /// The store commits and its answer is lost.
    StoreAnswerLost,
    /// The host's delivery fails.
    NotDelivered,
    /// The request cannot be sent.
    NotSent,
    /// The answer does not come, and the request is performed so much later, in this life.
    LandsLate(Duration),
    /// The instance's own fault.
    Instance(Fault),
    /// The instance answers, and another answer is made of that.
    Tampered {
        /// How.
        how: fn(Response, &[u8]) -> Response,
        /// From what.
        with: Vec<u8>,
    },
}

impl fmt::Display for Blow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at {}", self.kind, self.at)
    }
}
