//! ConnectWise PSA, simulated: its REST API, its faults and its technicians.
//!
//! [`Psa`] is the instance: a pure model that turns [`Request`]s into [`Response`]s, without I/O
//! and without a clock. The same seed and the same calls give the same answers. [`Server`] puts an
//! instance on loopback, with faults that only a socket can have and a control endpoint for hosts
//! in other languages.

mod body;
mod clock;
#[cfg(feature = "contract")]
pub mod contract;
mod failure;
mod faults;
mod grammar;
mod list;
mod patch;
mod projection;
mod psa;
mod references;
mod route;
mod rules;
mod schema;
mod security;
mod server;
mod settings;
mod store;
mod table;
mod technician;
mod wire;

pub use faults::{Exchange, Fault, FaultRule, Match};
pub use psa::Psa;
pub use psa::callbacks::CallbackDelivery;
pub use security::{ApiMember, Level, Module, Role};
pub use server::{Clock, Options, Recorded, Server, Statistics};
pub use settings::{
    API_MEMBER, BoardChange, COMPANY_ID, CallbackSuffix, CustomFieldsWrite, ForeignStatus,
    LastLink, LengthUnit, LinkedTwice, PRIVATE_KEY, PUBLIC_KEY, Quirks, QuoteEscape, ReadOnlyName,
    SelfSuppression, Settings, SubPath, TooLong, Wildcard,
};
pub use technician::{Action, Done, NoteKind, Refusal, Technician};
pub use wire::{Request, Response};
