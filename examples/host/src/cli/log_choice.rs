//! Which events of the log a command is about.

use super::{Instance, store_choice::StoreChoice};
use crate::clock::now;
use casewire::{EventFilter, EventKind, Span, TicketId, Timestamp};
use clap::Args;
use std::str::FromStr;

/// Whose log it is.
#[derive(Debug, Args)]
pub(super) struct Log {
    #[command(flatten)]
    pub(super) instance: Instance,
    /// Where the log is kept: `sqlite:PATH` or `postgres://…`.
    #[arg(long, value_name = "STORE")]
    pub(super) store: StoreChoice,
    /// Print JSON.
    #[arg(long)]
    pub(super) json: bool,
}

/// A span of time.
#[derive(Debug, Args)]
pub(super) struct Times {
    /// Not before: a time such as 2026-11-01T00:00:00Z, or a span before now such as 7d.
    #[arg(long, value_name = "TIME")]
    from: Option<When>,
    /// Before this time.
    #[arg(long, value_name = "TIME")]
    until: Option<When>,
}

impl Times {
    pub(super) fn from(&self) -> Option<Timestamp> {
        self.from.map(|when| when.0)
    }

    pub(super) fn until(&self) -> Option<Timestamp> {
        self.until.map(|when| when.0)
    }
}

/// Which events.
#[derive(Debug, Args)]
pub(super) struct EventChoice {
    #[command(flatten)]
    times: Times,
    /// Only this kind, such as ticket_closed; may be given more than once.
    #[arg(long = "event", value_name = "KIND")]
    events: Vec<Kind>,
    /// Only of this category: created, reopened, modified or closed.
    #[arg(long, value_name = "NAME")]
    category: Option<String>,
    /// Only about this case.
    #[arg(long, value_name = "ID")]
    case: Option<String>,
    /// Only about this ticket.
    #[arg(long, value_name = "NUMBER")]
    ticket: Option<u32>,
    /// Only of this group.
    #[arg(long, value_name = "ID")]
    group: Option<String>,
    /// Only of this company.
    #[arg(long, value_name = "NAME")]
    company: Option<String>,
    /// Only by this person.
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// Only what was raised as an alert.
    #[arg(long)]
    alerts: bool,
}

impl EventChoice {
    pub(super) fn filter(&self) -> EventFilter {
        EventFilter {
            events: self.events.iter().map(|kind| kind.0).collect(),
            category: self.category.clone(),
            from: self.times.from(),
            until: self.times.until(),
            case_id: self.case.clone(),
            ticket_id: self.ticket.map(TicketId),
            group: self.group.clone(),
            company: self.company.clone(),
            user: self.user.clone(),
            raised: self.alerts.then_some(true),
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Kind(EventKind);

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        EventKind::named(text).map(Self).ok_or_else(|| {
            let names: Vec<&str> = EventKind::ALL.iter().map(|kind| kind.name()).collect();
            format!("there is no such event; one of {}", names.join(", "))
        })
    }
}

/// A time, as people write it.
#[derive(Clone, Copy, Debug)]
struct When(Timestamp);

impl FromStr for When {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let before_now = |span: Span| {
            let millis = i64::try_from(span.0.as_millis()).unwrap_or(i64::MAX);
            Timestamp::from_millis(now().millis().saturating_sub(millis))
        };
        let span = text.parse().map(before_now);
        span.or_else(|_| text.parse::<Timestamp>())
            .map(Self)
            .map_err(|_| {
                "give a time such as 2026-11-01T00:00:00Z, or a span before now such as 7d"
                    .to_owned()
            })
    }
}
