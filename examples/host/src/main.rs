//! The program `casewire`.
fn main() {}
