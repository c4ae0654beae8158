//! ConnectWise's system module: documents, server information, members, custom fields.

pub(crate) mod custom_fields;
pub(crate) mod documents;
pub(crate) mod info;
pub(crate) mod members;
