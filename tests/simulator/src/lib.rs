//! ConnectWise PSA, simulated: its REST API, its faults and its technicians.
//!
//! [`Psa`] is the instance: a pure model that turns [`Request`]s into [`Response`]s, without I/O
//! and without a clock. The same seed and the same calls give the same answers.

mod body;
mod clock;
mod failure;
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
mod settings;
mod store;
mod table;
mod wire;

pub use psa::Psa;
pub use psa::callbacks::CallbackDelivery;
pub use security::{ApiMember, Level, Module, Role};
pub use settings::{
    API_MEMBER, BoardChange, COMPANY_ID, CallbackSuffix, CustomFieldsWrite, LengthUnit,
    LinkedTwice, PRIVATE_KEY, PUBLIC_KEY, Quirks, SelfSuppression, Settings, SubPath, TooLong,
    Wildcard,
};
pub use wire::{Request, Response};
