//! The core's error as a JavaScript exception.

use casewire::Error;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(raw_module = "./error.js")]
extern "C" {
    /// The class of every exception that casewire throws.
    #[derive(Debug)]
    pub type CasewireError;

    /// Makes the exception from the error's JSON form.
    #[wasm_bindgen(static_method_of = CasewireError, js_name = fromJson)]
    fn from_json(json: &str) -> CasewireError;
}

impl From<Error> for CasewireError {
    fn from(error: Error) -> Self {
        // An error is numbers, texts and lists of them: writing it cannot fail.
        Self::from_json(&serde_json::to_string(&error).unwrap_or_default())
    }
}
