//! Ctrl-C: the first asks for a clean stop, the second stops at once.

use super::terminal;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Whether the user asked to stop.
#[derive(Clone, Debug, Default)]
pub(super) struct StopSign(Arc<AtomicBool>);

impl StopSign {
    /// Begins to listen for Ctrl-C and for the system's request to end.
    pub(super) fn listen() -> Self {
        let sign = Self::default();
        let raised = sign.clone();
        let listening = ctrlc::set_handler(move || {
            if raised.0.swap(true, Ordering::AcqRel) {
                std::process::exit(130);
            }
        });
        if let Err(error) = listening {
            terminal::say_aside(&format!("casewire: Ctrl-C cannot be caught: {error}"));
        }
        sign
    }

    pub(super) fn is_raised(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
