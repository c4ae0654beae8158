use super::outbox;
use crate::{
    callback::SeenCallbacks,
    delivery::Delivery,
    drift::DriftReport,
    environment::Environment,
    error::{Code, Result},
    health::{DriftHealth, HealthReport, HealthStatus, InboundHealth, WayHealth, WayState},
    outbox::Backlog,
    preflight::{Finding, Severity, check_expiry, credential_expiry},
    runtime::Context,
    schedule::Task,
    store::{
        records::{PollCursor, TaskRun},
        session,
    },
    time::{Span, Timestamp},
};
use std::time::Duration;

/// How many polls may be missing before polling counts as stalled.
const MISSED_POLLS: u32 = 3;
/// How long ago the registrations may have been checked, which is daily.
const CHECKED: Duration = Duration::from_secs(25 * 3600);

/// Says how the instance does. It reads the store, and asks ConnectWise nothing.
pub(super) async fn health(cx: &Context, env: &Environment) -> Result<HealthReport> {
    let config = env.settings.config();
    let now = cx.now();
    let backlog = outbox::backlog(cx, env).await?;
    let oldest_undelivered = oldest_delivery(cx, env).await?;
    let inbound = InboundHealth {
        callbacks: callbacks(cx, env).await?,
        polling: polling(cx, env).await?,
    };
    let drift = session::get_one::<DriftReport>(cx, env.keys.drift()).await?;
    let cursor = session::get_one::<PollCursor>(cx, env.keys.poll()).await?;
    let budget = cx.budget(&config.limits);

    let mut findings = Vec::new();
    if !config.policies.case_outbound.enabled {
        findings.push(Finding::new(
            Severity::Warning,
            Code::SwitchedOff,
            Some("/policies/case_outbound".to_owned()),
            "cases make no tickets while the policy is off",
            "Set policies.case_outbound.enabled to true",
        ));
    }
    findings.extend(of_backlog(&backlog, config.limits.backlog_age, now));
    findings.extend(undelivered(
        &backlog,
        oldest_undelivered,
        config.limits.backlog_age,
        now,
    ));
    findings.extend(stalled(&inbound));
    findings.extend(check_expiry(&config.connection, now));
    findings.extend(
        drift
            .value
            .as_ref()
            .filter(|drift| drift.is_broken())
            .map(|drift| {
                Finding::new(
                    Severity::Error,
                    Code::CatalogDrifted,
                    None,
                    format!(
                        "boards or tables changed, and routes no longer fit: {}",
                        crate::text::cut(&drift.in_lines().replace('\n', "; "), 300)
                    ),
                    "The drift report names each with its fix (casewire drift): mend the configuration or ConnectWise",
                )
            }),
    );
    let held = cursor.value.and_then(|cursor| cursor.held);
    findings.extend(held.filter(|held| !held.released).map(|held| {
        Finding::new(
            Severity::Warning,
            Code::ChangesHeld,
            None,
            format!(
                "{} of {} open tickets were deleted, closed or moved at once; nobody is told of it since {}",
                held.counts.changes(),
                held.counts.open,
                held.since
            ),
            "Where it is meant, release it (casewire poll --release-mass-change INSTANCE); otherwise put it right in ConnectWise",
        )
    }));
    if let Some(until) = budget.paused_until {
        findings.push(Finding::new(
            Severity::Warning,
            Code::Throttled,
            Some("/limits/requests_per_minute".to_owned()),
            format!("ConnectWise asked for a pause: no request leaves until {until}"),
            "Wait; where it comes back, lower requests_per_minute, which all integrations of the instance share",
        ));
    } else if budget.allowed < budget.concurrency {
        findings.push(Finding::new(
            Severity::Info,
            Code::Throttled,
            Some("/limits/concurrency".to_owned()),
            format!(
                "{} of {} requests may be under way, because ConnectWise throttled or failed",
                budget.allowed, budget.concurrency
            ),
            "Nothing: answers win it back. Where it stays so, lower concurrency",
        ));
    }
    findings.sort();
    Ok(HealthReport {
        status: status(&findings),
        findings,
        backlog,
        oldest_undelivered,
        inbound,
        credentials: credential_expiry(&config.connection, now),
        drift: drift.value.map(|drift| DriftHealth {
            at: drift.read_at,
            changes: drift.changes.len() as u64,
            breaks: drift.is_broken(),
        }),
        budget,
    })
}

fn status(findings: &[Finding]) -> HealthStatus {
    let worst = findings.iter().map(|finding| finding.severity).min();
    match worst {
        Some(Severity::Error) => HealthStatus::Failing,
        Some(Severity::Warning) => HealthStatus::Degraded,
        Some(Severity::Info) | None => HealthStatus::Healthy,
    }
}

fn of_backlog(backlog: &Backlog, most: Span, now: Timestamp) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(oldest) = backlog.oldest.filter(|oldest| now.since(*oldest) > most.0) {
        findings.push(Finding::new(
            Severity::Error,
            Code::BacklogAge,
            Some("/limits/backlog_age".to_owned()),
            format!(
                "{} cases wait, the oldest since {oldest}: more than {most}",
                backlog.waiting + backlog.retrying
            ),
            "The outbox says what they wait for (casewire outbox list), a connection test whether ConnectWise answers (casewire check)",
        ));
    }
    if backlog.failed > 0 {
        findings.push(Finding::new(
            Severity::Error,
            Code::FailedCases,
            None,
            format!("{} cases failed for good", backlog.failed),
            "Mend the reasons that the outbox names (casewire outbox list --state failed), then have them tried again or discard them",
        ));
    }
    if backlog.held > 0 {
        findings.push(Finding::new(
            Severity::Warning,
            Code::UnmappedGroup,
            Some("/companies/unmapped".to_owned()),
            match backlog.held {
                1 => "1 case waits for its group to be mapped".to_owned(),
                held => format!("{held} cases wait for their groups to be mapped"),
            },
            "Map the groups, and the cases go on; the list of mappings names those without a company",
        ));
    }
    findings
}

fn undelivered(
    backlog: &Backlog,
    oldest: Option<Timestamp>,
    most: Span,
    now: Timestamp,
) -> Option<Finding> {
    let oldest = oldest.filter(|oldest| now.since(*oldest) > most.0)?;
    Some(Finding::new(
        Severity::Warning,
        Code::DeliveriesWait,
        Some("/limits/backlog_age".to_owned()),
        format!(
            "{} deliveries wait for the host to take them over, the oldest since {oldest}: more than {most}",
            backlog.undelivered
        ),
        "See to it that the host answers each deliver effect once it is durable; a command that takes none over leaves them",
    ))
}

/// When the oldest delivery was made. Their keys are not in the order of time.
async fn oldest_delivery(cx: &Context, env: &Environment) -> Result<Option<Timestamp>> {
    let mut oldest: Option<Timestamp> = None;
    session::each(cx, &env.keys.all("delivery"), |delivery: Delivery| {
        oldest = oldest.into_iter().chain([delivery.at]).min();
    })
    .await?;
    Ok(oldest)
}

async fn callbacks(cx: &Context, env: &Environment) -> Result<WayHealth> {
    let wanted = env.settings.config().callbacks.as_ref();
    if wanted
        .and_then(|callbacks| callbacks.url.as_ref())
        .is_none()
    {
        return Ok(WayHealth::default());
    }
    let run = session::get_one::<TaskRun>(cx, env.keys.run(Task::EnsureCallbacks)).await?;
    let buckets = SeenCallbacks::buckets().map(|bucket| env.keys.seen_callbacks(bucket));
    let seen = session::get_many::<SeenCallbacks>(cx, buckets.collect()).await?;
    let last = seen.into_iter().filter_map(|seen| seen.value?.last()).max();
    Ok(WayHealth {
        state: state(run.value, CHECKED, cx.now()),
        last,
    })
}

async fn polling(cx: &Context, env: &Environment) -> Result<WayHealth> {
    let config = env.settings.config();
    if !config.policies.ticket_inbound.enabled {
        return Ok(WayHealth::default());
    }
    let run = session::get_one::<TaskRun>(cx, env.keys.run(Task::Poll)).await?;
    let last = run.value.as_ref().map(|run| run.at);
    let age = config.inbound.every.0 * MISSED_POLLS;
    Ok(WayHealth {
        state: state(run.value, age, cx.now()),
        last,
    })
}

fn state(run: Option<TaskRun>, age: Duration, now: Timestamp) -> WayState {
    match run {
        None => WayState::Waiting,
        Some(run) if now.since(run.at) > age => WayState::Stalled,
        Some(_) => WayState::Works,
    }
}

/// What the ways back come to: one that stalls is made up for by the other.
fn stalled(inbound: &InboundHealth) -> Vec<Finding> {
    let ways = [
        (
            "callbacks",
            inbound.callbacks.state,
            inbound.polling.state,
            "/callbacks",
            "the registrations were not checked for more than a day",
            "Have the task ensure_callbacks run daily, as casewire serve does",
        ),
        (
            "polling",
            inbound.polling.state,
            inbound.callbacks.state,
            "/inbound/every",
            "no poll ended well for three times its span",
            "Have the task poll run, as casewire serve does; a poll by hand says what it fails with (casewire poll)",
        ),
    ];
    let stalled = ways.into_iter().filter(|way| way.1 == WayState::Stalled);
    stalled
        .map(|(name, _, other, pointer, why, fix)| {
            let made_up = other == WayState::Works;
            let severity = match made_up {
                true => Severity::Warning,
                false => Severity::Error,
            };
            let more = match made_up {
                true => "the other way works",
                false => "no way back works",
            };
            let message = format!("{name}: {why}; {more}");
            let pointer = Some(pointer.to_owned());
            Finding::new(severity, Code::InboundStalled, pointer, message, fix)
        })
        .collect()
}
