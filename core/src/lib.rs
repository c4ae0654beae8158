//! Connects security products with ConnectWise PSA: a case becomes a ticket, exactly once.

#![forbid(unsafe_code)]

mod api;
mod case;
pub mod catalog;
mod command;
mod company;
mod config;
mod credentials;
mod decision;
mod delivery;
pub mod effect;
mod error;
mod runtime;
mod service;
pub mod store;
mod system;
mod time;

pub use case::*;
pub use command::*;
pub use company::*;
pub use config::*;
pub use credentials::Credentials;
pub use decision::*;
pub use delivery::*;
pub use error::{Code, Error, Fault, Result, pointer};
pub use service::*;
pub use time::{Span, Timestamp};
