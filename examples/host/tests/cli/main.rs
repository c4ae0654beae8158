//! The program, run as a process against a simulated instance.

mod interrupted;
mod reads;
mod refusals;
mod secrets;
mod sending;
mod world;
