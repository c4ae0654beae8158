//! Stands in for the contract story: shows that Prism, at the URL in `CASEWIRE_PRISM`, answers.

use std::io::{Read, Write};
use std::net::TcpStream;

#[test]
fn prism_accepts_our_requests() {
    let url = std::env::var("CASEWIRE_PRISM").expect("CASEWIRE_PRISM names Prism's URL");
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET /system/info HTTP/1.1\r\nHost: {address}\r\nclientId: 1\r\n\
         Authorization: Basic YTpi\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}
