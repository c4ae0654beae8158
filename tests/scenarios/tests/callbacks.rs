//! Callbacks: the simulator's own are believed; every kind of forgery leads to no change, and to no request other than for a
//! signing key at ConnectWise itself.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a scenario fails by panicking"
)]

use casewire::{
    CallbackOutcome, CallbackRequest, CallbacksReport, Code, Command, Config, Outcome, TicketId,
    effect::Record,
};
use casewire_scenarios::{Life, RECEIVER, World, case_document, document, submit};
use casewire_simulator::{CallbackSuffix, Fault, FaultRule, Match, SelfSuppression};
use serde_json::{Value, json};
use std::time::Duration;

const KEY_PATH: &str = "/v2025_1//system/callbackkey/index.rails";

fn config(change: impl Fn(&mut Value)) -> Config {
    let mut document = document(true);
    document["callbacks"] = json!({ "url": RECEIVER });
    document["policies"] = json!({ "ticket_inbound": { "enabled": true } });
    change(&mut document);
    Config::from_json(document.to_string().as_bytes()).unwrap()
}

fn plain() -> Config {
    config(|_| {})
}

fn case() -> casewire::Case {
    casewire::Case::from_json(case_document("10012").to_string().as_bytes()).unwrap()
}

/// A world in which case 10012 has ticket 909 and ConnectWise tells of saved tickets.
fn told_of(quirks: impl Fn(&mut casewire_simulator::Quirks)) -> World {
    let mut world = World::new(1);
    quirks(&mut world.psa.settings.quirks);
    run(&mut world, &plain(), submit(vec![case()]));
    run(&mut world, &plain(), vec![ensure()]);
    world.psa.take_callbacks();
    world
}

fn ensure() -> Command {
    Command::EnsureCallbacks { url: None }
}

/// A life in which nothing fails.
fn run(world: &mut World, config: &Config, commands: Vec<Command>) -> Life {
    let life = world.live(config, commands, None).unwrap();
    for finished in &life.finished {
        assert!(finished.result.is_ok(), "{finished:#?}");
    }
    life
}

fn report(life: &Life) -> CallbacksReport {
    let outcome = life
        .finished
        .iter()
        .find_map(|finished| match &finished.result {
            Ok(Outcome::Callbacks(report)) => Some(report.as_ref().clone()),
            _ => None,
        });
    outcome.unwrap()
}

/// What came of the callbacks, in order.
fn decisions(life: &Life) -> Vec<CallbackOutcome> {
    let outcomes = life
        .finished
        .iter()
        .filter_map(|finished| match &finished.result {
            Ok(Outcome::Callback(outcome)) => Some(outcome.clone()),
            _ => None,
        });
    outcomes.collect()
}

fn take(callback: CallbackRequest) -> Command {
    Command::TakeCallback {
        callback: Box::new(callback),
    }
}

/// A technician saves the ticket; ConnectWise tells of it once.
fn saved(world: &mut World) -> CallbackRequest {
    let mut technician = world.psa.technician("training.admin");
    technician.set_status(909, "In Progress").unwrap();
    world.take_callbacks().pop().unwrap()
}

fn reread() -> CallbackOutcome {
    CallbackOutcome::Reread {
        ticket: TicketId(909),
    }
}

fn dump(world: &World) -> Vec<Record> {
    world.store.records().collect()
}

#[test]
fn a_genuine_callback_leads_to_one_reading_of_its_ticket() {
    let mut world = told_of(|_| {});
    let callback = saved(&mut world);
    let life = run(&mut world, &plain(), vec![take(callback)]);
    assert_eq!(decisions(&life), [reread()]);
    let ticket = life
        .finished
        .iter()
        .find_map(|finished| match &finished.result {
            Ok(Outcome::Ticket(outcome)) => Some(outcome.clone()),
            _ => None,
        });
    assert_eq!(ticket.unwrap().case_ids, ["10012"]);
    let of_the_ticket = |request: &&String| request.contains("/service/tickets/909?");
    assert_eq!(
        life.sent.iter().filter(of_the_ticket).count(),
        1,
        "{:?}",
        life.sent
    );
    assert!(
        life.sent[0].starts_with(&format!("GET {KEY_PATH}?")),
        "{:?}",
        life.sent
    );
}

#[test]
fn every_quirk_of_the_instance_is_lived_with() {
    for needs_client_id in [false, true] {
        for suffix in [CallbackSuffix::IdOnly, CallbackSuffix::IdAndAction] {
            for suppression in [
                SelfSuppression::Ignored,
                SelfSuppression::WhenTrue,
                SelfSuppression::WhenFalse,
            ] {
                let mut world = told_of(|quirks| {
                    quirks.signing_key_needs_client_id = needs_client_id;
                    quirks.callback_suffix = suffix;
                    quirks.self_suppression = suppression;
                });
                let callback = saved(&mut world);
                let life = run(&mut world, &plain(), vec![take(callback)]);
                assert_eq!(decisions(&life), [reread()]);
            }
        }
    }
}

#[test]
fn a_burst_and_its_copies_lead_to_one_key_and_two_readings_at_most() {
    let mut world = told_of(|_| {});
    let mut burst: Vec<CallbackRequest> = (0..5).map(|_| saved(&mut world)).collect();
    burst.extend(burst.clone());
    burst.reverse();
    let life = run(&mut world, &plain(), burst.into_iter().map(take).collect());
    let decisions = decisions(&life);
    assert_eq!(
        decisions.iter().filter(|it| **it == reread()).count(),
        5,
        "{decisions:?}"
    );
    let count = |what: &str| {
        life.sent
            .iter()
            .filter(|request| request.contains(what))
            .count()
    };
    assert_eq!(count("callbackkey"), 1);
    // What is saved while the ticket is being read leads to one more reading, and to no third.
    assert!(count("/service/tickets/909?") <= 2, "{:?}", life.sent);
}

#[test]
fn a_copy_is_known_after_a_restart_and_before_any_request() {
    let mut world = told_of(|_| {});
    let callback = saved(&mut world);
    run(&mut world, &plain(), vec![take(callback.clone())]);
    let before = dump(&world);
    let life = run(&mut world, &plain(), vec![take(callback)]);
    assert!(matches!(
        &decisions(&life)[..],
        [CallbackOutcome::Ignored { .. }]
    ));
    assert_eq!((life.sent, dump(&world)), (Vec::new(), before));
}

#[test]
fn a_deletion_is_told_without_an_entity() {
    let mut world = told_of(|_| {});
    world.psa.technician("training.admin").delete(909).unwrap();
    let callback = world.take_callbacks().pop().unwrap();
    let life = world.live(&plain(), vec![take(callback)], None).unwrap();
    assert_eq!(decisions(&life), [reread()]);
}

#[test]
fn of_a_ticket_without_a_case_nothing_is_asked() {
    let mut world = told_of(|_| {});
    let fields = json!({
        "summary": "made by hand", "company": { "identifier": "BigDesign" },
        "board": { "name": "Professional Services" },
    });
    let mut technician = world.psa.technician("training.admin");
    technician
        .create_ticket(fields.as_object().unwrap())
        .unwrap();
    let callback = world.take_callbacks().pop().unwrap();
    let before = dump(&world);
    let life = run(&mut world, &plain(), vec![take(callback)]);
    assert!(
        matches!(&decisions(&life)[..], [CallbackOutcome::Ignored { why }] if why.contains("no case"))
    );
    assert_eq!((life.sent, dump(&world)), (Vec::new(), before));
}

/// A callback that someone made up or changed.
struct Forgery {
    body: Value,
    /// The bytes, where they are not those of `body`.
    raw: Option<Vec<u8>>,
    signature: Signature,
    secret: String,
}

enum Signature {
    /// Made with the instance's key, as if that had leaked.
    Genuine,
    Of(Vec<u8>),
    Is(Option<String>),
}

impl Forgery {
    fn key_url(&mut self, url: impl Into<String>) {
        self.body["Metadata"]["key_url"] = json!(url.into());
    }

    /// The genuine address, with another origin.
    fn at(&mut self, origin: &str) {
        let url = self.body["Metadata"]["key_url"].as_str().unwrap();
        let below = url.split_once(".net").unwrap().1.to_owned();
        self.key_url(format!("{origin}{below}"));
    }

    fn replace_in_url(&mut self, from: &str, to: &str) {
        let url = self.body["Metadata"]["key_url"].as_str().unwrap();
        assert!(url.contains(from), "{url}");
        let url = url.replace(from, to);
        self.key_url(url);
    }

    fn raw(&mut self, change: impl Fn(Vec<u8>) -> Vec<u8>) {
        self.raw = Some(change(self.body.to_string().into_bytes()));
    }
}

/// What a forgery comes to, and whether the key of the tenant may have been asked for.
enum Comes {
    Refused(Code),
    /// The key is fetched at the configured site, and then it is refused.
    AfterTheKey(Code),
    Ignored,
}

type Kind = (&'static str, Comes, fn(&mut Forgery));

fn kinds() -> Vec<Kind> {
    use Comes::{AfterTheKey, Ignored, Refused};
    let signature = || AfterTheKey(Code::CallbackSignature);
    let address = || Refused(Code::SigningKeyAddress);
    let malformed = || Refused(Code::CallbackMalformed);
    let secret = || Refused(Code::CallbackSecretWrong);
    vec![
        // The path.
        ("without a secret", secret(), |f| f.secret.clear()),
        ("with a guessed secret", secret(), |f| {
            f.secret = "0".repeat(64)
        }),
        ("with the secret cut short", secret(), |f| {
            f.secret.truncate(63)
        }),
        ("with the secret and a slash", secret(), |f| {
            f.secret.push('/')
        }),
        ("with the secret in upper case", secret(), |f| {
            f.secret.make_ascii_uppercase()
        }),
        ("with the secret and the query", secret(), |f| {
            f.secret.push_str("?recordId=909")
        }),
        ("with the secret of another instance", secret(), |f| {
            f.secret = path_secret("acme-soc-2", "acme");
        }),
        ("with the secret of another company", secret(), |f| {
            f.secret = path_secret("acme-soc", "evilcorp");
        }),
        // The signature.
        (
            "with two signatures",
            Refused(Code::CallbackSignature),
            |f| {
                f.signature = Signature::Is(Some(format!("{0}=,{0}=", "A".repeat(43))));
            },
        ),
        (
            "with a signature in hexadecimal",
            Refused(Code::CallbackSignature),
            |f| {
                f.signature = Signature::Is(Some("0".repeat(64)));
            },
        ),
        ("with a blank before the signature", signature(), |f| {
            f.signature = Signature::Is(Some(format!(" {}=", "A".repeat(43))));
        }),
        ("unsigned", Refused(Code::CallbackSignature), |f| {
            f.signature = Signature::Is(None)
        }),
        (
            "with an empty signature",
            Refused(Code::CallbackSignature),
            |f| {
                f.signature = Signature::Is(Some(String::new()));
            },
        ),
        (
            "with a signature that is no base64",
            Refused(Code::CallbackSignature),
            |f| {
                f.signature = Signature::Is(Some("*".repeat(44)));
            },
        ),
        (
            "with a signature cut short",
            Refused(Code::CallbackSignature),
            |f| {
                f.signature = Signature::Is(Some("AAAA".to_owned()));
            },
        ),
        (
            "with a huge signature",
            Refused(Code::CallbackSignature),
            |f| {
                f.signature = Signature::Is(Some("A".repeat(1 << 20)));
            },
        ),
        ("with a signature of zeros", signature(), |f| {
            f.signature = Signature::Is(Some(format!("{}=", "A".repeat(43))));
        }),
        ("with the signature of another body", signature(), |f| {
            f.signature = Signature::Of(b"{}".to_vec());
        }),
        (
            "with another action under the old signature",
            signature(),
            |f| {
                f.signature = Signature::Of(f.body.to_string().into_bytes());
                f.body["Action"] = json!("deleted");
            },
        ),
        (
            "with a new message id under the old signature",
            signature(),
            |f| {
                f.signature = Signature::Of(f.body.to_string().into_bytes());
                f.body["MessageId"] = json!("another");
            },
        ),
        ("with a blank behind the body", signature(), |f| {
            f.signature = Signature::Of(f.body.to_string().into_bytes());
            f.raw(|mut body| {
                body.push(b' ');
                body
            });
        }),
        // The body.
        ("empty", malformed(), |f| f.raw(|_| Vec::new())),
        ("of random bytes", malformed(), |f| {
            f.raw(|_| (0..=255).collect())
        }),
        ("truncated", malformed(), |f| {
            f.raw(|body| body[..body.len() / 2].to_vec())
        }),
        ("oversized", Refused(Code::CallbackTooLarge), |f| {
            f.body["Entity"] = json!("x".repeat(1 << 20));
        }),
        ("nested deeply", malformed(), |f| {
            f.raw(|_| "[".repeat(100_000).into_bytes())
        }),
        ("a list of callbacks", malformed(), |f| {
            f.raw(|body| [b"[", &body[..], b"]"].concat())
        }),
        ("with a company twice", malformed(), |f| {
            f.raw(|body| [br#"{"CompanyId":"acme","#, &body[1..]].concat());
        }),
        ("with an id in two spellings", malformed(), |f| {
            f.body["Id"] = json!(910)
        }),
        ("with two addresses of keys", malformed(), |f| {
            f.body["Metadata"]["Key_Url"] = json!("https://evil.example");
        }),
        ("without an id", malformed(), |f| f.body["ID"] = json!(null)),
        ("with a negative id", malformed(), |f| {
            f.body["ID"] = json!(-909)
        }),
        ("with a path for an id", malformed(), |f| {
            f.body["ID"] = json!("909/../../companies/1")
        }),
        ("with a fraction for an id", malformed(), |f| {
            f.body["ID"] = json!(909.5)
        }),
        ("without a key", malformed(), |f| {
            f.body["Metadata"] = json!({})
        }),
        (
            "with a byte order mark and two bytes a sign",
            malformed(),
            |f| {
                f.raw(|body| {
                    let text = String::from_utf8(body).unwrap();
                    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
                    [0xff, 0xfe].into_iter().chain(units).collect()
                });
            },
        ),
        ("compressed", malformed(), |f| {
            f.raw(|body| [&[0x1f, 0x8b, 8, 0][..], &body].concat())
        }),
        ("with a second body behind the first", malformed(), |f| {
            f.raw(|body| [&body[..], &body].concat())
        }),
        ("with a number where the company stands", malformed(), |f| {
            f.body["CompanyId"] = json!(1)
        }),
        ("with an id that no ticket can have", malformed(), |f| {
            f.body["ID"] = json!(4_294_967_296_u64)
        }),
        ("with id 0", malformed(), |f| f.body["ID"] = json!(0)),
        ("with an id with a sign", malformed(), |f| {
            f.body["ID"] = json!("+909")
        }),
        ("with a list of keys", malformed(), |f| {
            let url = f.body["Metadata"]["key_url"].clone();
            f.body["Metadata"]["key_url"] = json!([url]);
        }),
        ("with metadata in a text", malformed(), |f| {
            f.body["Metadata"] = json!(f.body["Metadata"].to_string())
        }),
        // The tenant.
        (
            "of a company that looks alike",
            Refused(Code::CallbackOfAnotherCompany),
            |f| {
                f.body["CompanyId"] = json!("\u{430}cme");
            },
        ),
        (
            "of a company with a blank behind it",
            Refused(Code::CallbackOfAnotherCompany),
            |f| {
                f.body["CompanyId"] = json!("acme ");
            },
        ),
        (
            "with another company's key behind an escape",
            address(),
            |f| {
                f.replace_in_url(
                    "companyName=acme",
                    "companyName=acme%26companyName%3Devilcorp",
                );
            },
        ),
        ("with a key of no company", address(), |f| {
            f.replace_in_url("companyName=acme&", "")
        }),
        (
            "of another company",
            Refused(Code::CallbackOfAnotherCompany),
            |f| {
                f.body["CompanyId"] = json!("evilcorp");
            },
        ),
        (
            "of another company with its own key",
            Refused(Code::CallbackOfAnotherCompany),
            |f| {
                f.body["CompanyId"] = json!("evilcorp");
                f.replace_in_url("companyName=acme", "companyName=evilcorp");
            },
        ),
        ("with another company's key", address(), |f| {
            f.replace_in_url("companyName=acme", "companyName=evilcorp");
        }),
        ("with two companies in the key's address", address(), |f| {
            f.replace_in_url("companyName=acme", "companyName=acme&companyName=evilcorp");
        }),
        ("of another type", Ignored, |f| {
            f.body["Type"] = json!("company")
        }),
        ("of a ticket without a case", Ignored, |f| {
            f.body["ID"] = json!(4_000_000_000_u32)
        }),
        // The address of the key.
        ("with a key on another host", address(), |f| {
            f.at("https://evil.example")
        }),
        ("with a key on loopback", address(), |f| {
            f.at("https://127.0.0.1")
        }),
        ("with a key on loopback by name", address(), |f| {
            f.at("http://localhost:8080")
        }),
        ("with a key on IPv6 loopback", address(), |f| {
            f.at("https://[::1]")
        }),
        ("with a key at a metadata address", address(), |f| {
            f.at("http://169.254.169.254")
        }),
        (
            "with a key at a metadata address over https",
            address(),
            |f| f.at("https://169.254.169.254"),
        ),
        ("with a key at a private address", address(), |f| {
            f.at("https://10.0.0.5")
        }),
        ("with a key at an address in decimal", address(), |f| {
            f.at("https://2130706433")
        }),
        ("with a key at an address in hexadecimal", address(), |f| {
            f.at("https://0x7f.1")
        }),
        ("with a key at no address at all", address(), |f| {
            f.at("https://0.0.0.0")
        }),
        ("with a key on loopback in octal", address(), |f| {
            f.at("https://0177.0.0.1")
        }),
        ("with a key on loopback within IPv6", address(), |f| {
            f.at("https://[::ffff:127.0.0.1]")
        }),
        (
            "with a key at a metadata address within IPv6",
            address(),
            |f| f.at("https://[fd00:ec2::254]"),
        ),
        ("with a key at a metadata address by name", address(), |f| {
            f.at("http://metadata.google.internal")
        }),
        ("with a key at a link-local address", address(), |f| {
            f.at("https://[fe80::1%25eth0]")
        }),
        ("with a key over gopher", address(), |f| {
            f.at("gopher://api-na.myconnectwise.net")
        }),
        ("with a key of no scheme", address(), |f| {
            f.at("//api-na.myconnectwise.net")
        }),
        ("with a key in a script", address(), |f| {
            f.key_url("javascript:fetch('https://evil.example')")
        }),
        ("with an escaped host", address(), |f| {
            f.at("https://api-na%2emyconnectwise.net")
        }),
        ("with an escaped slash behind the host", address(), |f| {
            f.at("https://api-na.myconnectwise.net%2f@evil.example")
        }),
        ("with an empty user name", address(), |f| {
            f.at("https://@api-na.myconnectwise.net")
        }),
        ("with port 0", address(), |f| {
            f.at("https://api-na.myconnectwise.net:0")
        }),
        ("with a tab in the host", address(), |f| {
            f.at("https://api-na.my\tconnectwise.net")
        }),
        ("with an escaped way up in the path", address(), |f| {
            f.replace_in_url("/v2025_1/", "/v2025_1/%2e%2e/evil/");
        }),
        ("with a query before the path", address(), |f| {
            f.replace_in_url("/v2025_1/", "/?x=/v2025_1/");
        }),
        ("with a key over plain http", address(), |f| {
            f.at("http://api-na.myconnectwise.net")
        }),
        ("with a key over ftp", address(), |f| {
            f.at("ftp://api-na.myconnectwise.net")
        }),
        ("with a key in a file", address(), |f| {
            f.key_url("file:///etc/passwd")
        }),
        ("with a key in the address itself", address(), |f| {
            f.key_url("data:application/json,{\"signing_key\":\"x\"}");
        }),
        ("with a host behind a user name", address(), |f| {
            f.at("https://api-na.myconnectwise.net@evil.example")
        }),
        ("with a user name before the host", address(), |f| {
            f.at("https://a:b@api-na.myconnectwise.net")
        }),
        ("with another port", address(), |f| {
            f.at("https://api-na.myconnectwise.net:8443")
        }),
        ("with a host that goes on", address(), |f| {
            f.at("https://api-na.myconnectwise.net.evil.example")
        }),
        ("with a host that begins before", address(), |f| {
            f.at("https://evilapi-na.myconnectwise.net")
        }),
        ("with an unknown host of the domain", address(), |f| {
            f.at("https://evil.myconnectwise.net")
        }),
        ("with a dot behind the host", address(), |f| {
            f.at("https://api-na.myconnectwise.net.")
        }),
        ("with a host in upper case", address(), |f| {
            f.at("https://API-NA.MYCONNECTWISE.NET")
        }),
        ("with a host that looks alike", address(), |f| {
            f.at("https://api-n\u{430}.myconnectwise.net")
        }),
        ("with a host in punycode", address(), |f| {
            f.at("https://xn--api-n-3ve.myconnectwise.net")
        }),
        ("with a backslash behind the host", address(), |f| {
            f.at("https://api-na.myconnectwise.net\\@evil.example")
        }),
        ("with a line break in the address", address(), |f| {
            f.at("https://api-na.myconnectwise.net\r\nHost: evil")
        }),
        ("with a fragment", address(), |f| {
            let url = f.body["Metadata"]["key_url"].as_str().unwrap().to_owned();
            f.key_url(format!("{url}#"));
        }),
        ("with another path", address(), |f| {
            f.replace_in_url("callbackkey/index.rails", "info")
        }),
        ("with a way up in the path", address(), |f| {
            f.replace_in_url("/v2025_1/", "/v2025_1/../evil/")
        }),
        ("with a redirector for a path", address(), |f| {
            f.replace_in_url("/v2025_1/", "/redirect?to=https://evil.example/");
        }),
        ("with an id that is no GUID", address(), |f| {
            f.replace_in_url("&id=", "&id=x")
        }),
        ("with an address of a megabyte", address(), |f| {
            let path = format!("/{}/", "a".repeat(1 << 19));
            f.replace_in_url("/v2025_1/", &path);
        }),
        // A key that is not there.
        (
            "with a key that the tenant does not have",
            AfterTheKey(Code::SigningKeyUnavailable),
            |f| {
                f.replace_in_url("0d7d1f3e", "ffffffff");
            },
        ),
    ]
}

/// The secret that ConnectWise is told for another instance, or for another company, of the same host.
fn path_secret(instance: &str, company: &str) -> String {
    let mut world = World::new(1);
    company.clone_into(&mut world.psa.settings.company_id);
    let config = config(|d| {
        d["instance"] = json!(instance);
        d["connection"]["company_id"] = json!(company);
    });
    run(&mut world, &config, vec![ensure()]);
    let fields = json!({
        "summary": "by hand", "company": { "identifier": "BigDesign" },
        "board": { "name": "Professional Services" },
    });
    let mut technician = world.psa.technician("training.admin");
    technician
        .create_ticket(fields.as_object().unwrap())
        .unwrap();
    world.take_callbacks().remove(0).secret
}

#[test]
fn no_forgery_changes_a_record_or_asks_anybody_but_connectwise() {
    let mut world = told_of(|_| {});
    let genuine = saved(&mut world);
    let kinds = kinds();
    assert!(kinds.len() >= 30);
    for (name, comes, forge) in kinds {
        let mut world = world.clone();
        let mut forgery = Forgery {
            body: serde_json::from_slice(&genuine.body).unwrap(),
            raw: None,
            signature: Signature::Genuine,
            secret: genuine.secret.clone(),
        };
        forge(&mut forgery);
        let Forgery {
            body,
            raw,
            signature,
            secret,
        } = forgery;
        let body = raw.unwrap_or_else(|| body.to_string().into_bytes());
        let signature = match signature {
            Signature::Genuine => Some(world.psa.sign(&body)),
            Signature::Of(body) => Some(world.psa.sign(&body)),
            Signature::Is(signature) => signature,
        };
        let before = dump(&world);
        let tickets = world.look();
        let callback = CallbackRequest {
            body,
            signature,
            secret,
        };
        // What has another host than the site's would end the life with an error.
        let life = run(&mut world, &plain(), vec![take(callback)]);
        let decision = decisions(&life).remove(0);
        let (expected, keys) = match comes {
            Comes::Refused(code) => (Some(code), 0),
            Comes::AfterTheKey(code) => (Some(code), 1),
            Comes::Ignored => (None, 0),
        };
        match (&decision, expected) {
            (CallbackOutcome::Refused { code, .. }, Some(expected)) if *code == expected => {}
            (CallbackOutcome::Ignored { .. }, None) => {}
            _ => panic!("{name}: {decision:?}"),
        }
        assert_eq!(life.sent.len(), keys, "{name}: {:?}", life.sent);
        assert!(
            life.sent
                .iter()
                .all(|request| request.starts_with(&format!("GET {KEY_PATH}?"))),
            "{name}"
        );
        assert_eq!(dump(&world), before, "{name}");
        assert_eq!(world.look(), tickets, "{name}");
        assert_eq!(world.delivered.len(), 1, "{name}");
    }
}

/// A genuine callback that comes once more, in one way or another.
type Replay = (&'static str, fn(&mut World, &mut CallbackRequest));

const REPLAYS: [Replay; 8] = [
    ("at once", |_, _| {}),
    ("a day later", |world, _| {
        world.pass_until(world.now.after(Duration::from_secs(86_400)));
    }),
    ("after the key was changed", |world, _| {
        "another".clone_into(&mut world.psa.settings.signing_key);
    }),
    ("after a release", |world, _| world.psa.release("v2026_1/")),
    ("without its signature", |_, callback| {
        callback.signature = None
    }),
    ("with another signature", |_, callback| {
        callback.signature = Some(format!("{}=", "A".repeat(43)));
    }),
    ("without the secret", |_, callback| callback.secret.clear()),
    ("after the ticket was deleted", |world, _| {
        world.psa.technician("training.admin").delete(909).unwrap();
    }),
];

#[test]
fn no_replay_changes_a_record_or_asks_anybody() {
    for (name, change) in REPLAYS {
        let mut world = told_of(|_| {});
        let mut callback = saved(&mut world);
        run(&mut world, &plain(), vec![take(callback.clone())]);
        change(&mut world, &mut callback);
        let before = dump(&world);
        let life = run(&mut world, &plain(), vec![take(callback)]);
        let decision = decisions(&life).remove(0);
        assert!(
            matches!(
                decision,
                CallbackOutcome::Ignored { .. } | CallbackOutcome::Refused { .. }
            ),
            "{name}: {decision:?}"
        );
        assert_eq!((life.sent, dump(&world)), (Vec::new(), before), "{name}");
    }
}

/// What may come of asking for the key, other than the key.
fn no_keys() -> Vec<(&'static str, Fault)> {
    let redirect = |location: &str| Fault::Redirect {
        location: location.to_owned(),
    };
    vec![
        ("a redirect elsewhere", redirect("https://evil.example/key")),
        ("a redirect to loopback", redirect("http://127.0.0.1:8080/")),
        (
            "a redirect to a metadata address",
            redirect("http://169.254.169.254/latest/meta-data/"),
        ),
        ("a redirect to a file", redirect("file:///etc/passwd")),
        (
            "a redirect to itself",
            redirect("https://api-na.myconnectwise.net/v2025_1/system/callbackkey/index.rails"),
        ),
        ("a page", Fault::Garbage),
        ("nothing", Fault::EmptyBody),
        ("half of it", Fault::Truncated { bytes: 9 }),
        ("far too much", Fault::OversizedBody { bytes: 1 << 20 }),
        ("no right", Fault::Forbidden),
        ("no login", Fault::Unauthorized),
        ("a failure", Fault::ServerError),
        ("no answer", Fault::AnswerLost),
        ("not now", Fault::Throttled { retry_after: 60 }),
    ]
}

#[test]
fn where_no_key_comes_nothing_is_believed_and_nobody_else_asked() {
    for (name, fault) in no_keys() {
        let mut world = told_of(|_| {});
        let callback = saved(&mut world);
        world.psa.add_fault(FaultRule {
            when: Match {
                path: Some("/v2025_1//system/callbackkey".to_owned()),
                ..Match::default()
            },
            fault,
            times: None,
        });
        let before = dump(&world);
        let life = run(&mut world, &plain(), vec![take(callback)]);
        let decision = decisions(&life).remove(0);
        assert!(
            matches!(
                decision,
                CallbackOutcome::Refused {
                    code: Code::SigningKeyUnavailable,
                    ..
                }
            ),
            "{name}: {decision:?}"
        );
        // What has another host than the site's would end the life with an error.
        assert_eq!(life.sent.len(), 1, "{name}: {:?}", life.sent);
        assert_eq!(dump(&world), before, "{name}");
    }
}

#[test]
fn forgeries_by_the_hundred_ask_for_six_keys_a_minute() {
    let mut world = told_of(|_| {});
    let genuine = saved(&mut world);
    let forged = |number: usize| {
        let body = String::from_utf8(genuine.body.clone()).unwrap();
        let body = body.replace("0d7d1f3e", &format!("{number:08x}"));
        CallbackRequest {
            body: body.into_bytes(),
            ..genuine.clone()
        }
    };
    let mut commands: Vec<Command> = (0..300).map(|number| take(forged(number))).collect();
    commands.push(take(genuine.clone()));
    let life = run(&mut world, &plain(), commands);
    assert_eq!(life.sent.len(), 6, "{:?}", life.sent);
    let limited = |it: &&CallbackOutcome| {
        matches!(
            it,
            CallbackOutcome::Refused {
                code: Code::SigningKeyLimited,
                ..
            }
        )
    };
    assert!(decisions(&life).iter().filter(limited).count() >= 294);
}

#[test]
fn a_known_key_serves_however_many_forgeries_come() {
    let mut world = told_of(|_| {});
    let (first, second) = (saved(&mut world), saved(&mut world));
    let mut commands = vec![take(first.clone())];
    commands.extend((0..100).map(|number| {
        let body = String::from_utf8(second.body.clone()).unwrap();
        let body = body.replace("0d7d1f3e", &format!("{number:08x}"));
        take(CallbackRequest {
            body: body.into_bytes(),
            ..second.clone()
        })
    }));
    commands.push(take(second));
    let life = run(&mut world, &plain(), commands);
    let decisions = decisions(&life);
    assert_eq!(decisions.iter().filter(|it| **it == reread()).count(), 2);
}

#[test]
fn without_a_secret_no_callback_is_believed() {
    let mut world = told_of(|_| {});
    let callback = saved(&mut world);
    world.callback_secret = None;
    let life = run(&mut world, &plain(), vec![take(callback)]);
    let decision = decisions(&life).remove(0);
    assert!(matches!(
        decision,
        CallbackOutcome::Refused {
            code: Code::MissingCallbackSecret,
            ..
        }
    ));
    assert_eq!(life.requests, 0);
    let life = world.live(&plain(), vec![ensure()], None).unwrap();
    let error = life
        .finished
        .iter()
        .find_map(|it| it.result.as_ref().err())
        .unwrap();
    assert_eq!(
        (error.code, life.requests),
        (Code::MissingCallbackSecret, 0)
    );
}

#[test]
fn the_key_is_asked_for_without_the_members_keys() {
    let mut world = told_of(|_| {});
    let callback = saved(&mut world);
    world.exchanges = Some(Vec::new());
    run(&mut world, &plain(), vec![take(callback)]);
    let exchanges = world.exchanges.take().unwrap();
    let of_the_key: Vec<_> = exchanges
        .iter()
        .filter(|(request, _)| request.target.contains("callbackkey"))
        .collect();
    assert_eq!(of_the_key.len(), 1);
    assert!(of_the_key[0].0.header_value("authorization").is_none());
    assert!(of_the_key[0].0.header_value("clientid").is_some());
}

#[test]
fn a_day_later_the_key_is_asked_for_again() {
    let mut world = told_of(|_| {});
    let callback = saved(&mut world);
    run(&mut world, &plain(), vec![take(callback)]);
    world.pass_until(world.now.after(Duration::from_secs(86_400)));
    world.psa.settings.signing_key = "another".to_owned();
    let callback = saved(&mut world);
    let life = run(&mut world, &plain(), vec![take(callback)]);
    assert_eq!(decisions(&life), [reread()]);
}

#[test]
fn the_report_shows_no_secret() {
    let mut world = told_of(|_| {});
    let secret = saved(&mut world).secret;
    world.trace = Some(Vec::new());
    let other = Command::EnsureCallbacks {
        url: Some("https://other.example/x".to_owned()),
    };
    let life = run(
        &mut world,
        &plain(),
        vec![Command::ListCallbacks, other, Command::RemoveCallbacks],
    );
    assert_eq!(report(&life).registrations[0].url, RECEIVER);
    let mut texts = world.trace.take().unwrap();
    texts.extend(world.store.records().map(|record| record.value));
    texts.extend(
        life.finished
            .iter()
            .map(|finished| serde_json::to_string(finished).unwrap()),
    );
    for text in texts {
        assert!(!text.contains(&secret), "{text}");
    }
}
