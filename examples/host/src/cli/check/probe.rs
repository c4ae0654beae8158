use crate::cli::terminal::{printable, table};
use casewire::{ProbeReport, QUESTIONS};

/// The answers as a table, and how many records were removed.
pub(super) fn shown(report: &ProbeReport) -> String {
    let mut table = table(["Question", "Conclusion", "What came"]);
    for (answer, question) in report.answers.iter().zip(QUESTIONS) {
        let mark = if question.wired { " *" } else { "" };
        table.add_row([
            question.asks,
            &format!("{}{mark}", answer.conclusion.replace('_', " ")),
            &printable(&answer.came),
        ]);
    }
    let ended: Vec<String> = report.ended.iter().map(ToString::to_string).collect();
    format!(
        "{}\n* casewire behaves accordingly from now on.\nTest tickets, deleted or closed: {}.",
        table.trim_fmt(),
        ended.join(", ")
    )
}
