//! The C ABI of casewire: it translates, and holds no logic.
//!
//! One file per C class. The documentation of each item is that of the header, `include/casewire.h`, whose preamble
//! (`cbindgen.toml`) says what holds for all of them: who owns a pointer, how failures are told, what threads may do.
//!
//! # Safety
//!
//! Every `unsafe` block here that turns a pointer of the caller into a reference rests on the promise of that preamble:
//! a pointer that is not NULL points to what its type says, for as long as its documentation says.
#![allow(
    non_camel_case_types,
    reason = "the names are those of the C header, where types are written so"
)]
#![allow(
    clippy::missing_safety_doc,
    reason = "what every pointer must be is said once, in the header's preamble and above"
)]
#![deny(clippy::undocumented_unsafe_blocks)]

// The order of the modules is that of the header.
mod boundary;
mod extensible;

mod version;

mod text;

mod status;

mod error;

mod bytes;

mod document;

mod preview;

mod step;

mod answer;

mod log;

mod options;

mod connector;

mod memory_store;

mod host;

mod run;

pub use answer::*;
pub use bytes::*;
pub use connector::*;
pub use document::*;
pub use error::*;
pub use host::*;
pub use log::*;
pub use memory_store::*;
pub use options::*;
pub use preview::*;
pub use run::*;
pub use status::*;
pub use step::*;
pub use text::*;
pub use version::*;
