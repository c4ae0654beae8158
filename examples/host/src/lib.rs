//! The reference host of casewire: what a product that embeds the connector has to bring, in Rust.
//!
//! - [`transport`]: HTTP with `ureq` and rustls;
//! - [`store`]: SQLite and PostgreSQL, where many small commits share one write to the disk;
//! - [`driver`]: the pump between them and a [`casewire::Connector`], with worker threads and without any logic;
//! - [`cli`]: the program `casewire` on top of it.

#![forbid(unsafe_code)]

pub mod cli;
pub mod clock;
pub mod driver;
pub mod store;
pub mod transport;
