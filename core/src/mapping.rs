//! Which company a group is, and which configuration a system is (rows M2 to M7; guide 000, sections 5 to 7).

mod record;

pub use record::*;
