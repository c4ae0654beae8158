//! What it takes to believe a callback: its signature beside the bare SHA-256 of the body, and all of it, from the received bytes
//! to the ticket that is to be read again, beside Node's crypto and JSON.parse.
//!
//! `cargo bench -p casewire --bench callback`; `cargo xtask bench --only callback` has Node do the same.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a bench may fail")]

use base64::{Engine, engine::general_purpose::STANDARD};
use casewire::{CallbackJudge, CallbackOutcome, CallbackRequest, CallbackSecret, Config};
use hmac::{Hmac, Mac};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::{fmt::Write, hint::black_box, path::Path};

#[path = "mapping/processor.rs"]
mod processor;

/// Callbacks in one measurement, and measurements of each way.
const EACH: u32 = 2_000;
const ROUNDS: usize = 41;

const SECRET: &str = "0123456789abcdef";
const SIGNING_KEY: &str = "f3b5c1a2-7d4e-4f60-9a8b-1c2d3e4f5a6b";

fn main() {
    let config = configuration();
    let secret = CallbackSecret::new(SECRET).unwrap();
    let judge = CallbackJudge::new(&config, &secret).unwrap();
    let callback = callback();
    let signature = callback.signature.clone().unwrap();
    if let [command, folder, ..] = std::env::args().skip(1).collect::<Vec<_>>().as_slice()
        && command == "write"
    {
        let folder = Path::new(folder);
        std::fs::write(folder.join("body.json"), &callback.body).unwrap();
        std::fs::write(folder.join("signature.txt"), signature).unwrap();
        std::fs::write(folder.join("key.txt"), SIGNING_KEY).unwrap();
        return;
    }
    let hash = || {
        black_box(Sha256::digest(black_box(&callback.body)));
    };
    let verify = || {
        assert!(CallbackJudge::is_signed(
            black_box(&callback.body),
            &signature,
            SIGNING_KEY
        ));
    };
    let all = || {
        let outcome = judge.judge(callback.clone(), SIGNING_KEY);
        assert!(
            matches!(outcome, CallbackOutcome::Reread { .. }),
            "{outcome:?}"
        );
    };
    let ways: [(&str, &dyn Fn()); 3] = [
        ("SHA-256 of the body", &hash),
        ("verification", &verify),
        ("verification, reading and decision", &all),
    ];
    let mut spent = vec![Vec::new(); ways.len()];
    for _ in 0..ROUNDS {
        for ((_, way), spent) in ways.iter().zip(&mut spent) {
            let start = processor::time();
            for _ in 0..EACH {
                way();
            }
            spent.push((processor::time().saturating_sub(start) / EACH).as_nanos());
        }
    }
    println!("a body of {} bytes", callback.body.len());
    for ((name, _), mut spent) in ways.iter().zip(spent) {
        spent.sort_unstable();
        println!("{} ns: {name}", spent.get(ROUNDS / 2).unwrap());
    }
}

fn configuration() -> Config {
    let configuration = json!({
        "version": 1,
        "instance": "bench",
        "connection": {"site": "https://api-na.myconnectwise.net", "company_id": "acme", "client_id": "6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11"},
        "routes": [{"name": "all", "board": "Professional Services", "status": {"created": "New", "cleared": "Closed"}}],
        "status_map": {"Professional Services": {"to_case": {"New": "open", "Closed": "closed"}, "to_ticket": {"open": "New", "closed": "Closed"}}},
        "priority_map": {"high": "Priority 2"},
        "ticket": {"summary": "{{ case.title }}"}
    });
    Config::from_json(configuration.to_string().as_bytes()).unwrap()
}

/// The segment of the path that ConnectWise was told, as a connector derives it.
fn segment() -> String {
    let mut mac = keyed(SECRET);
    for part in ["casewire callback path 1", "bench", "acme"] {
        mac.update(part.as_bytes());
        mac.update(&[0]);
    }
    mac.finalize()
        .into_bytes()
        .iter()
        .fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        })
}

fn keyed(text: &str) -> Hmac<Sha256> {
    Hmac::new_from_slice(&Sha256::digest(text)).unwrap()
}

/// A ticket that was saved, as ConnectWise tells it (API.md section 13.2).
fn callback() -> CallbackRequest {
    let record = |id: u32, name: &str| json!({"id": id, "name": name, "_info": {"href": format!("https://na.myconnectwise.net/v4_6_release//apis/3.0/x/{id}")}});
    let mut entity = json!({
        "id": 909, "summary": "EventTracker Case #10012 - Windows: Audit log cleared", "recordType": "ServiceTicket",
        "board": record(1, "Professional Services"), "status": record(11, "In Progress"), "company": record(2, "Big Design"),
        "site": record(3, "Main"), "contact": record(4, "John Doe"), "contactName": "John Doe",
        "contactPhoneNumber": "8135550123", "contactEmailAddress": "john@bigdesign.example", "type": record(20, "Security"),
        "subType": record(30, "Audit"), "team": record(5, "Service Team"), "owner": record(6, "Technician One"),
        "priority": record(7, "Priority 2 - Quick Response"), "serviceLocation": record(8, "On-Site"), "source": record(9, "Portal"),
        "severity": "Medium", "impact": "Medium", "externalXRef": "bench:10012", "poNumber": "201902074149"
    });
    let rest = json!({
        "allowAllClientsPortalView": false, "customerUpdatedFlag": false, "automaticEmailContactFlag": false,
        "automaticEmailResourceFlag": false, "automaticEmailCcFlag": false, "closedFlag": false, "approved": true,
        "estimatedExpenseCost": 0.0, "estimatedTimeRevenue": 0.0, "billingMethod": "ActualRates", "subBillingMethod": "ActualRates",
        "resolveMinutes": 0, "resPlanMinutes": 0, "respondMinutes": 12, "isInSla": true, "hasChildTicket": false,
        "billTime": "Billable", "billExpenses": "Billable", "billProducts": "Billable", "location": record(12, "Tampa Office"),
        "department": record(13, "Professional Services"), "sla": record(14, "Standard SLA"), "slaStatus": "Resolve by Tue 02/12 5:00 PM UTC",
        "_info": {"lastUpdated": "2019-02-11T01:09:53Z", "updatedBy": "Technician1", "dateEntered": "2019-02-11T01:07:14Z", "enteredBy": "casewire"}
    });
    if let (Some(entity), serde_json::Value::Object(rest)) = (entity.as_object_mut(), rest) {
        entity.extend(rest);
    }
    let body = json!({
        "Action": "updated", "CallbackObjectRecId": 4, "CompanyId": "acme", "Entity": entity.to_string(),
        "FromUrl": "na.myconnectwise.net", "ID": 909, "MemberId": "Technician1", "MessageId": "0b7a4f7c-1f0e-4b7e-a2a1-6f1d2c3b4a59",
        "Metadata": {"key_url": "https://na.myconnectwise.net/v4_6_release//system/callbackkey/index.rails?companyName=acme&id=0d7d1f3e-6f0b-4a3c-9b7e-5f2f7c1a9e42"},
        "PartnerId": "0f2b8d4a-4f7e-4d6f-9a58-3d1f5a1f0c11", "ProductInstanceId": "6a0c1e52-98b1-4b0e-8c7d-0b6f4f6f2d22", "Type": "ticket"
    });
    let body = body.to_string().into_bytes();
    let mut mac = keyed(SIGNING_KEY);
    mac.update(&body);
    CallbackRequest {
        signature: Some(STANDARD.encode(mac.finalize().into_bytes())),
        secret: segment(),
        body,
    }
}
