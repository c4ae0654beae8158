//! The program, run as a process against a simulated instance.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod boards;
mod devices;
mod inbound;
mod interrupted;
mod map;
mod offline;
mod operation;
mod outbox;
mod reads;
mod refusals;
mod secrets;
mod sending;
#[cfg(unix)]
mod serve;
mod tls;
mod world;
