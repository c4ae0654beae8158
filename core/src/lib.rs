//! Connects security products with ConnectWise PSA: a case becomes a ticket, exactly once.

#![forbid(unsafe_code)]

mod case;
pub mod catalog;
mod company;
mod config;
mod decision;
mod delivery;
pub mod effect;
mod error;
pub mod json;
mod nearest;
mod runtime;
mod service;
mod template;
mod text;
mod time;

pub use case::*;
pub use company::*;
pub use config::*;
pub use decision::*;
pub use delivery::*;
pub use error::{Code, Error, Fault, Result, pointer};
pub use service::*;
pub use time::{Span, Timestamp};
