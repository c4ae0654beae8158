//! casewire for browsers and Node.

use wasm_bindgen::prelude::wasm_bindgen;

/// Tells the package's version.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
