use crate::{
    case::Case,
    digest,
    settings::{JoinRule, KeyPart},
    template::path::Seen,
    text::{cut, single_line},
};
use std::sync::Arc;

/// What repeats of one incident have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JoinKey {
    /// What stands in the store's keys.
    pub(crate) digest: String,
    /// For people.
    pub(crate) text: String,
}

/// The key of a case; none where the case has none of the parts, so that it stands alone.
///
/// The group is always part of it, whatever the rule names: two customers never share a ticket.
pub(crate) fn join_key(rule: &JoinRule, case: &Arc<Case>) -> Option<JoinKey> {
    let parts: Vec<String> = rule.parts.iter().map(|part| value(part, case)).collect();
    if parts.iter().all(String::is_empty) {
        return None;
    }
    let group = case.group.id.as_str();
    let whole = serde_json::to_vec(&(group, &parts)).unwrap_or_default();
    let named: Vec<&str> = std::iter::once(group)
        .chain(parts.iter().map(String::as_str))
        .filter(|part| !part.is_empty())
        .collect();
    Some(JoinKey {
        digest: digest::of(&whole),
        text: cut(&named.join(" / "), 200),
    })
}

fn value(part: &KeyPart, case: &Arc<Case>) -> String {
    let text = match part {
        KeyPart::Path { path, free_text } => {
            let text = match path.read(case) {
                Seen::Text(text) => text.to_owned(),
                Seen::Json(serde_json::Value::String(text)) => text.clone(),
                Seen::Json(value) if !value.is_null() => value.to_string(),
                _ => String::new(),
            };
            if *free_text { steady(&text) } else { text }
        }
        KeyPart::Template {
            template,
            free_text,
        } => {
            let text = template.render(case).unwrap_or_default();
            if *free_text { steady(&text) } else { text }
        }
    };
    single_line(&text).to_lowercase()
}

/// A text that people write without what differs from one repeat to the next: words that are times, dates, GUIDs, hashes or
/// numbers of five digits and more.
fn steady(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | ','))
        .filter(|word| !word.is_empty())
        .map(|word| if is_passing(word) { "#" } else { word })
        .collect();
    let mut kept: Vec<&str> = Vec::with_capacity(words.len());
    for word in words {
        if word != "#" || kept.last() != Some(&"#") {
            kept.push(word);
        }
    }
    kept.join(" ")
}

fn is_passing(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let of_time =
        |c: char| c.is_ascii_digit() || matches!(c, ':' | '/' | '-' | '.' | '+' | 'T' | 'Z');
    let separated = word.contains([':', '/', '-']);
    let hex = word.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    let is_address =
        word.split('.').count() == 4 && word.chars().all(|c| c.is_ascii_digit() || c == '.');
    let is_half = matches!(word, "AM" | "PM" | "am" | "pm" | "UTC" | "GMT");
    is_half
        || (digits >= 3 && separated && word.chars().all(of_time))
        || (digits >= 5 && !is_address && word.chars().all(of_time))
        || (hex && digits >= 1 && word.len() >= 16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::tests::{case, settings};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn rule(key: &Value) -> crate::settings::Settings {
        settings(|d| d["repeats"] = json!({ "join_key": key }))
    }

    fn key(parts: &Value, change: impl Fn(&mut Value)) -> Option<JoinKey> {
        let settings = rule(parts);
        join_key(settings.repeats.as_ref().unwrap(), &case(change))
    }

    #[test]
    fn the_group_is_always_part_of_the_key() {
        let parts = json!(["case.kind"]);
        let one = key(&parts, |_| {}).unwrap();
        let other = key(&parts, |c| c["group"]["id"] = json!("5Ktech")).unwrap();
        assert_ne!(one.digest, other.digest);
        assert_eq!(one, key(&parts, |c| c["id"] = json!("another")).unwrap());
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        let parts = json!(["case.kind", "case.category"]);
        let of = |kind: &'static str, category: &'static str| {
            key(&parts, move |c| {
                c["kind"] = json!(kind);
                c["category"] = json!(category);
            })
        };
        assert_ne!(of("ab", "c"), of("a", "bc"));
        assert_ne!(of("a / b", "c"), of("a", "b / c"));
    }

    #[test]
    fn a_case_without_any_part_stands_alone() {
        assert_eq!(
            key(&json!(["case.kind"]), |c| c["kind"] = json!(null)),
            None
        );
    }

    #[test]
    fn a_title_s_times_and_numbers_do_not_count() {
        let of = |title: &'static str| {
            key(&json!(["case.title"]), move |c| c["title"] = json!(title))
                .unwrap()
                .digest
        };
        let first = of("Defender alert 2019-02-11T01:07:14Z on WRK1");
        assert_eq!(first, of("Defender alert 2020-03-01T23:59:01Z on WRK1"));
        assert_ne!(first, of("Defender alert 2019-02-11T01:07:14Z on WRK2"));
        assert_eq!(
            of("Job 3f2504e0-4f89-11d3-9a0c-0305e82c3301 failed"),
            of("Job 9e107d9d-3721-11d3-9a0c-0305e82c3399 failed")
        );
        assert_eq!(
            of("Failed (2/4/2019 10:10:29 PM)"),
            of("Failed (12/4/2019 1:10:29 AM)")
        );
        assert_ne!(of("Event 1102"), of("Event 4625"));
        assert_ne!(of("Scan from 192.0.2.1"), of("Scan from 192.0.2.9"));
        assert_eq!(of("Request 8812345 refused"), of("Request 8812399 refused"));
    }

    proptest! {
        #[test]
        fn whatever_is_volatile_changes_no_key(id in "[a-z0-9]{1,20}", seconds in 0_i64..4_000_000_000, number in 10_000_u64..u64::MAX) {
            let parts = json!(["case.kind", "case.title", "{{ case.system.name }}"]);
            let time = crate::time::Timestamp::from_millis(seconds * 1000).to_string();
            let title = |time: &str, number: u64| format!("Alert {number} at {time} on disk");
            let first = key(&parts, |c| c["title"] = json!(title("2019-02-11T01:07:14Z", 12_345)));
            let again = key(&parts, |c| {
                c["id"] = json!(id);
                c["created_at"] = json!(time);
                c["incident"] = json!(number.to_string());
                c["title"] = json!(title(&time, number));
            });
            prop_assert_eq!(first, again);
        }
    }
}
