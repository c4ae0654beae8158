//! One use case a file, each of which reads like the steps of the vendor guides.

pub(crate) mod read_catalog;
pub(crate) mod test_connection;

pub use test_connection::{ConnectionPart, ConnectionReport, Part, PartState};
