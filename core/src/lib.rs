//! Connects security products with ConnectWise PSA: a case becomes a ticket, exactly once.

#![forbid(unsafe_code)]

mod case;
pub mod catalog;
mod company;
mod config;
mod decide;
mod decision;
mod delivery;
pub mod effect;
mod error;
pub mod json;
mod nearest;
mod preview;
mod runtime;
mod service;
mod settings;
#[cfg(test)]
mod shared;
mod template;
mod text;
mod time;

pub use case::*;
pub use company::*;
pub use config::*;
pub use decide::RouteExplanation;
pub use decision::*;
pub use delivery::*;
pub use error::{Code, Error, Fault, Result, pointer};
pub use preview::{
    CatalogFile, Directory, KnownConfiguration, KnownContact, PlannedCall, Preview, PreviewOutcome,
    preview,
};
pub use service::*;
pub use settings::Settings;
pub use time::{Span, Timestamp};
