//! What a probe asks an instance, and what it learns (API.md sections 18 and 20).

use crate::{quirks::Quirks, service::TicketId, time::Timestamp};
use serde::Serialize;

/// A question to an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ProbeQuestion {
    /// Stable name.
    pub id: &'static str,
    /// The question.
    pub asks: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// Every conclusion that an answer can come to, besides `unclear` and `not_asked`.
    pub conclusions: &'static [&'static str],
    /// Whether the client behaves by the answer; the others are told only.
    pub wired: bool,
}

/// What a probe learned.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProbeReport {
    /// When.
    pub at: Timestamp,
    /// The release, as the server words it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// One for each question, in the order of [`QUESTIONS`].
    pub answers: Vec<ProbeAnswer>,
    /// What the client behaves by from now on; it stands in the store.
    pub quirks: Quirks,
    /// The test tickets, all of which are deleted or closed.
    pub ended: Vec<TicketId>,
}

/// The answer to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProbeAnswer {
    /// The question.
    pub id: &'static str,
    /// What was sent; empty where it was not asked.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sent: String,
    /// What came back, or why it was not asked.
    pub came: String,
    /// One of the question's conclusions, `unclear` or `not_asked`.
    pub conclusion: &'static str,
}

/// The conclusion of a question whose answer fits none of its sides.
pub const UNCLEAR: &str = "unclear";
/// The conclusion of a question that was not asked.
pub const NOT_ASKED: &str = "not_asked";

const fn told(
    id: &'static str,
    asks: &'static str,
    source: &'static str,
    conclusions: &'static [&'static str],
) -> ProbeQuestion {
    ProbeQuestion {
        id,
        asks,
        source,
        conclusions,
        wired: false,
    }
}

const fn wired(
    id: &'static str,
    asks: &'static str,
    source: &'static str,
    conclusions: &'static [&'static str],
) -> ProbeQuestion {
    ProbeQuestion {
        wired: true,
        ..told(id, asks, source, conclusions)
    }
}

const SIDES: &[&str] = &["yes", "no"];
const TAKEN: &[&str] = &["accepted", "refused"];

/// Every question, in the order in which the answers stand.
pub const QUESTIONS: &[ProbeQuestion] = &[
    wired("in", "May conditions say in (1,2)?", "18 row 3", SIDES),
    told(
        "wildcard",
        "What is the wildcard of like?",
        "18 row 4, 20 item 3",
        &["star", "percent", "both", "none"],
    ),
    wired(
        "quote",
        "How is a quote written within a text of a condition?",
        "20 item 2",
        &["backslash", "doubled", "neither"],
    ),
    wired(
        "backslash",
        "How is a backslash written within a text of a condition?",
        "20 item 2",
        &["doubled", "plain", "neither"],
    ),
    wired(
        "dates",
        "Which form of a time finds something?",
        "18 row 5",
        &["utc", "naive", "date_only"],
    ),
    told(
        "not_before",
        "Does >= with a date find something?",
        "18 row 5",
        SIDES,
    ),
    told(
        "long_summary",
        "What becomes of a summary of 101 characters?",
        "20 item 1",
        &["refused", "cut"],
    ),
    wired(
        "length_unit",
        "What does the length of a summary count?",
        "20 item 1",
        &["utf16", "characters", "bytes"],
    ),
    wired(
        "note_lines",
        "Does a note keep its line breaks?",
        "18 row 12, 20 item 4",
        &["kept", "folded"],
    ),
    told(
        "description_lines",
        "Does initialDescription keep its line breaks?",
        "20 item 4",
        &["kept", "folded"],
    ),
    told(
        "note_flags",
        "Do internalFlag and externalFlag of a note agree with its three flags?",
        "18 row 17",
        &["agree", "contradict"],
    ),
    told(
        "unknown_field",
        "What does fields= with an unknown name do?",
        "20 item 15",
        &["refused", "ignored"],
    ),
    told(
        "sub_path",
        "What does a PATCH path into an object do?",
        "18 row 6",
        &["nothing", "applied", "refused"],
    ),
    told(
        "leading_slash",
        "May a PATCH path begin with a slash?",
        "18 row 8",
        TAKEN,
    ),
    wired(
        "custom_fields",
        "What becomes of the custom fields that a PATCH leaves out?",
        "18 row 7",
        &["cleared", "kept", "refused"],
    ),
    told(
        "unassociated",
        "Does ConnectWise take a type and subtype that do not go together?",
        "20 item 8",
        TAKEN,
    ),
    told(
        "foreign_status",
        "What does a PATCH to the name of another board's status do?",
        "20 item 16",
        &["refused", "ignored", "accepted"],
    ),
    wired(
        "explicit_priority",
        "Does an explicit priority win against severity and impact?",
        "20 item 12",
        SIDES,
    ),
    told(
        "derived_priority",
        "Do severity and impact alone change the priority?",
        "20 item 12",
        SIDES,
    ),
    told(
        "linked_twice",
        "What does linking a configuration a second time do?",
        "20 item 9",
        TAKEN,
    ),
    told(
        "note_on_closed",
        "Does a closed ticket take notes?",
        "20 item 10",
        TAKEN,
    ),
    told(
        "note_touches",
        "Does a note alone move the ticket's lastUpdated?",
        "20 item 6",
        SIDES,
    ),
    told(
        "without_company",
        "Is a ticket without a company taken?",
        "18 row 2",
        TAKEN,
    ),
    told(
        "skip_callback",
        "Is skipCallback known to tickets?",
        "20 item 5",
        TAKEN,
    ),
    told(
        "read_only_name",
        "Which name of a document's read-only flag is heard?",
        "18 row 11",
        &["flag", "flay", "both", "neither"],
    ),
    told(
        "wrong_keys",
        "How are wrong keys answered?",
        "18 row 9",
        &["unauthorized", "not_found"],
    ),
    told(
        "signing_key",
        "Is the signing key given without a client id?",
        "18 row 10, 20 item 7",
        SIDES,
    ),
    told(
        "owner_object",
        "Is objectId 0 taken for level owner?",
        "18 row 15",
        TAKEN,
    ),
    told(
        "company_identifier",
        "How long may a company's identifier be?",
        "18 row 1",
        &[],
    ),
    told(
        "self_suppression",
        "Whose changes does isSelfSuppressedFlag keep silent about?",
        "20 item 5",
        &[],
    ),
    told(
        "callback_form",
        "Are Type and MemberId of a callback a lower-case word and an identifier?",
        "18 row 13",
        &[],
    ),
    told(
        "callback_retry",
        "After which answers is a callback sent again?",
        "18 row 14, 20 item 13",
        &[],
    ),
    told(
        "disabled_callback",
        "Does an update wake a disabled callback?",
        "20 item 14",
        &["wakes", "stays"],
    ),
    told(
        "file_limit",
        "How large may a file be, and how is a larger one refused?",
        "20 item 11",
        &[],
    ),
    told(
        "rate",
        "How many requests a minute are served?",
        "18 row 16",
        &[],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_question_has_a_name_of_its_own() {
        let ids: BTreeSet<&str> = QUESTIONS.iter().map(|question| question.id).collect();
        assert_eq!(ids.len(), QUESTIONS.len());
    }
}
