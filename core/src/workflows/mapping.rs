//! Which company a group is and which configuration a system is: set, taken out, listed, found automatically (guide 000,
//! sections 6 and 7).

pub(super) mod auto_map;
pub(super) mod customers;
pub(super) mod list;
pub(super) mod lookup;
pub(super) mod remove;
pub(super) mod set;
mod staging;
pub(super) mod suggest;
pub(super) mod table;
