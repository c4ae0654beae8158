use crate::world::{Run, SEND, World, guide};
use casewire_simulator::{Fault, FaultRule, Match, PRIVATE_KEY, PUBLIC_KEY};

/// `acme+simulator-public:simulator-private` in base64.
const AUTHORIZATION: &str = "YWNtZStzaW11bGF0b3ItcHVibGljOnNpbXVsYXRvci1wcml2YXRl";

#[test]
fn no_key_is_in_any_output_or_in_the_store() {
    let world = World::new();
    world.cases(&guide());
    world.server.psa().add_fault(FaultRule {
        when: Match::default(),
        fault: Fault::Unauthorized,
        times: Some(1),
    });
    for level in ["trace", "debug"] {
        let mut arguments = SEND.to_vec();
        arguments.push("-vv");
        let run: Run = world
            .program(&arguments)
            .env("RUST_LOG", level)
            .output()
            .unwrap()
            .into();
        assert!(
            run.stderr.contains("POST") || run.stderr.contains("GET"),
            "{}",
            run.stderr
        );
        assert_clean("standard output", run.stdout.as_bytes());
        assert_clean("standard error", run.stderr.as_bytes());
    }
    for file in std::fs::read_dir(world.path(".")).unwrap() {
        let path = file.unwrap().path();
        assert_clean(&path.display().to_string(), &std::fs::read(&path).unwrap());
    }
}

fn assert_clean(what: &str, bytes: &[u8]) {
    for secret in [PUBLIC_KEY, PRIVATE_KEY, AUTHORIZATION] {
        let found = bytes
            .windows(secret.len())
            .any(|window| window == secret.as_bytes());
        assert!(!found, "{what} holds {secret}");
    }
}
