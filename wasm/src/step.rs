//! What a poll gives.

use casewire::Poll;
use wasm_bindgen::prelude::wasm_bindgen;

/// What a poll gives: an effect, a finished operation, or the word that there is none.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Step {
    poll: Poll,
    json: String,
}

impl Step {
    pub(crate) fn new(poll: Poll) -> casewire::Result<Self> {
        let json = poll.to_json()?;
        Ok(Self { poll, json })
    }
}

#[wasm_bindgen]
impl Step {
    /// The step in its JSON form: `{"step": "effect", ...}`, `{"step": "finished", ...}` or `{"step": "idle", ...}`.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn json(&self) -> String {
        self.json.clone()
    }

    /// A copy of one piece of the request's body; nothing for an attachment, whose bytes the host has.
    #[must_use]
    pub fn body(&self, piece: usize) -> Option<Vec<u8>> {
        Some(self.poll.body_bytes(piece)?.to_vec())
    }
}
