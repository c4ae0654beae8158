//! Mappings as tables.

use crate::cli::terminal::{printable, table};
use casewire::{
    AutoMapOutcome, AutoMapReport, CustomerChange, CustomersReport, MappedKind, Mapping,
    MappingOrigin, MappingTarget, MappingsChanged, SuggestedMappings,
};

/// Mappings, one a row.
pub(super) fn list(mappings: &[Mapping]) -> String {
    if mappings.is_empty() {
        return "Nothing is mapped.".to_owned();
    }
    let mut table = table(["", "Id", "Mapped to", "By", "Why"]);
    for mapping in mappings {
        let state = &mapping.state;
        table.add_row([
            kind(mapping.kind),
            &printable(&mapping.id),
            &printable(&target(state.target.as_ref())),
            &printable(&match &state.by {
                Some(by) => format!("{} ({by})", origin(state.origin)),
                None => origin(state.origin).to_owned(),
            }),
            &printable(&state.reason),
        ]);
    }
    table.trim_fmt()
}

/// What came of a change.
pub(super) fn changed(changed: &MappingsChanged) -> String {
    let mut text = list(&changed.mappings);
    for fault in &changed.left_out {
        text.push_str(&format!("\nleft out: {}", printable(&fault.to_string())));
    }
    text.push_str(&format!(
        "\n{} changed; {} held cases go on.",
        changed.changed, changed.held_cases
    ));
    text
}

/// What came of automatic mapping.
pub(super) fn auto(report: &AutoMapReport) -> String {
    let mut table = table(["", "Id", "Outcome", "Mapped to", "Why"]);
    for item in &report.items {
        let outcome = match item.outcome {
            AutoMapOutcome::Mapped => "mapped",
            AutoMapOutcome::Kept => "kept",
            AutoMapOutcome::Refused => "REFUSED",
            AutoMapOutcome::LeftAlone => "left alone",
        };
        table.add_row([
            kind(item.kind),
            &printable(&item.id),
            outcome,
            &printable(&target(item.target.as_ref())),
            &printable(&item.reason),
        ]);
    }
    let saved = match report.dry_run {
        true => "Nothing was saved.".to_owned(),
        false => format!("{} held cases go on.", report.held_cases),
    };
    format!(
        "{}\n{} mapped, {} kept, {} refused, {} left alone. {saved}",
        table.trim_fmt(),
        report.mapped,
        report.kept,
        report.refused,
        report.left_alone
    )
}

/// Candidates with their evidence.
pub(super) fn suggested(suggested: &SuggestedMappings) -> String {
    let mut table = table(["", "Id", "May be", "Score", "Evidence"]);
    for group in &suggested.groups {
        for candidate in &group.candidates {
            let evidence: Vec<&str> = candidate.evidence.iter().map(|e| e.text.as_str()).collect();
            table.add_row([
                "group",
                &printable(&group.id),
                &printable(&candidate.company.to_string()),
                &candidate.score.to_string(),
                &printable(&evidence.join("; ")),
            ]);
        }
    }
    for system in &suggested.systems {
        for candidate in &system.candidates {
            let evidence: Vec<&str> = candidate.evidence.iter().map(|e| e.text.as_str()).collect();
            table.add_row([
                "system",
                &printable(&system.id),
                &printable(&candidate.configuration.to_string()),
                &candidate.score.to_string(),
                &printable(&evidence.join("; ")),
            ]);
        }
    }
    table.trim_fmt()
}

/// What differs between the host's customers and the companies.
pub(super) fn customers(report: &CustomersReport) -> String {
    let unchanged = format!("{} groups are as they were.", report.unchanged);
    if report.findings.is_empty() {
        return format!("Groups and companies agree. {unchanged}");
    }
    let mut table = table(["Group", "Company", "What", "How it shows", "What to do"]);
    for finding in &report.findings {
        let what = match &finding.change {
            CustomerChange::GroupNew => "group is new".to_owned(),
            CustomerChange::GroupGone => "group is gone".to_owned(),
            CustomerChange::GroupRenamed { from } => format!("group was '{from}'"),
            CustomerChange::CompanyNew => "company is new".to_owned(),
            CustomerChange::CompanyGone => "company is gone".to_owned(),
            CustomerChange::CompanyRenamed { from } => format!("company was {from}"),
            CustomerChange::CompanyMerged { into } => format!("merged into {into}"),
        };
        let company = finding.company.as_ref();
        table.add_row([
            printable(finding.group.as_deref().unwrap_or("-")),
            printable(&company.map_or_else(|| "-".to_owned(), ToString::to_string)),
            printable(&what),
            printable(&finding.reason),
            printable(&finding.fix),
        ]);
    }
    format!("{}\n{unchanged}", table.trim_fmt())
}

fn kind(kind: MappedKind) -> &'static str {
    match kind {
        MappedKind::Group => "group",
        MappedKind::System => "system",
    }
}

fn origin(origin: MappingOrigin) -> &'static str {
    match origin {
        MappingOrigin::Configuration => "configuration",
        MappingOrigin::Manual => "by hand",
        MappingOrigin::Automatic => "automatic",
        MappingOrigin::Removed => "removed",
    }
}

fn target(target: Option<&MappingTarget>) -> String {
    target.map_or_else(|| "-".to_owned(), MappingTarget::name)
}
