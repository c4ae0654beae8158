//! A site whose certificate comes from a company's own authority.

use crate::world::{Run, World};
use rustls::{ServerConfig, ServerConnection, StreamOwned, pki_types::PrivateKeyDer};
use serde_json::json;
use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    sync::Arc,
    thread,
};

#[test]
fn a_certificate_counts_where_the_system_trusts_its_authority() {
    let world = World::new();
    let key = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    world.write("authority.pem", &key.cert.pem());
    world.write(
        "other.pem",
        &rcgen::generate_simple_self_signed(["localhost".to_owned()])
            .unwrap()
            .cert
            .pem(),
    );
    let port = serve(&key);
    world.configure(|config| {
        config["connection"]["site"] = json!(format!("https://localhost:{port}"));
        config["connection"]["allow_insecure_loopback"] = json!(false);
    });
    for (authority, state) in [("authority.pem", "ok"), ("other.pem", "FAILED")] {
        let mut program = world.program(&["check", "--config", "acme.json"]);
        let program = program
            .env("SSL_CERT_FILE", world.path(authority))
            .env_remove("SSL_CERT_DIR");
        let run: Run = program.output().unwrap().into();
        let tls = run
            .stdout
            .lines()
            .find(|line| line.trim_start().starts_with("TLS"));
        assert!(
            tls.is_some_and(|line| line.contains(state)),
            "{}\n{}",
            run.stdout,
            run.stderr
        );
    }
}

/// Answers every request with `null`, which is what ConnectWise says of a company that it does not know.
fn serve(key: &rcgen::CertifiedKey<rcgen::KeyPair>) -> u16 {
    let private = PrivateKeyDer::try_from(key.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![key.cert.der().clone()], private)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            thread::spawn(move || answer(StreamOwned::new(connection, stream)));
        }
    });
    port
}

fn answer(stream: StreamOwned<ServerConnection, std::net::TcpStream>) {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    while stream.read_line(&mut line).is_ok_and(|count| count > 0) {
        if line == "\r\n" {
            let answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\nnull";
            if stream.get_mut().write_all(answer).is_err() {
                return;
            }
        }
        line.clear();
    }
}
