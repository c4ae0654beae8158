//! The WASM face of casewire: translates between JavaScript and the core, and decides nothing.
//!
//! What it exports is small and synchronous: a [`Connector`] with `submit`, `poll`, `resolve` and `cancel`, and checks that
//! need no connector. The ES modules in `package/` make promises of it.
//!
//! - Values of the core's types cross as JSON text, bodies as `Uint8Array`.
//! - Ids and times cross as `Number`. Ids grow by one from 1, so they stay exact for the first 2^53 of one connector, which
//!   nothing lives to see; `BigInt` could not go into JSON.
//! - What fails throws a `CasewireError` (`package/error.js`) that carries the core's whole error.
//! - The module imports nothing from `env`: no clock, no randomness, no I/O.

#[cfg(feature = "connector")]
mod connector;
mod error;
#[cfg(feature = "connector")]
mod number;
mod pure;
#[cfg(feature = "connector")]
mod step;

#[cfg(feature = "connector")]
pub use connector::Connector;
pub use error::CasewireError;
pub use pure::{preview, suggest_mappings, validate_case, validate_config};
#[cfg(feature = "connector")]
pub use step::Step;

use wasm_bindgen::prelude::wasm_bindgen;

/// The version of casewire.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
