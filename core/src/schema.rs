//! JSON Schemas of what a host writes and of what it is handed, made from the types themselves (rows E6 and E8).

use crate::{
    case::Case,
    config::Config,
    delivery::Delivery,
    event_log::EventRecord,
    time::{Span, Timestamp},
};
use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings, json_schema};
use std::borrow::Cow;

/// The schemas, each with the stem of the file that it is published in.
#[must_use]
pub fn schemas() -> [(&'static str, Schema); 4] {
    [
        ("configuration", of::<Config>()),
        ("case", of::<Case>()),
        ("delivery", of::<Delivery>()),
        ("event", of::<EventRecord>()),
    ]
}

fn of<T: JsonSchema>() -> Schema {
    let mut schema = SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<T>();
    plain_text(&mut schema);
    schema
}

/// Turns what rustdoc marks, such as [`links`](of), into plain words: an editor shows the text as it is.
fn plain_text(schema: &mut Schema) {
    schemars::transform::transform_subschemas(&mut plain_text, schema);
    if let Some(serde_json::Value::String(text)) = schema.get_mut("description") {
        *text = without_rows(&without_links(text));
    }
}

fn without_links(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        let Some((name, after)) = after.split_once(']') else {
            break;
        };
        plain.push_str(before);
        plain.push_str(name.trim_matches('`'));
        rest = after
            .strip_prefix('(')
            .and_then(|target| target.split_once(')'))
            .map_or(after, |(_, after)| after);
    }
    plain.push_str(rest);
    plain
}

/// Leaves out where the project lists what is described, such as ` (row S1)`.
fn without_rows(text: &str) -> String {
    let mut parts = text.split(" (row");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| {
        plain + part.split_once(')').map_or(part, |(_, after)| after)
    })
}

impl JsonSchema for Timestamp {
    fn schema_name() -> Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "date-time",
            "description": "A time of RFC 3339 such as 2019-02-11T01:07:14Z."
        })
    }
}

impl JsonSchema for Span {
    fn schema_name() -> Cow<'static, str> {
        "Span".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^[0-9]+[smhd]$",
            "description": "A span of time, a number and a unit: 90s, 15m, 6h, 30d. At most 3650d."
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_are_plain_text() {
        let marked = "Told by [`TicketClosed`](Self::TicketClosed) or [this] (rows S2 and S3). Else [`Map`], not.";
        assert_eq!(
            without_rows(&without_links(marked)),
            "Told by TicketClosed or this. Else Map, not."
        );
    }
}
