//! Documents that are nearly right: a good one with some of its values changed, so that what lies behind the parser is
//! reached too.

use arbitrary::{Result, Unstructured};
use serde_json::{Map, Value, json};

/// Takes a document: as it stands in the input, or one of these with edits.
pub(crate) fn document(input: &mut Unstructured<'_>, good: &[Value]) -> Result<Vec<u8>> {
    if input.ratio(1, 4)? {
        return Ok(rest(input).to_vec());
    }
    let mut document = input.choose(good)?.clone();
    for _ in 0..input.int_in_range(0..=4)? {
        edit(&mut document, input)?;
    }
    Ok(document.to_string().into_bytes())
}

/// What is left of the input.
pub(crate) fn rest<'a>(input: &mut Unstructured<'a>) -> &'a [u8] {
    input.bytes(input.len()).unwrap_or_default()
}

/// Changes one value somewhere in a document.
pub(crate) fn edit(document: &mut Value, input: &mut Unstructured<'_>) -> Result<()> {
    let depth = input.int_in_range(0..=6)?;
    edit_below(document, depth, input)
}

fn edit_below(place: &mut Value, depth: u8, input: &mut Unstructured<'_>) -> Result<()> {
    match place {
        Value::Object(members) if depth > 0 && !members.is_empty() => {
            let which = input.choose_index(members.len())?;
            let member = members.values_mut().nth(which).expect("it is one of them");
            edit_below(member, depth - 1, input)
        }
        Value::Array(items) if depth > 0 && !items.is_empty() => {
            let which = input.choose_index(items.len())?;
            edit_below(&mut items[which], depth - 1, input)
        }
        Value::Object(members) => edit_members(members, input),
        Value::Array(items) => edit_items(items, input),
        scalar => {
            *scalar = value(input)?;
            Ok(())
        }
    }
}

fn edit_members(members: &mut Map<String, Value>, input: &mut Unstructured<'_>) -> Result<()> {
    let key = match members.len() {
        0 => None,
        length => members.keys().nth(input.choose_index(length)?).cloned(),
    };
    match (input.int_in_range(0..=3)?, key) {
        (0, Some(key)) => {
            members.remove(&key);
        }
        (1, Some(key)) => {
            members.insert(key, value(input)?);
        }
        (2, Some(key)) => {
            let moved = members.remove(&key).unwrap_or_default();
            members.insert(text(input)?, moved);
        }
        _ => {
            members.insert(text(input)?, value(input)?);
        }
    }
    Ok(())
}

fn edit_items(items: &mut Vec<Value>, input: &mut Unstructured<'_>) -> Result<()> {
    match (input.int_in_range(0..=2)?, items.first().cloned()) {
        (0, Some(_)) => {
            items.remove(input.choose_index(items.len())?);
        }
        (1, Some(first)) => items.push(first),
        _ => items.push(value(input)?),
    }
    Ok(())
}

/// Any value, more often one that means trouble.
pub(crate) fn value(input: &mut Unstructured<'_>) -> Result<Value> {
    Ok(match input.int_in_range(0..=9)? {
        0 => Value::Null,
        1 => json!(input.arbitrary::<bool>()?),
        2 => json!(input.arbitrary::<i64>()?),
        3 => json!(input.arbitrary::<f64>()?),
        4 => json!([]),
        5 => json!({}),
        6 => json!([text(input)?]),
        7 => json!({ (text(input)?): text(input)? }),
        _ => json!(text(input)?),
    })
}

/// Any text, more often one that means something to someone.
pub(crate) fn text(input: &mut Unstructured<'_>) -> Result<String> {
    const KNOWN: [&str; 24] = [
        "",
        " ",
        "open",
        "closed",
        "critical",
        "Security",
        "New (not responded)",
        "Professional Services",
        "{{ case.title }}",
        "{% for a in case.artifacts %}{{ a.value }}{% endfor %}",
        "a\"b",
        "a\\",
        "[x] or id > 0",
        "%*",
        "\u{0}",
        "\u{202e}x",
        "\u{1f9d1}\u{200d}\u{1f4bb}",
        "a/b~c",
        "1969-12-31T23:59:60Z",
        "2019-02-11T01:07:14Z",
        "99999999999d",
        "https://10.0.0.1/x",
        "../../x",
        "BigDesign",
    ];
    if input.arbitrary()? {
        return Ok((*input.choose(&KNOWN)?).to_owned());
    }
    let text = input.arbitrary::<&str>()?.to_owned();
    Ok(if input.ratio(1, 32)? {
        text.repeat(1_000)
    } else {
        text
    })
}
