use crate::cli::terminal::{printable, table};
use casewire::{Finding, Severity, TestState, TestStepKind, TestTicket};

/// The findings as a table, the worst first.
pub(in crate::cli) fn shown(findings: &[Finding]) -> String {
    let mut table = table(["Finding", "Where", "What is wrong", "How to mend it"]);
    for finding in findings {
        let severity = match finding.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        table.add_row([
            severity,
            &printable(finding.pointer.as_deref().unwrap_or("")),
            &printable(&finding.message),
            &printable(&finding.fix),
        ]);
    }
    table.trim_fmt()
}

/// The steps of a test ticket as a table.
pub(super) fn test_ticket(ticket: &TestTicket) -> String {
    let heading = format!("Test ticket of route '{}'", printable(&ticket.route));
    let mut table = table([heading.as_str(), "State", "What came of it"]);
    for step in &ticket.steps {
        let name = match step.step {
            TestStepKind::CleanUp => "clean up",
            TestStepKind::Open => "open",
            TestStepKind::Note => "note",
            TestStepKind::Attach => "attach",
            TestStepKind::Change => "change",
            TestStepKind::Close => "close",
        };
        let state = match step.state {
            TestState::Done => "done",
            TestState::Refused => "REFUSED",
            TestState::Unclear => "unclear",
            TestState::Skipped => "not tried",
        };
        let right = step.right.as_ref().map(|right| format!(" (lacks {right})"));
        let message = format!("{}{}", step.message, right.unwrap_or_default());
        table.add_row([name, state, &printable(&message)]);
    }
    table.trim_fmt()
}
