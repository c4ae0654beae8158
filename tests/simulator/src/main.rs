//! Stands in for the simulator's program: answers everything with an empty object.
#![allow(
    clippy::print_stdout,
    reason = "a command line program speaks on stdout"
)]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args()
        .nth(2)
        .unwrap_or_else(|| "127.0.0.1:0".to_owned());
    let listener = TcpListener::bind(address)?;
    println!(
        "ConnectWise PSA simulator: http://{}",
        listener.local_addr()?
    );
    for stream in listener.incoming() {
        let mut stream = stream?;
        let mut line = String::new();
        let mut reader = BufReader::new(stream.try_clone()?);
        while reader.read_line(&mut line)? > 2 {
            line.clear();
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")?;
    }
    Ok(())
}
