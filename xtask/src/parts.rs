//! What each part does.

pub(crate) mod bench;
pub(crate) mod boundary;
pub(crate) mod browser;
pub(crate) mod c;
pub(crate) mod contract;
pub(crate) mod dashboard;
pub(crate) mod demo;
pub(crate) mod dist;
pub(crate) mod dotnet;
pub(crate) mod fuzz;
pub(crate) mod go;
pub(crate) mod header;
pub(crate) mod java;
pub(crate) mod licences;
pub(crate) mod node;
pub(crate) mod postgres;
pub(crate) mod python;
pub(crate) mod rust;
pub(crate) mod sanitize;
pub(crate) mod schema;
pub(crate) mod tables;
pub(crate) mod wasm;
