//! Configurations: devices and what is tracked about them (API.md section 11).

use serde_json::{Value, json};

use crate::failure::{Detail, Failure};
use crate::psa::Psa;
use crate::psa::records::Saving;
use crate::store::{Record, is_set, referenced, text};
use crate::table::Table;

pub(super) fn prepare(psa: &mut Psa, saving: &mut Saving<'_>) -> Result<(), Failure> {
    let deleted = referenced(&saving.record, "company")
        .and_then(|id| psa.store.get(Table::Company, id))
        .is_some_and(|company| is_set(company, "deletedFlag"));
    if deleted {
        saving.refuse("company", "The company is deleted.");
    }
    let default = psa
        .store
        .rows(Table::ConfigurationStatus)
        .find(|(_, status)| is_set(status, "defaultFlag"))
        .map_or(Value::Null, |(id, _)| json!({"id": id}));
    saving.default("status", default);
    saving.default("billFlag", json!(false));
    let closed = referenced(&saving.record, "status")
        .and_then(|id| psa.store.get(Table::ConfigurationStatus, id))
        .is_some_and(|status| is_set(status, "closedFlag"));
    if saving.is_new() || saving.set.contains("status") {
        saving
            .record
            .insert("activeFlag".to_owned(), json!(!closed));
    }
    if saving.is_new() {
        let board = psa
            .store
            .rows(Table::Board)
            .next()
            .map(|(_, board)| board.clone());
        let board = board.unwrap_or_default();
        for field in ["location", "department"] {
            saving.default(field, board.get(field).cloned().unwrap_or_default());
        }
    }
    questions(psa, saving);
    Ok(())
}

/// Answers belong to the questions of the type: a change of type drops them, and a required
/// question needs an answer.
fn questions(psa: &Psa, saving: &mut Saving<'_>) {
    let kind = referenced(&saving.record, "type").unwrap_or_default();
    let before = saving
        .before
        .as_ref()
        .and_then(|before| referenced(before, "type"));
    let moved = before.is_some_and(|before| before != kind);
    let touched = saving.is_new() || moved || saving.set.contains("questions");
    if !touched {
        return;
    }
    let given = if moved && !saving.set.contains("questions") {
        Vec::new()
    } else {
        let questions = saving.record.get("questions").and_then(Value::as_array);
        questions.cloned().unwrap_or_default()
    };
    let defined: Vec<(i64, Record)> = psa
        .store
        .children(Table::ConfigurationTypeQuestion, kind)
        .filter(|(_, question)| !is_set(question, "inactiveFlag"))
        .map(|(id, question)| (id, question.clone()))
        .collect();
    let asks = |item: &Value, id: i64| item.get("questionId").and_then(Value::as_i64) == Some(id);
    for item in &given {
        if !defined.iter().any(|(id, _)| asks(item, *id)) {
            let detail =
                Detail::not_found("questions/questionId", "Question not found for the type");
            saving.details.push(detail);
        }
    }
    let mut answers = Vec::new();
    for (id, question) in &defined {
        let answer = given
            .iter()
            .find(|item| asks(item, *id))
            .and_then(|item| item.get("answer"))
            .filter(|answer| !answer.is_null());
        if answer.is_none() && is_set(question, "requiredFlag") {
            let asked = text(question, "question");
            saving.refuse(
                "questions",
                format!("The question '{asked}' needs an answer."),
            );
        }
        let mut shown = json!({
            "questionId": id,
            "question": text(question, "question"),
            "sequenceNumber": question.get("sequenceNumber"),
            "numberOfDecimals": question.get("numberOfDecimals").cloned().unwrap_or(json!(0)),
            "fieldType": text(question, "fieldType"),
            "requiredFlag": is_set(question, "requiredFlag"),
        });
        if let (Some(shown), Some(answer)) = (shown.as_object_mut(), answer) {
            shown.insert("answerId".to_owned(), json!(id));
            shown.insert("answer".to_owned(), answer.clone());
        }
        answers.push(shown);
    }
    saving
        .record
        .insert("questions".to_owned(), Value::Array(answers));
}
