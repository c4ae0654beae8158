//! The real core against the simulated instance, in one process and in virtual time.
//!
//! [`World`] is what outlives a host: the instance, the store, the files, the clock. [`World::live`] is one life of a host
//! over it, which a [`Blow`] may end or disturb at any effect.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "test support: what is not as it must be fails the test that asked"
)]

mod blow;
pub mod heimdal;
mod instance;
mod story;
mod world;

pub use blow::{Blow, BlowKind};
pub use instance::{Seen, SeenTicket};
pub use story::{STORIES, Story, case_document, configuration, document, submit};
pub use world::{Life, World};

/// The path of a published document that lies beside the project, in the folder `../shared` or the one that
/// `CASEWIRE_SHARED` names. Says so where it is not there.
#[must_use]
pub fn published(name: &str) -> Option<std::path::PathBuf> {
    let folder = std::env::var_os("CASEWIRE_SHARED").map_or_else(
        || concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").into(),
        std::path::PathBuf::from,
    );
    let path = folder.join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("NOT CHECKED: {name} does not lie beside the project");
    None
}
