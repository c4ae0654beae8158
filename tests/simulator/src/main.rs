//! The simulator as a program, for hosts in other languages: `casewire-simulator --listen 127.0.0.1:8080`.
#![allow(
    clippy::print_stdout,
    reason = "a command line program speaks on stdout"
)]

use casewire_simulator::{COMPANY_ID, Options, PRIVATE_KEY, PUBLIC_KEY, Server};

const USAGE: &str = "usage: casewire-simulator [--listen ADDRESS:PORT]";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut options = Options::default();
    match arguments.as_slice() {
        [] => {}
        [flag, address] if flag == "--listen" => options.listen = address.parse()?,
        _ => return Err(USAGE.into()),
    }
    let server = Server::start(options)?;
    println!("ConnectWise PSA, simulated: {}", server.url());
    println!("company {COMPANY_ID}, public key {PUBLIC_KEY}, private key {PRIVATE_KEY}");
    loop {
        std::thread::park();
    }
}
