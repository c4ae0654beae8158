//! What every refusal owes to whom it refuses.

use casewire::{Code, Error, Fault};
use serde_json::Value;

/// A refusal of a document names at least one fault, each with a place in the document and a way out.
pub(crate) fn owes_its_reasons(error: &Error, document: &[u8]) {
    assert!(!error.faults.is_empty(), "no fault is named: {error:?}");
    assert!(!error.message.trim().is_empty());
    are_faults(&error.faults, document);
}

/// Faults of a document.
pub(crate) fn are_faults(faults: &[Fault], document: &[u8]) {
    let read: Option<Value> = serde_json::from_slice(document).ok();
    for fault in faults {
        assert_ne!(fault.code, Code::Internal, "{fault:?}");
        assert!(!fault.message.trim().is_empty(), "no message: {fault:?}");
        assert!(!fault.fix.trim().is_empty(), "no way out: {fault:?}");
        is_pointer(&fault.pointer);
        if let Some(read) = &read {
            leads_somewhere(&fault.pointer, read);
        }
    }
}

/// RFC 6901: empty, or tokens behind slashes, where `~` stands only before 0 and 1.
pub(crate) fn is_pointer(pointer: &str) {
    assert!(pointer.is_empty() || pointer.starts_with('/'), "{pointer}");
    let escapes = pointer.split('~').skip(1);
    let right = |rest: &str| rest.starts_with(['0', '1']);
    assert!(escapes.clone().all(right), "{pointer}");
}

/// A place that is there, or one that is missing where an object or list could have it.
fn leads_somewhere(pointer: &str, document: &Value) {
    let mut known = pointer;
    while document.pointer(known).is_none() {
        known = known.rsplit_once('/').map_or("", |(parent, _)| parent);
    }
    let place = document.pointer(known);
    let may_lack = matches!(place, Some(Value::Object(_) | Value::Array(_)));
    assert!(
        known == pointer || may_lack,
        "{pointer} leads beyond {known}, which is {place:?}"
    );
}
