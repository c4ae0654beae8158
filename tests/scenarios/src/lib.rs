//! The real core against the simulated instance, in one process and in virtual time.
//!
//! [`World`] is what outlives a host: the instance, the store, the files, the clock. [`World::live`] is one life of a host
//! over it, which a [`Blow`] may end or disturb at any effect.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "test support: what is not as it must be fails the test that asked"
)]

pub mod arctic_wolf;
mod blow;
pub mod devices;
pub mod heimdal;
mod instance;
pub mod simulation;
mod story;
mod world;

pub use blow::{Blow, BlowKind};
pub use instance::{Seen, SeenTicket};
pub use story::{STORIES, Story, case_document, configuration, document, submit};
pub use world::{CALLBACK_SECRET, Life, RECEIVER, World};
