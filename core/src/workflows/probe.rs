//! The probe: the open questions of API.md sections 18 and 20, put to a sandbox one after the other.

use super::{
    read_catalog::{CatalogScope, read_catalog},
    trial::{Ending, Trial},
};
use crate::{
    catalog::{Board, Catalog},
    company::{Company, CompanyKey},
    environment::Environment,
    error::{Code, Error, Result},
    probe::{NOT_ASKED, ProbeAnswer, ProbeReport, QUESTIONS, UNCLEAR},
    quirks::{DateForm, Escaping, LeftOutCustomFields, LengthUnit, LineBreaks, Quirks},
    runtime::{Context, Shared},
    system::{info, members::own_identifier},
};
use bench::Bench;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

mod bench;
mod callbacks;
mod conditions;
mod fields;
mod lifetime;
mod outside;
mod texts;

/// The first text of the test ticket, in two lines.
const DESCRIPTION: &str = "casewire probes this instance with this ticket.\nIt removes it again.";

/// Answers as they come, by the question's id.
#[derive(Debug, Default)]
struct Answers(BTreeMap<&'static str, ProbeAnswer>);

impl Answers {
    fn put(
        &mut self,
        id: &'static str,
        sent: impl Into<String>,
        came: impl Into<String>,
        conclusion: &'static str,
    ) {
        let (sent, came) = (sent.into(), came.into());
        self.0.insert(
            id,
            ProbeAnswer {
                id,
                sent,
                came,
                conclusion,
            },
        );
    }

    fn not_asked(&mut self, id: &'static str, why: &str) {
        self.put(id, "", why, NOT_ASKED);
    }

    fn conclusion(&self, id: &str) -> Option<&'static str> {
        self.0.get(id).map(|answer| answer.conclusion)
    }

    /// One for each question, in their order.
    fn in_order(mut self) -> Vec<ProbeAnswer> {
        QUESTIONS
            .iter()
            .map(|question| {
                self.0.remove(question.id).unwrap_or(ProbeAnswer {
                    id: question.id,
                    sent: String::new(),
                    came: "a question before it came to no end".to_owned(),
                    conclusion: NOT_ASKED,
                })
            })
            .collect()
    }
}

/// Probes an instance, removes every record that it made, and keeps what it learned.
///
/// # Errors
///
/// What opening or ending the test ticket came to: without one nothing can be asked.
pub(crate) async fn probe(
    cx: &Context,
    env: &Environment,
    company: Option<&CompanyKey>,
) -> Result<ProbeReport> {
    let _turn = cx.lock("test tickets").await;
    let config = env.settings.config();
    let company = company
        .or(config.companies.unmapped.company.as_ref())
        .or(config.companies.map.first().map(|mapping| &mapping.company))
        .ok_or_else(|| {
            let message = "the configuration names no company for the test ticket: name one";
            Error::new(Code::UnusableCompany, message)
        })?;
    let company = env.company(cx, company).await?;
    let catalog = catalog(cx, env).await?;
    let board = first_board(env, &catalog)?;
    let release = info::read(cx, &env.api).await.ok();

    let mut answers = Answers::default();
    let (mut trial, left) = Trial::begin(cx, env, "probe", Ending::Deleted).await?;
    if let Some((ticket, error)) = left.remaining.into_iter().next() {
        let message = format!("an earlier probe left ticket {ticket}: {}", error.message);
        return Err(Error::new(Code::TestTicketLeft, message));
    }
    let mut ended = left.ended;
    let opened = trial.open(body(board, &company)).await;
    let ticket = opened.map_err(|failure| failure.error)?;
    let member = ticket.info.as_ref().and_then(own_identifier);
    let member = member.map(str::to_owned);
    let bench = Bench {
        cx,
        env,
        catalog: &catalog,
        board,
        company: &company,
        ticket: ticket.id,
        unclear: Shared::new(false),
    };
    conditions::ask(&bench, &mut answers).await;
    texts::ask(&bench, &mut answers).await;
    fields::ask(&bench, &mut answers).await;
    lifetime::ask(&bench, &mut answers).await;
    callbacks::ask(&bench, &mut answers).await;
    outside::ask(&bench, &mut answers).await;
    if *bench.unclear.lock() {
        trial.note_unclear();
    }
    ended.extend(trial.end().await?);
    ended.extend(lifetime::ask_without_company(&bench, &mut answers).await?);

    let quirks = learned(cx, &answers, release.and_then(|info| info.version), member);
    env.learn(cx, quirks.clone()).await?;
    Ok(ProbeReport {
        at: cx.now(),
        release: quirks.release.clone(),
        answers: answers.in_order(),
        quirks,
        ended,
    })
}

async fn catalog(cx: &Context, env: &Environment) -> Result<Catalog> {
    let scope = CatalogScope {
        custom_fields: true,
        ..env.catalog_scope()
    };
    Ok(read_catalog(cx, &env.api, &scope).await?.catalog)
}

fn first_board<'a>(env: &Environment, catalog: &'a Catalog) -> Result<&'a Board> {
    let mut routes = env.settings.config().routes.iter();
    routes
        .find_map(|route| catalog.board(route.board.as_deref()?))
        .ok_or_else(|| {
            let message = "the instance has none of the configuration's boards: check it first";
            Error::new(Code::UnknownBoard, message)
        })
}

fn body(board: &Board, company: &Company) -> Map<String, Value> {
    let fields = json!({
        "summary": "casewire probe, please ignore",
        "company": { "id": company.id },
        "board": { "id": board.id },
        "initialDescription": DESCRIPTION,
        "processNotifications": false,
    });
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// What the client behaves by, and all conclusions.
fn learned(
    cx: &Context,
    answers: &Answers,
    release: Option<String>,
    member: Option<String>,
) -> Quirks {
    let known = answers.0.values();
    let known = known.filter(|answer| !matches!(answer.conclusion, NOT_ASKED | UNCLEAR));
    Quirks {
        learned_at: Some(cx.now()),
        release,
        member,
        in_operator: match answers.conclusion("in") {
            Some("yes") => Some(true),
            Some("no") => Some(false),
            _ => None,
        },
        dates: match answers.conclusion("dates") {
            Some("utc") => Some(DateForm::Utc),
            Some("naive") => Some(DateForm::Naive),
            Some("date_only") => Some(DateForm::DateOnly),
            _ => None,
        },
        line_breaks: match answers.conclusion("note_lines") {
            Some("kept") => Some(LineBreaks::Kept),
            Some("folded") => Some(LineBreaks::Folded),
            _ => None,
        },
        length_unit: match answers.conclusion("length_unit") {
            Some("utf16") => Some(LengthUnit::Utf16),
            Some("characters") => Some(LengthUnit::Characters),
            Some("bytes") => Some(LengthUnit::Bytes),
            _ => None,
        },
        escaping: match (answers.conclusion("quote"), answers.conclusion("backslash")) {
            (Some("backslash"), Some("doubled")) => Some(Escaping::Backslash),
            (Some("doubled"), Some("plain")) => Some(Escaping::Doubled),
            _ => None,
        },
        matrix_wins: match answers.conclusion("explicit_priority") {
            Some("yes") => Some(false),
            Some("no") => Some(true),
            _ => None,
        },
        left_out_custom_fields: match answers.conclusion("custom_fields") {
            Some("kept") => Some(LeftOutCustomFields::Kept),
            Some("cleared" | "refused") => Some(LeftOutCustomFields::Lost),
            _ => None,
        },
        conclusions: known
            .map(|answer| (answer.id.to_owned(), answer.conclusion.to_owned()))
            .collect(),
    }
}
