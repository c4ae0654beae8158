//! What someone sees who looks at the instance, and what of it must hold at any time.

use super::{host::HostCase, stage::Stage};
use casewire::Visibility;
use casewire_simulator::API_MEMBER;
use serde_json::{Map, Value};
use std::{collections::BTreeMap, fmt};

/// What someone sees who looks at the instance. All of it is in the order in which it was made.
pub(super) struct Seen {
    /// Notes that the API member wrote, by the ticket that theirs became part of: kind and text.
    pub(super) notes: BTreeMap<i64, Vec<(Visibility, String)>>,
    /// Its documents, likewise: title and size.
    pub(super) documents: BTreeMap<i64, Vec<(String, u64)>>,
    by_reference: BTreeMap<String, Vec<i64>>,
}

impl Seen {
    pub(super) fn look(stage: &Stage) -> Self {
        let psa = &stage.world.psa;
        let mut seen = Self {
            notes: BTreeMap::new(),
            documents: BTreeMap::new(),
            by_reference: BTreeMap::new(),
        };
        for (id, ticket) in psa.rows("service/tickets") {
            let reference = text(ticket, "externalXRef");
            if !reference.is_empty() {
                let ids = seen.by_reference.entry(reference.to_owned()).or_default();
                ids.push(id);
            }
        }
        for (_, note) in psa.rows("service/tickets/notes") {
            if text(note, "createdBy") != API_MEMBER {
                continue;
            }
            let is = |flag: &str| note.get(flag) == Some(&Value::Bool(true));
            let kind = if is("detailDescriptionFlag") {
                Visibility::Discussion
            } else if is("resolutionFlag") {
                Visibility::Resolution
            } else {
                Visibility::Internal
            };
            let own = seen.notes.entry(stage.desk.root(number(note, "ticketId")));
            own.or_default().push((kind, plain(text(note, "text"))));
        }
        for (_, document) in psa.rows("system/documents") {
            if document["_info"]["enteredBy"] != API_MEMBER {
                continue;
            }
            let ticket = stage.desk.root(number(document, "~recordId"));
            let size = number(document, "size").unsigned_abs();
            let own = seen.documents.entry(ticket).or_default();
            own.push((text(document, "title").to_owned(), size));
        }
        seen
    }

    /// The tickets of a case, each as the one that it became part of.
    pub(super) fn roots(&self, stage: &Stage, case_id: &str) -> Vec<i64> {
        let tickets = self.by_reference.get(&format!("acme-soc:{case_id}"));
        // The ticket that survived a merge may have been given the reference too.
        let tickets = tickets.into_iter().flatten();
        let mut roots: Vec<i64> = tickets.map(|ticket| stage.desk.root(*ticket)).collect();
        roots.sort_unstable();
        roots.dedup();
        if roots.len() > 1 {
            // One that was converted before its case knew of it is in no list of tickets any more.
            roots.retain(|root| !stage.desk.gone.contains(root));
        }
        roots
    }

    /// No case has two tickets, nothing of a case is on a ticket twice, and what there is stands in the case's order.
    pub(super) fn check(&self, stage: &Stage) -> Result<(), String> {
        let mut by_root = BTreeMap::<i64, Vec<&HostCase>>::new();
        for case in &stage.host.cases {
            let id = &case.case.id;
            match self.roots(stage, id).as_slice() {
                [] => {}
                [root] => by_root.entry(*root).or_default().push(case),
                several => return Err(format!("case {id} has the tickets {several:?}")),
            }
        }
        for (root, cases) in by_root {
            let notes = cases.iter().flat_map(|case| notes_of(stage, case));
            let documents = cases.iter().flat_map(|case| documents_of(case));
            let (notes, documents) = (notes.collect(), documents.collect());
            // What two cases say on one ticket has no order, and neither have the notes of tickets that became one.
            let merged = stage
                .desk
                .merged
                .values()
                .any(|(parent, _)| *parent == root);
            let ordered = cases.len() == 1 && !merged;
            let seen = self.notes.get(&root).map_or(&[][..], |seen| seen);
            may_stand(root, "note", notes, seen, ordered)?;
            let seen = self.documents.get(&root).map_or(&[][..], |seen| seen);
            may_stand(root, "document", documents, seen, ordered)?;
        }
        Ok(())
    }
}

/// Holds what is on a ticket against what may be there.
fn may_stand<T: PartialEq + fmt::Debug>(
    root: i64,
    what: &str,
    mut expected: Vec<T>,
    seen: &[T],
    ordered: bool,
) -> Result<(), String> {
    if ordered && !seen.is_empty() && !expected.starts_with(seen) {
        return Err(format!(
            "ticket {root} has the {what}s {seen:?}, which are not the first of {expected:?}"
        ));
    }
    for one in seen {
        let Some(place) = expected.iter().position(|it| it == one) else {
            return Err(format!("ticket {root} has the {what} {one:?} too often"));
        };
        expected.swap_remove(place);
    }
    Ok(())
}

/// The notes that a case's ticket is to have, in order.
pub(super) fn notes_of(stage: &Stage, case: &HostCase) -> Vec<(Visibility, String)> {
    let description = (Visibility::Discussion, plain(&case.case.description));
    let comments = case.case.comments.iter().map(|comment| {
        let kind = match stage.setting.as_written {
            true => comment.visibility,
            false => Visibility::Internal,
        };
        (kind, plain(&format!("Comments: {}", comment.text)))
    });
    [description].into_iter().chain(comments).collect()
}

/// Its documents, likewise.
pub(super) fn documents_of(case: &HostCase) -> Vec<(String, u64)> {
    let attachments = case.case.attachments.iter();
    let one = attachments.map(|it| (it.title.clone().unwrap_or_default(), it.size));
    one.collect()
}

fn text<'a>(record: &'a Map<String, Value>, field: &str) -> &'a str {
    record
        .get(field)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn number(record: &Map<String, Value>, field: &str) -> i64 {
    record
        .get(field)
        .and_then(Value::as_i64)
        .unwrap_or_default()
}

/// A text without its line ends.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
