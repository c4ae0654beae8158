use super::{
    node::Node,
    problem::{Kind, Problem},
    repairs::{Repairs, Unknown},
    tree::Tree,
};
use crate::{
    error::{Code, Fault, pointer},
    nearest::{did_you_mean, listed},
};
use serde::de::DeserializeOwned;

/// How many faults of form are named before the reader gives up.
const ENOUGH: usize = 1000;

/// Reads a document and names all of its faults; with a tag, the document says by that key which choice of an enum it is.
pub(super) fn read<T: DeserializeOwned>(
    text: &str,
    tag: Option<&'static str>,
    check: impl Fn(&T) -> Vec<Fault>,
) -> Result<T, Vec<Fault>> {
    let mut read = None;
    let faults = faults(text, tag, &mut |node, repairs| {
        let document = T::deserialize(node)?;
        let faults = if repairs.leave_enough_to_judge() {
            check(&document)
        } else {
            Vec::new()
        };
        read = Some(document);
        Ok(faults)
    });
    match (read, faults.is_empty()) {
        (Some(document), true) => Ok(document),
        (None, true) => Err(vec![unreadable()]),
        _ => Err(faults),
    }
}

/// One reading of a document: the faults of its meaning, or the fault of form that ended it.
type Reading<'a> = &'a mut dyn FnMut(Node<'_>, &Repairs) -> Result<Vec<Fault>, Problem>;

/// Reads a document until no further fault shows.
fn faults(text: &str, tag: Option<&'static str>, reading: Reading<'_>) -> Vec<Fault> {
    let mut tree = match Tree::parse(text) {
        Ok(tree) => tree,
        Err(error) => {
            return vec![Fault::new(
                Code::MalformedJson,
                "",
                format!("the text is not JSON: {error}"),
                "Mend the text at that line and column",
            )];
        }
    };
    let mut faults = Vec::new();
    tree.drop_repeated("", &mut faults);
    let mut repairs = Repairs::of(tag);
    // Most documents are sound, and places need not be known until one is not.
    if faults.is_empty()
        && tag.is_none()
        && let Ok(of_meaning) = reading(Node::sound(&tree), &repairs)
    {
        return of_meaning;
    }
    for _ in 0..ENOUGH {
        repairs.unknown.borrow_mut().clear();
        match reading(Node::repaired(&tree, &repairs), &repairs) {
            Ok(of_meaning) => {
                faults.extend(
                    of_meaning
                        .into_iter()
                        .filter(|fault| !repairs.cover(&fault.pointer)),
                );
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
    faults.extend(repairs.unknown.take().into_iter().map(unknown_key));
    faults.sort();
    faults.dedup();
    faults
}

fn unknown_key((place, known): Unknown) -> Fault {
    let word = place.rsplit('/').next().unwrap_or_default();
    let fix = match known {
        [] => "Take it out: no key may stand here".to_owned(),
        known => format!("{}Known keys: {}", did_you_mean(word, known), listed(known)),
    };
    let message = format!("the key '{}' is not known", crate::text::cut(word, 60));
    Fault::new(Code::UnknownKey, place, message, fix)
}

fn fault(place: &str, problem: &Problem) -> Fault {
    let code = match problem.kind {
        Kind::Missing(_) => Code::MissingKey,
        _ => Code::InvalidValue,
    };
    Fault::new(code, place, problem.message(), problem.fix())
}

fn unreadable() -> Fault {
    Fault::new(
        Code::InvalidInput,
        "",
        "the document cannot be read",
        "Compare it with its JSON Schema",
    )
}
