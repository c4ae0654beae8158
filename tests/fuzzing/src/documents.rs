//! Configurations and cases.

use crate::{
    edits,
    refusals::{are_faults, owes_its_reasons},
    worlds,
};
use arbitrary::Unstructured;
use casewire::{Case, Config, ImportTarget, PortableConfig, PreviewOutcome, Settings, preview};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::sync::OnceLock;

/// What is written, in the form in which it was written, reads as the same.
pub(crate) fn is_the_same_again<T: Serialize>(
    value: &T,
    read: impl Fn(&[u8]) -> casewire::Result<T>,
) {
    let written = serde_json::to_value(value).expect("what was read can be written");
    let text = written.to_string();
    let again = read(text.as_bytes()).expect("what was written can be read");
    let again = serde_json::to_value(&again).expect("what was read can be written");
    assert!(alike(&written, &again), "{text}\nbecame {again}");
}

/// Whether two values are the same. The last digit of a fraction may differ: it is read so that it is fast.
fn alike(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) if one.is_f64() => {
            let (one, other) = (one.as_f64().unwrap_or_default(), other.as_f64());
            other.is_some_and(|other| (one - other).abs() <= one.abs() * 1e-12)
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| alike(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let same = |(key, one): (&String, &Value)| {
                other.get(key).is_some_and(|other| alike(one, other))
            };
            one.len() == other.len() && one.iter().all(same)
        }
        (one, other) => one == other,
    }
}

/// A configuration is refused with reasons, or it is one: it is the same when it is written and read again, it compiles,
/// and it can be carried to another client.
pub(crate) fn configuration(input: &[u8]) {
    let mut input = Unstructured::new(input);
    let Ok(document) = edits::document(&mut input, configurations()) else {
        return;
    };
    let config = match Config::from_json(&document) {
        Ok(config) => config,
        Err(error) => return owes_its_reasons(&error, &document),
    };
    is_the_same_again(&config, Config::from_json);
    assert!(config.check().is_empty());
    let settings = Settings::new(config.clone()).expect("what was read compiles");
    are_faults(&settings.check(worlds::catalog()), &document);
    let exported = config.export();
    is_the_same_again(&exported, PortableConfig::from_json);
    let target = ImportTarget {
        instance: config.instance.clone(),
        connection: config.connection.clone(),
        groups: Vec::new(),
        catch_all: None,
    };
    match exported.import(target) {
        Ok(imported) => assert!(imported.config.check().is_empty()),
        Err(error) => assert!(!error.faults.is_empty(), "{error:?}"),
    }
}

/// A case is refused with reasons, or it is one: it is the same when it is written and read again, and what becomes of it
/// can be said without asking anyone, twice the same.
pub(crate) fn case(input: &[u8]) {
    let mut input = Unstructured::new(input);
    let Ok(document) = edits::document(&mut input, cases()) else {
        return;
    };
    let case = match Case::from_json(&document) {
        Ok(case) => case,
        Err(error) => return owes_its_reasons(&error, &document),
    };
    is_the_same_again(&case, Case::from_json);
    let settings = worlds::settings();
    let faults = settings.check_case(&case);
    are_faults(&faults, &document);
    let first = preview(settings, worlds::catalog(), worlds::directory(), &case);
    let again = preview(settings, worlds::catalog(), worlds::directory(), &case);
    assert_eq!(first, again);
    assert!(!first.reason.trim().is_empty(), "{first:?}");
    assert_eq!(
        first.ticket.is_some(),
        first.outcome == PreviewOutcome::Ticket
    );
    if let Some(plan) = &first.ticket {
        let body: Value = serde_json::from_slice(&plan.body()).expect("the body is JSON");
        let summary = body["summary"].as_str().unwrap_or_default();
        let length = summary.encode_utf16().count();
        assert!((1..=100).contains(&length), "a summary of {length}");
    }
}

/// Documents that are right.
pub(crate) fn read_all<T: DeserializeOwned>(texts: &[&str]) -> Vec<T> {
    let read = texts.iter().map(|text| serde_json::from_str(text));
    read.collect::<Result<_, _>>().expect("good documents")
}

fn configurations() -> &'static [Value] {
    static GOOD: OnceLock<Vec<Value>> = OnceLock::new();
    GOOD.get_or_init(|| {
        let mut good = read_all(&[include_str!("../../../examples/configuration.json")]);
        good.push(worlds::document());
        for preset in casewire::Preset::ALL {
            good.extend(read_all::<Value>(&[preset.document()]));
        }
        good
    })
}

fn cases() -> &'static [Value] {
    static GOOD: OnceLock<Vec<Value>> = OnceLock::new();
    GOOD.get_or_init(|| {
        let lines = include_str!("../../../examples/cases.jsonl").lines();
        let lines: Vec<&str> = lines
            .filter(|line| !line.trim().is_empty())
            .take(8)
            .collect();
        let mut good = read_all(&lines);
        good.push(casewire_scenarios::case_document("10012"));
        good
    })
}
