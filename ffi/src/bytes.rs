use crate::{
    boundary::{Output, free, value_or},
    text::casewire_text,
};
use casewire::Result;
use serde::Serialize;

/// A text that a function made for the caller, such as a preview as JSON. It is the caller's, who frees it with
/// casewire_bytes_free. It never changes, so any thread may read it.
#[derive(Debug)]
pub struct casewire_bytes {
    text: String,
}

impl Output<*mut casewire_bytes> {
    /// Writes a new text.
    pub(crate) fn hand_out_text(self, text: String) {
        self.hand_out(casewire_bytes { text });
    }

    /// Writes a value as JSON.
    ///
    /// # Errors
    ///
    /// None for the core's types, which can all be written.
    pub(crate) fn hand_out_json(self, value: &impl Serialize) -> Result<()> {
        let text = serde_json::to_string(value).map_err(|error| {
            casewire::Error::new(casewire::Code::Internal, format!("no JSON: {error}"))
        })?;
        self.hand_out_text(text);
        Ok(())
    }
}

/// Lends the text, which lives until it is freed; empty for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_bytes_text(bytes: *const casewire_bytes) -> casewire_text {
    value_or(casewire_text::EMPTY, || {
        // SAFETY: it is NULL or a text of this library.
        let bytes = unsafe { bytes.as_ref() }?;
        Some(casewire_text::of(&bytes.text))
    })
}

/// Frees a text. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_bytes_free(bytes: *mut casewire_bytes) {
    // SAFETY: it is NULL or a text that the caller owns.
    unsafe { free(bytes) }
}
