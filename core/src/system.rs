//! ConnectWise's system module: callbacks, documents, server information, members, custom fields.

pub(crate) mod callbacks;
pub(crate) mod custom_fields;
pub(crate) mod documents;
pub(crate) mod info;
pub(crate) mod members;
