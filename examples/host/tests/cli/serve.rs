//! `casewire serve`, as a process over loopback.

mod back;
mod callbacks;
mod intake;
mod killed;
mod life;
mod page;
mod pages;
mod running;
