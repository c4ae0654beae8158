//! The log of events: written with what it tells of, read page by page.

use super::page::{self, MOST_READ};
use crate::{
    definitions::{CategoryDefinition, DashboardDefinition, Named, ReportDefinition},
    delivery::Delivery,
    effect::Batch,
    environment::Environment,
    error::{Code, Error, Fault, Result},
    event_log::{
        About, Bucket, Counting, EventFilter, EventKind, EventPage, EventRecord, Figure, ReportPage,
    },
    runtime::Context,
    store::{keys::moment_of, records, session},
    time::Timestamp,
};
use std::{collections::BTreeSet, time::Duration};

/// Records that are read at once.
const PAGE: u32 = 256;

/// What a dashboard shows where nothing is said.
const SHOWN: Duration = Duration::from_secs(30 * 86_400);

/// Keeps an event with the commit that tells it.
pub(super) fn keep(
    env: &Environment,
    delivery: &Delivery,
    about: &About,
    summary: Option<&str>,
    batch: &mut Batch,
) -> Result<()> {
    if env.settings.config().events.keep.0.is_zero() {
        return Ok(());
    }
    let record = EventRecord::of(delivery, about, summary);
    batch.put_record(env.keys.event(delivery.at, &delivery.id), &record)
}

/// Lists events by page, oldest first.
///
/// # Errors
///
/// A limit that is out of bounds, a place that no page gave, a category that there is not, times the wrong way round.
pub(crate) async fn list_events(
    cx: &Context,
    env: &Environment,
    after: Option<String>,
    limit: u32,
    filter: &EventFilter,
) -> Result<EventPage> {
    let mut reading = Reading::begin(env, after, limit, filter, &[])?;
    let events = reading.page(cx, limit).await?;
    Ok(EventPage {
        events,
        next: reading.place,
    })
}

/// Gives rows of a report, oldest first.
///
/// # Errors
///
/// As [`list_events`], and a report that there is not.
pub(crate) async fn report(
    cx: &Context,
    env: &Environment,
    name: &str,
    after: Option<String>,
    limit: u32,
    filter: &EventFilter,
) -> Result<ReportPage> {
    let report = ReportDefinition::find(name, "/report").map_err(refused)?;
    let mut reading = Reading::begin(env, after, limit, filter, report.events)?;
    let events = reading.page(cx, limit).await?;
    let row = |event: EventRecord| {
        let columns = report.columns.iter();
        columns.map(|column| event.text(column)).collect()
    };
    Ok(ReportPage {
        report: report.name.to_owned(),
        columns: report.columns.to_vec(),
        rows: events.into_iter().map(row).collect(),
        next: reading.place,
    })
}

/// Counts a dashboard's events over time; the last 30 days where nothing is said. The log is read page by page.
///
/// # Errors
///
/// As [`list_events`], a dashboard that there is not, and more points than are drawn.
pub(crate) async fn dashboard(
    cx: &Context,
    env: &Environment,
    name: &str,
    bucket: Bucket,
    filter: &EventFilter,
) -> Result<Figure> {
    let dashboard = DashboardDefinition::find(name, "/dashboard").map_err(refused)?;
    let until = filter
        .until
        .unwrap_or_else(|| cx.now().after(Duration::from_millis(1)));
    let back = i64::try_from(SHOWN.as_millis()).unwrap_or(i64::MAX);
    let from = filter
        .from
        .unwrap_or_else(|| Timestamp::from_millis(until.millis().saturating_sub(back)));
    let filter = EventFilter {
        from: Some(from),
        until: Some(until),
        ..filter.clone()
    };
    let mut reading = Reading::begin(env, None, PAGE, &filter, dashboard.events)?;
    let Some(mut counting) = Counting::begin(bucket, from, until) else {
        return Err(refused(Fault::new(
            Code::InvalidValue,
            "/bucket",
            format!("these are more than {} points of time", Figure::MOST_POINTS),
            "Choose a larger bucket, or a shorter time",
        )));
    };
    loop {
        for event in reading.page(cx, PAGE).await? {
            counting.count(&event.text(dashboard.by), event.at);
        }
        if reading.place.is_none() {
            return Ok(counting.end(dashboard.name, from, until));
        }
    }
}

fn refused(fault: Fault) -> Error {
    Error::refused("the request", vec![fault])
}

/// The log while it is read.
struct Reading<'a> {
    prefix: String,
    filter: &'a EventFilter,
    /// The kinds that are meant; all where nothing is said.
    kinds: Option<BTreeSet<EventKind>>,
    /// What lies before the next record; nothing at the end.
    place: Option<String>,
}

impl<'a> Reading<'a> {
    fn begin(
        env: &Environment,
        after: Option<String>,
        limit: u32,
        filter: &'a EventFilter,
        events: &[EventKind],
    ) -> Result<Self> {
        let prefix = env.keys.all("event");
        let mut faults = Vec::new();
        if let Err(error) = page::check(limit, after.as_deref(), &[&prefix]) {
            faults.extend(error.faults);
        }
        let mut kinds: Option<BTreeSet<EventKind>> = None;
        let mut only = |more: &[EventKind]| {
            let more: BTreeSet<EventKind> = more.iter().copied().collect();
            kinds = Some(match kinds.take() {
                Some(kinds) => kinds.intersection(&more).copied().collect(),
                None => more,
            });
        };
        if !events.is_empty() {
            only(events);
        }
        if !filter.events.is_empty() {
            only(&filter.events);
        }
        if let Some(name) = &filter.category {
            match CategoryDefinition::find(name, "/filter/category") {
                Ok(category) => only(category.events),
                Err(fault) => faults.push(fault),
            }
        }
        if let (Some(from), Some(until)) = (filter.from, filter.until)
            && from >= until
        {
            let message = "no event lies before 'until' and not before 'from'";
            let fix = "Give 'from' the earlier time";
            faults.push(Fault::new(
                Code::InvalidValue,
                "/filter/until",
                message,
                fix,
            ));
        }
        if !faults.is_empty() {
            return Err(Error::refused("the request", faults));
        }
        let first = filter
            .from
            .map_or_else(|| prefix.clone(), |from| env.keys.log_from("event", from));
        Ok(Self {
            place: Some(after.unwrap_or(first)),
            prefix,
            filter,
            kinds,
        })
    }

    /// The next events, so many at most. What cannot be read does not keep the others back.
    async fn page(&mut self, cx: &Context, limit: u32) -> Result<Vec<EventRecord>> {
        let (mut events, mut read) = (Vec::new(), 0);
        while let Some(place) = self.place.take() {
            let records = session::scan(cx, &self.prefix, Some(place), PAGE).await?;
            read += records.len();
            for record in records {
                let at = moment_of(&record.key);
                if at.is_some_and(|at| self.filter.until.is_some_and(|until| at >= until)) {
                    self.place = None;
                    return Ok(events);
                }
                let event = records::read::<EventRecord>(&record.key, &record.value).ok();
                self.place = Some(record.key);
                events.extend(event.filter(|event| self.takes(event)));
                if events.len() >= limit as usize {
                    return Ok(events);
                }
            }
            if read >= MOST_READ {
                return Ok(events);
            }
        }
        Ok(events)
    }

    fn takes(&self, event: &EventRecord) -> bool {
        let kinds = self.kinds.as_ref();
        kinds.is_none_or(|kinds| kinds.contains(&event.event)) && self.filter.takes(event)
    }
}
