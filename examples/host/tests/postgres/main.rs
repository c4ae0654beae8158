//! The PostgreSQL store, against a server that each test starts for itself: `cargo xtask test --only postgres`.

#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod nodes;
mod program;
#[path = "../cli/serve/running.rs"]
#[allow(dead_code, reason = "the tests of the service use the rest")]
mod running;
mod server;
mod store;
#[path = "../cli/world.rs"]
#[allow(dead_code, reason = "the tests of the program use the rest")]
mod world;
