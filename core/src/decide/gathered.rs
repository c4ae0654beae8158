use crate::{
    case::Case,
    config::Correlation,
    settings::correlation_line,
    store::records::{Gathered, Gathering, KeyTicket},
    text::{cut, single_line},
    time::Timestamp,
};
use std::fmt::Write as _;

/// Cases that a note tells of one by one; of the others it says how many there are.
const MOST_LINES: usize = 20;
/// Kinds and groups that are counted one by one.
const MOST_COUNTS: usize = 50;
/// The most earlier tickets that a correlation note names.
const MOST_NAMED: usize = 5;
const OTHERS: &str = "others";

/// What a case adds to what is gathered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Batch {
    /// A case of its own.
    New,
    /// More of a case that was counted before.
    Update,
}

/// Adds a case to what waits to be written.
pub(crate) fn count_in(gathering: &mut Gathering, case: &Case, batch: Batch, now: Timestamp) {
    if batch == Batch::New {
        gathering.cases += 1;
        let name = format!(
            "{}, group {}",
            case.kind.as_deref().unwrap_or("no kind"),
            case.group.id
        );
        let full = gathering.counts.len() >= MOST_COUNTS && !gathering.counts.contains_key(&name);
        let name = if full {
            OTHERS.to_owned()
        } else {
            cut(&name, 120)
        };
        *gathering.counts.entry(name).or_default() += 1;
    }
    gathering.total += 1;
    gathering.last_at = now;
    if gathering.lines.len() < MOST_LINES {
        gathering.lines.push(line(case, batch));
    }
}

/// What a note says of one case.
pub(crate) fn line(case: &Case, batch: Batch) -> String {
    let number = case.number.as_deref().unwrap_or(&case.id);
    let mut text = format!(
        "#{} {} {} ({})",
        cut(&single_line(number), 40),
        case.updated_at,
        cut(&single_line(&case.title), 150),
        case.severity
    );
    if let Some(system) = &case.system {
        let _ = write!(
            text,
            ", system {}",
            cut(&single_line(system.name.as_ref().unwrap_or(&system.id)), 60)
        );
    }
    if let Some(user) = &case.user {
        let _ = write!(text, ", user {}", cut(&single_line(&user.name), 60));
    }
    if batch == Batch::Update || case.is_over() {
        let status = if case.is_over() {
            Case::CLOSED
        } else {
            &case.status
        };
        let _ = write!(text, ", now {status}");
    }
    let (comments, files) = (case.comments.len(), case.attachments.len());
    if comments + files > 0 {
        let _ = write!(
            text,
            "; {comments} comments and {files} attachments stand in the case"
        );
    }
    let first = case
        .description
        .lines()
        .map(single_line)
        .find(|line| !line.is_empty());
    if let Some(first) = first.filter(|_| batch == Batch::New) {
        let _ = write!(text, "\n  {}", cut(&first, 300));
    }
    text
}

/// The note of a batch; none where nothing waits. What it says of numbers makes it like no other note of the ticket.
pub(crate) fn batch_note(gathering: &Gathering) -> Option<String> {
    let waiting = gathering
        .total
        .checked_sub(gathering.written)
        .filter(|waiting| *waiting > 0)?;
    let from = gathering.written + 1;
    let mut text = match gathering.what {
        Gathered::Repeats => format!(
            "Repeats of this incident: updates {from} to {} ({} cases in all since {})",
            gathering.total, gathering.cases, gathering.first_at
        ),
        Gathered::Flood | Gathered::Window => format!(
            "Cases without a ticket of their own: updates {from} to {} ({} cases in all since {})",
            gathering.total, gathering.cases, gathering.first_at
        ),
    };
    if gathering.what == Gathered::Flood {
        text.push_str(&counters(gathering));
    }
    for line in &gathering.lines {
        text.push_str("\n- ");
        text.push_str(line);
    }
    let untold = waiting.saturating_sub(gathering.lines.len() as u64);
    if untold > 0 {
        let _ = write!(text, "\nand {untold} more");
    }
    Some(text)
}

/// What is said at the end.
pub(crate) fn summary_note(gathering: &Gathering) -> String {
    let what = match gathering.what {
        Gathered::Repeats => "The repeats are over",
        Gathered::Flood => "The flood is over",
        Gathered::Window => "The maintenance window is over",
    };
    format!(
        "{what} ({}): {} cases from {} to {} got no ticket of their own{}",
        gathering.name,
        gathering.cases,
        gathering.first_at,
        gathering.last_at,
        counters(gathering)
    )
}

fn counters(gathering: &Gathering) -> String {
    gathering
        .counts
        .iter()
        .fold(String::new(), |mut text, (name, count)| {
            let _ = write!(text, "\n{name}: {count}");
            text
        })
}

/// The note by which a new ticket names earlier ones of its key, the newest first.
pub(crate) fn correlation_note(
    correlation: &Correlation,
    earlier: &[KeyTicket],
    now: Timestamp,
) -> Option<String> {
    let named: Vec<String> = earlier
        .iter()
        .rev()
        .filter(|ticket| now.since(ticket.at) < correlation.window.0)
        .take(MOST_NAMED)
        .filter_map(|ticket| correlation_line(&correlation.text, &ticket.ticket.to_string()))
        .collect();
    (!named.is_empty()).then(|| named.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{decide::tests::case, service::TicketId};
    use proptest::prelude::*;
    use serde_json::json;
    use std::{collections::BTreeMap, time::Duration};

    pub(crate) fn gathering(what: Gathered) -> Gathering {
        Gathering {
            what,
            name: "48Tech / audit".to_owned(),
            case_id: "10012".to_owned(),
            ticket: Some(TicketId(909)),
            own: None,
            cases: 0,
            total: 0,
            written: 0,
            counts: BTreeMap::new(),
            lines: Vec::new(),
            first_at: Timestamp::default(),
            last_at: Timestamp::default(),
            due: None,
            ends: None,
            over: false,
            marker: None,
            intent: None,
            last_error: None,
        }
    }

    #[test]
    fn a_correlation_note_names_the_newest_within_its_window() {
        let days = |days: u64| Timestamp::default().after(Duration::from_secs(days * 86_400));
        let earlier: Vec<KeyTicket> = (0..8)
            .map(|n| KeyTicket {
                case_id: n.to_string(),
                ticket: TicketId(900 + n),
                at: days(u64::from(n)),
            })
            .collect();
        let note = correlation_note(&Correlation::default(), &earlier, days(36)).unwrap();
        assert_eq!(note, "Previous incident for the same alert type: Id: 907");
        assert_eq!(
            correlation_note(&Correlation::default(), &earlier, days(60)),
            None
        );
        let note = correlation_note(&Correlation::default(), &earlier, days(8)).unwrap();
        assert_eq!(note.lines().count(), MOST_NAMED);
    }

    proptest! {
        #[test]
        fn a_note_is_bounded_and_counts_every_case(cases in 1_u64..300, description in ".{0,2000}", title in "[^\\x00-\\x1f]{1,900}") {
            let mut gathering = gathering(Gathered::Flood);
            for n in 0..cases {
                let case = case(|c| {
                    c["kind"] = json!(format!("kind {n}"));
                    c["title"] = json!(format!("x{title}"));
                    c["description"] = json!(description);
                });
                count_in(&mut gathering, &case, Batch::New, Timestamp::default());
            }
            prop_assert_eq!(gathering.counts.values().sum::<u64>(), cases);
            prop_assert!(gathering.counts.len() <= MOST_COUNTS + 1);
            let note = batch_note(&gathering).unwrap();
            prop_assert!(note.chars().count() < 30_000, "{}", note.chars().count());
            let said = gathering.lines.len() as u64;
            let wanted = format!("and {} more", cases - said);
            prop_assert!(cases == said || note.ends_with(&wanted));
            gathering.written = gathering.total;
            prop_assert_eq!(batch_note(&gathering), None);
        }
    }
}
