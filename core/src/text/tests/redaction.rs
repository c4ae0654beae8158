use crate::text::redaction::{MaskPart, Pattern, Redacted, redact};
use proptest::prelude::*;

fn all() -> Vec<Pattern> {
    vec![
        Pattern::Email,
        Pattern::Ipv4,
        Pattern::Ipv6,
        Pattern::CreditCard,
        Pattern::CloudKey,
        Pattern::BearerToken,
        Pattern::PrivateKey,
        Pattern::Mask {
            name: "employee number".to_owned(),
            mask: MaskPart::read("EMP-####"),
        },
    ]
}

#[test]
fn each_pattern_finds_its_own_and_nothing_else() {
    for (given, left) in [
        ("mail it@bigdesign.com.", "mail (redacted: e-mail address)."),
        ("a.b+c@x.co.uk, d@e", "(redacted: e-mail address), d@e"),
        ("@handle and user@host", "@handle and user@host"),
        (
            "from 192.168.4.78:443 to 10.0.0.1.",
            "from (redacted: IP address):443 to (redacted: IP address).",
        ),
        (
            "version 1.2.3, 999.1.1.1, 1.2.3.4.5",
            "version 1.2.3, 999.1.1.1, 1.2.3.4.5",
        ),
        (
            "at 10:10:29 PM, std::vec, fe80::1 and ::1",
            "at 10:10:29 PM, std::vec, (redacted: IP address) and (redacted: IP address)",
        ),
        ("card 4111 1111 1111 1111!", "card (redacted: card number)!"),
        ("card 4111-1111-1111-1112", "card 4111-1111-1111-1112"),
        (
            "5500005555555559 378282246310005",
            "(redacted: card number) (redacted: card number)",
        ),
        (
            "id 201902074149, 12345678901234567890123",
            "id 201902074149, 12345678901234567890123",
        ),
        ("key AKIAIOSFODNN7EXAMPLE", "key (redacted: cloud key)"),
        (
            "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY x",
            "aws_secret_access_key = (redacted: cloud key) x",
        ),
        (
            "DefaultEndpointsProtocol=https;AccountKey=abcdefghijklmnopqrst==;x",
            "DefaultEndpointsProtocol=https;AccountKey=(redacted: cloud key);x",
        ),
        (
            "Authorization: Bearer abc.def-123",
            "Authorization: Bearer (redacted: token)",
        ),
        ("a basic idea of bearers", "a basic idea of bearers"),
        (
            "t=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc",
            "t=(redacted: token)",
        ),
        (
            "x -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- y",
            "x (redacted: private key) y",
        ),
        (
            "-----BEGIN PRIVATE KEY-----\nMIIE cut off",
            "(redacted: private key)",
        ),
        (
            "-----BEGIN CERTIFICATE-----\nMIIE",
            "-----BEGIN CERTIFICATE-----\nMIIE",
        ),
        (
            "emp-1234, EMP-12345, xEMP-1234",
            "(redacted: employee number), EMP-12345, xEMP-1234",
        ),
    ] {
        assert_eq!(redact(given, &all()).text, left, "{given}");
        assert_eq!(redact(given, &[]).text, given);
    }
    let redacted = redact("a@b.example c@d.example 10.0.0.1", &all());
    assert_eq!(
        Redacted::said(&redacted.counts).as_deref(),
        Some("redacted: 1 × IP address, 2 × e-mail address")
    );
    assert_eq!(Redacted::said(&redact("none", &all()).counts), None);
}

#[test]
fn time_is_linear() {
    let begin = std::time::Instant::now();
    for unit in [
        "@",
        "a@",
        "1.",
        ":",
        "f",
        "4 ",
        "4111-",
        "bearer ",
        "sig=",
        "-----BEGIN ",
        "eyJ",
        "EMP-",
        "a@b.",
        "sig",
    ] {
        let long = unit.repeat(400_000 / unit.len());
        let _ = redact(&long, &all());
        assert!(
            begin.elapsed().as_secs() < 60,
            "{unit} takes {:?}",
            begin.elapsed()
        );
    }
}

fn loaded() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a",
        "@",
        ".",
        "b.example",
        "1",
        "4111",
        " ",
        "-",
        "1111",
        ":",
        "::",
        "fe80",
        "10.0.0.1",
        "bearer ",
        "AKIAIOSFODNN7EXAMPLE",
        "sig=",
        "eyJ",
        "-----BEGIN ",
        "PRIVATE KEY-----",
        "-----END ",
        "\n",
        "é",
        "EMP-",
        "1234",
        "x",
        "=",
        "abcdefghijklmnopq",
        "4111111111111111",
    ]);
    prop::collection::vec(pieces, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn a_second_time_nothing_more_is_found(text in loaded(), any in any::<String>()) {
        for text in [text, any] {
            let once = redact(&text, &all()).text;
            prop_assert_eq!(&redact(&once, &all()).text, &once);
        }
    }

    #[test]
    fn what_is_found_is_gone(before in "[ a-z]{0,20}", after in "[ a-z]{0,20}") {
        for secret in [
            "it@bigdesign.com", "192.168.4.78", "4111 1111 1111 1111", "AKIAIOSFODNN7EXAMPLE", "fe80::dead:beef",
        ] {
            let text = format!("{before} {secret} {after}");
            prop_assert!(!redact(&text, &all()).text.contains(secret));
        }
    }
}
