use super::{
    node::{Node, Repairs},
    problem::{Kind, Problem},
    unique::Tree,
};
use crate::{
    error::{Code, Fault, pointer},
    nearest::{did_you_mean, listed},
};
use serde::de::DeserializeOwned;

/// How many faults of form are named before the reader gives up.
const ENOUGH: usize = 1000;

/// All faults of a document that did not read.
pub(super) fn of<T: DeserializeOwned>(text: &str, check: impl Fn(&T) -> Vec<Fault>) -> Vec<Fault> {
    match read(text, None, check) {
        Ok(_) => vec![unreadable()],
        Err(faults) => faults,
    }
}

/// Reads a document and names all of its faults; with a tag, the document says by that key which choice of an enum it is.
pub(super) fn read<T: DeserializeOwned>(
    text: &str,
    tag: Option<&'static str>,
    check: impl Fn(&T) -> Vec<Fault>,
) -> Result<T, Vec<Fault>> {
    let mut read = None;
    let tree: Tree = match serde_json::from_str(text) {
        Ok(tree) => tree,
        Err(error) => {
            return Err(vec![Fault::new(
                Code::MalformedJson,
                "",
                format!("the text is not JSON: {error}"),
                "Mend the text at that line and column",
            )]);
        }
    };
    let mut faults = Vec::new();
    repeated_keys(&tree, "", &mut faults);
    let value = tree.into_value();
    let mut repairs = Repairs::of(tag);
    for _ in 0..ENOUGH {
        repairs.unknown.borrow_mut().clear();
        match T::deserialize(Node::root(&value, &repairs)) {
            Ok(document) => {
                if repairs.leave_enough_to_judge() {
                    let of_meaning = check(&document);
                    faults.extend(
                        of_meaning
                            .into_iter()
                            .filter(|fault| !repairs.cover(&fault.pointer)),
                    );
                }
                read = Some(document);
                break;
            }
            Err(problem) => {
                let place = problem.pointer.clone().unwrap_or_default();
                let (place, kind) = match &problem.kind {
                    Kind::Missing(key) => (pointer(&place, key), Some(*key)),
                    _ => (place, None),
                };
                if !repairs.cover(&place) {
                    faults.push(fault(&place, &problem));
                }
                if !repairs.repair(place, kind) {
                    break;
                }
            }
        }
    }
    faults.extend(repairs.unknown.take().into_iter().map(|(place, known)| {
        let word = place.rsplit('/').next().unwrap_or_default();
        Fault::new(
            Code::UnknownKey,
            place.clone(),
            format!("the key '{}' is not known", crate::text::cut(word, 60)),
            match known {
                [] => "Take it out: no key may stand here".to_owned(),
                known => format!("{}Known keys: {}", did_you_mean(word, known), listed(known)),
            },
        )
    }));
    faults.sort();
    faults.dedup();
    match (read, faults.is_empty()) {
        (Some(document), true) => Ok(document),
        (None, true) => Err(vec![unreadable()]),
        _ => Err(faults),
    }
}

fn unreadable() -> Fault {
    Fault::new(
        Code::InvalidInput,
        "",
        "the document cannot be read",
        "Compare it with its JSON Schema",
    )
}

fn repeated_keys(tree: &Tree, place: &str, faults: &mut Vec<Fault>) {
    match tree {
        Tree::Leaf(_) => {}
        Tree::List(items) => {
            for (index, item) in items.iter().enumerate() {
                repeated_keys(item, &format!("{place}/{index}"), faults);
            }
        }
        Tree::Object { members, repeated } => {
            for key in repeated {
                faults.push(Fault::new(
                    Code::InvalidValue,
                    pointer(place, key),
                    format!(
                        "the key '{}' stands here more than once",
                        crate::text::cut(key, 60)
                    ),
                    "Keep one of them",
                ));
            }
            for (key, value) in members {
                repeated_keys(value, &pointer(place, key), faults);
            }
        }
    }
}

fn fault(place: &str, problem: &Problem) -> Fault {
    match &problem.kind {
        Kind::Missing(key) => Fault::new(
            Code::MissingKey,
            place,
            format!("the key '{key}' is missing"),
            format!("Add '{key}'"),
        ),
        Kind::Unexpected { found, expected } => Fault::new(
            Code::InvalidValue,
            place,
            format!("expected {expected}, found {found}"),
            format!("Write {expected} here"),
        ),
        Kind::UnknownWord { word, known } => Fault::new(
            Code::InvalidValue,
            place,
            format!(
                "'{}' is none of the words that may stand here",
                crate::text::cut(word, 60)
            ),
            format!(
                "{}Write one of: {}",
                did_you_mean(word, known),
                listed(known)
            ),
        ),
        Kind::NotOneKey { known } => Fault::new(
            Code::InvalidValue,
            place,
            "an object with exactly one key must stand here",
            format!("Keep one of: {}", listed(known)),
        ),
        Kind::Other(message) => Fault::new(
            Code::InvalidValue,
            place,
            message.clone(),
            "Write a value of that form",
        ),
    }
}
