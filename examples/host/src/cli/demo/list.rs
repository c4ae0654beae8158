use super::stage::Stage;
use crate::cli::terminal::table;

/// The list of cases, with the columns of the guide's section 9.2; newest first.
pub(super) fn shown(stage: &Stage) -> String {
    let mut table = table([
        "Date",
        "Id",
        "PSA Ticket Id",
        "Added By",
        "Title",
        "Criticality",
        "Status in PSA",
    ]);
    let mut cases: Vec<_> = stage.cases().collect();
    cases.sort_by_key(|case| std::cmp::Reverse(case.created_at));
    for case in cases {
        table.add_row([
            case.created_at.to_string(),
            case.id.clone(),
            stage.ticket(&case.id),
            case.added_by.clone().unwrap_or_default(),
            case.title.clone(),
            case.severity.clone(),
            stage.status(&case.id),
        ]);
    }
    table.trim_fmt()
}
