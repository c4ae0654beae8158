//! The HTTP transport against small servers that misbehave.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use casewire::{
    Timestamp,
    effect::{BodyPart, Failure, FailureKind, Header, HttpRequest, HttpResponse, Method},
};
use casewire_host::{
    clock::now,
    transport::{HttpTransport, Transport},
};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

#[test]
fn an_answer_of_any_status_is_an_answer_and_no_redirect_is_followed() {
    for (status, reason) in [
        (200, "OK"),
        (404, "Not Found"),
        (302, "Found"),
        (503, "Busy"),
    ] {
        let server = Server::start(move |_, stream| {
            let head = format!(
                "HTTP/1.1 {status} {reason}\r\nLocation: http://127.0.0.1:9/\r\nRetry-After: 3\r\nContent-Length: 2\r\n\r\nhi"
            );
            stream.write_all(head.as_bytes()).is_ok()
        });
        let answer = send(&server.request(Method::Get)).unwrap();
        assert_eq!(answer.status, status);
        assert_eq!(answer.body, b"hi");
        assert_eq!(answer.header("retry-after"), Some("3"));
    }
}

#[test]
fn one_client_keeps_its_connection() {
    let server = Server::start(|_, stream| stream.write_all(OK).is_ok());
    let mut client = HttpTransport::new().client();
    for _ in 0..5 {
        client.send(&server.request(Method::Get)).unwrap();
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn what_never_left_is_not_sent() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", closed.local_addr().unwrap());
    drop(closed);
    assert_eq!(failure(&request(Method::Post, &url)), FailureKind::NotSent);
    let unknown = request(Method::Post, "https://no-such-host.invalid/");
    assert_eq!(failure(&unknown), FailureKind::NotSent);
}

#[test]
fn a_server_that_speaks_no_tls_is_a_tls_failure() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 64]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        let _ = stream.read(&mut [0; 64]);
    });
    let request = request(Method::Post, &url);
    assert_eq!(failure(&request), FailureKind::Tls);
}

#[test]
fn a_lost_cut_or_late_answer_is_unanswered() {
    let lost = Server::start(|_, _| false);
    assert_eq!(
        failure(&lost.request(Method::Post)),
        FailureKind::Unanswered
    );
    let cut = Server::start(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\nhalf");
        false
    });
    assert_eq!(failure(&cut.request(Method::Post)), FailureKind::Unanswered);
    let late = Server::start(|_, _| {
        thread::sleep(Duration::from_secs(2));
        false
    });
    let mut request = late.request(Method::Get);
    request.timeout_ms = 150;
    assert_eq!(failure(&request), FailureKind::Unanswered);
}

#[test]
fn an_answer_over_the_limit_is_too_large_with_and_without_a_length() {
    let told = Server::start(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n");
        stream.write_all(&[b'x'; 1001]).is_ok()
    });
    assert_eq!(failure(&told.request(Method::Get)), FailureKind::TooLarge);
    let untold = Server::start(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        while stream.write_all(b"3e8\r\n").is_ok() && stream.write_all(&[b'x'; 1000]).is_ok() {
            if stream.write_all(b"\r\n").is_err() {
                break;
            }
        }
        false
    });
    assert_eq!(failure(&untold.request(Method::Get)), FailureKind::TooLarge);
}

#[test]
fn a_write_does_not_leave_after_its_time() {
    let server = Server::start(|_, stream| stream.write_all(OK).is_ok());
    let mut request = server.request(Method::Post);
    request.not_after = Some(Timestamp::from_millis(now().millis() - 1));
    assert_eq!(failure(&request), FailureKind::NotSent);
    assert_eq!(server.connections(), 0);
    request.not_after = Some(now().after(Duration::from_secs(60)));
    assert_eq!(send(&request).unwrap().status, 200);
}

#[test]
fn a_body_is_streamed_from_its_pieces() {
    let server = Server::start(|body, stream| {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).is_ok() && stream.write_all(body).is_ok()
    });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reference.bin");
    let content: Vec<u8> = (0..300_000u32).map(|n| n.to_le_bytes()[0]).collect();
    std::fs::write(&path, &content).unwrap();
    let attachment = |size| BodyPart::Attachment {
        token: path.to_str().unwrap().to_owned(),
        size,
    };
    let mut request = server.request(Method::Post);
    request.max_answer = 1 << 20;
    request.body = vec![
        BodyPart::Bytes(Arc::from(b"before ".as_slice())),
        attachment(300_000),
        BodyPart::Bytes(Arc::from(b" after".as_slice())),
    ];
    let expected = [b"before ".as_slice(), &content, b" after"].concat();
    assert_eq!(send(&request).unwrap().body, expected);

    let before = server.connections();
    request.body = vec![attachment(299_999)];
    assert_eq!(failure(&request), FailureKind::Content);
    request.body = vec![BodyPart::Attachment {
        token: folder.path().to_str().unwrap().to_owned(),
        size: 0,
    }];
    assert_eq!(failure(&request), FailureKind::Content);
    assert_eq!(server.connections(), before);
}

#[test]
fn a_file_is_streamed_to_the_folder_and_an_error_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let content: Vec<u8> = (0..300_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    let sent = content.clone();
    let server = Server::start(move |_, stream| {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", sent.len());
        stream.write_all(head.as_bytes()).is_ok() && stream.write_all(&sent).is_ok()
    });
    let mut request = server.request(Method::Get);
    request.max_answer = 300_000;
    request.store_as = Some("acme-soc/document-77".to_owned());
    let mut client = HttpTransport::new().receiving(folder.path()).client();
    let answer = client.send(&request).unwrap();
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    assert_eq!(answer.stored.as_ref().unwrap().size, 300_000);
    let path = folder.path().join("acme-soc/document-77");
    assert_eq!(std::fs::read(&path).unwrap(), content);
    assert_eq!(
        send(&request).unwrap().stored,
        None,
        "without a folder nothing is stored"
    );

    request.max_answer = 299_999;
    let failed = client.send(&request).unwrap_err();
    assert_eq!(failed.kind, FailureKind::TooLarge);

    let missing = Server::start(|_, stream| {
        let answer = b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}";
        stream.write_all(answer).is_ok()
    });
    request.url = missing.url.clone();
    let answer = client.send(&request).unwrap();
    assert_eq!(
        (answer.status, answer.body.as_slice()),
        (404, b"{}".as_slice())
    );
    assert_eq!(answer.stored, None);
    assert_eq!(
        std::fs::read(&path).unwrap(),
        content,
        "what is there stays"
    );
}

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

struct Server {
    url: String,
    connections: Arc<AtomicUsize>,
}

impl Server {
    /// Answers each request with `answer`, which says whether the connection stays open.
    fn start(answer: impl Fn(&[u8], &mut TcpStream) -> bool + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let connections = Arc::new(AtomicUsize::new(0));
        let (count, answer) = (Arc::clone(&connections), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                count.fetch_add(1, Ordering::SeqCst);
                let answer = Arc::clone(&answer);
                thread::spawn(move || serve(&stream, answer.as_ref()));
            }
        });
        Self { url, connections }
    }

    fn request(&self, method: Method) -> HttpRequest {
        request(method, &self.url)
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

fn serve(stream: &TcpStream, answer: &dyn Fn(&[u8], &mut TcpStream) -> bool) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut writer = stream.try_clone().ok()?;
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        if !answer(&body, &mut writer) {
            return None;
        }
    }
}

fn request(method: Method, url: &str) -> HttpRequest {
    HttpRequest {
        method,
        url: url.to_owned(),
        headers: vec![Header {
            name: "authorization",
            value: "Basic c2VjcmV0".to_owned(),
        }],
        body: match method {
            Method::Post => vec![BodyPart::Bytes(Arc::from(b"{}".as_slice()))],
            _ => Vec::new(),
        },
        timeout_ms: 5_000,
        max_answer: 1_000,
        not_after: None,
        store_as: None,
    }
}

fn send(request: &HttpRequest) -> Result<HttpResponse, Failure> {
    HttpTransport::new().client().send(request)
}

fn failure(request: &HttpRequest) -> FailureKind {
    let failure = send(request).unwrap_err();
    assert!(!failure.message.contains("c2VjcmV0"), "{failure:?}");
    failure.kind
}
