//! The preflight (row C3): reads everything that the configuration touches, and tells all that it finds in one run.

use super::{
    announce,
    read_catalog::{CatalogScope, read_catalog},
    test_connection::test_connection,
    write_probe::write_probe,
};
use crate::{
    catalog::{Catalog, same_name},
    command::WriteProbe,
    company::{companies as company_records, configurations as configuration_records, standing},
    environment::Environment,
    error::{Code, Error, Result},
    preflight::{self as judge, Finding, PreflightReport, Severity},
    role::{Feature, least_role},
    runtime::Context,
    store::{
        records::{self, Link},
        session,
    },
    system::members::{self, Member},
};
use std::collections::BTreeSet;

mod devices;
mod mappings;

/// Checks connection, rights, release, keys, boards, companies, device configurations and texts.
///
/// What one part comes to does not keep the others from being told.
///
/// # Errors
///
/// What the store came to; everything else is a finding.
pub(crate) async fn preflight(
    cx: &Context,
    env: &Environment,
    probe: Option<&WriteProbe>,
    also: BTreeSet<Feature>,
) -> Result<PreflightReport> {
    let config = env.settings.config();
    let mut features = Feature::switched_on(config);
    features.extend(also);
    let quirks = env.quirks(cx).await?;

    let mut findings = Vec::new();
    judge::texts::check(&env.settings, &mut findings);
    let test = test_connection(cx, &env.api, &features).await;
    judge::connection::check(
        &config.connection,
        &test,
        &features,
        cx.now(),
        &mut findings,
    );
    let version = test.report.version.as_deref();
    judge::connection::check_quirks(&quirks, version, &mut findings);

    let mut report = PreflightReport {
        ok: false,
        connection: test.report,
        findings: Vec::new(),
        role: least_role(&features),
        test_tickets: Vec::new(),
        boards: 0,
        priorities: 0,
    };
    if test.admitted {
        let catalog = catalog(cx, env, &mut findings).await;
        companies(cx, env, &mut findings).await;
        mappings::check(cx, env, &mut findings).await?;
        devices::check(cx, env, &mut findings).await;
        let mut member = match &quirks.member {
            Some(member) => Some(member.clone()),
            None => member_of_any_ticket(cx, env).await?,
        };
        if let Some(catalog) = &catalog {
            report.boards = catalog.boards.len();
            report.priorities = catalog.priorities.len();
            if let Some(probe) = probe {
                let probed = write_probe(cx, env, catalog, probe).await?;
                findings.extend(probed.findings);
                report.test_tickets = probed.tickets;
                member = probed.member.or(member);
            }
        }
        api_member(cx, env, member.as_deref(), &mut findings).await;
    }
    announce::tell_credential_expiry(cx, env).await?;
    findings.sort();
    findings.dedup();
    report.ok = report.connection.ok
        && findings
            .iter()
            .all(|finding| finding.severity != Severity::Error);
    report.findings = findings;
    Ok(report)
}

async fn catalog(cx: &Context, env: &Environment, findings: &mut Vec<Finding>) -> Option<Catalog> {
    let scope = CatalogScope {
        custom_fields: true,
        ..env.catalog_scope()
    };
    match read_catalog(cx, &env.api.impatient(), &scope).await {
        Ok(reading) => {
            judge::catalog::check(&env.settings, &reading.catalog, &reading.gaps, findings);
            Some(reading.catalog)
        }
        Err(error) => {
            unread("the boards", &error, "/routes", findings);
            None
        }
    }
}

/// The companies of the map and the one that catches all, then the device configurations, which have to be of one of them.
async fn companies(cx: &Context, env: &Environment, findings: &mut Vec<Finding>) {
    let (config, api) = (env.settings.config(), env.api.impatient());
    let keys = judge::companies::named(config);
    let mut mapped = None;
    if !keys.is_empty() {
        let statuses = standing::statuses(cx, &api).await;
        if let Err(error) = &statuses {
            let what = "the statuses of companies";
            unread(what, error, "/companies", findings);
        }
        match standing::find(cx, &api, &keys).await {
            Ok(found) => {
                let statuses = statuses.unwrap_or_default();
                judge::companies::check(config, &found, &statuses, findings);
                let named = found.iter().filter(|standing| {
                    keys.iter()
                        .any(|key| company_records::is_named(&standing.company, key))
                });
                mapped = Some(named.map(|standing| standing.company.id).collect());
            }
            Err(error) => unread("the companies", &error, "/companies/map", findings),
        }
    }
    // A rule may map further groups to any company.
    if config.companies.auto_map.is_some() {
        mapped = None;
    }
    let keys = judge::configurations::named(config);
    if !keys.is_empty() {
        match configuration_records::find_any(cx, &api, &keys).await {
            Ok(found) => {
                judge::configurations::check(config, mapped.as_ref(), &found, findings);
            }
            Err(error) => {
                let at = "/configurations/map";
                unread("the device configurations", &error, at, findings);
            }
        }
    }
}

/// A right that is missing was told with the connection already.
fn unread(what: &str, error: &Error, at: &str, findings: &mut Vec<Finding>) {
    if error.code != Code::Forbidden {
        findings.push(Finding::new(
            Severity::Warning,
            Code::NotChecked,
            Some(at.to_owned()),
            format!("{what} could not be read: {}", error.message),
            "Check again",
        ));
    }
}

/// The API member's identifier, as ConnectWise wrote it on a case's ticket.
async fn member_of_any_ticket(cx: &Context, env: &Environment) -> Result<Option<String>> {
    let page = session::scan(cx, &env.keys.all("link"), None, 1).await?;
    let link = page
        .first()
        .and_then(|record| records::read::<Link>(&record.key, &record.value).ok());
    Ok(link.and_then(|link| link.member))
}

/// Whose keys they are, and where that member's tickets go by default (guide 002 step 4, guide 004).
async fn api_member(
    cx: &Context,
    env: &Environment,
    identifier: Option<&str>,
    findings: &mut Vec<Finding>,
) {
    let Some(identifier) = identifier else {
        findings.push(Finding::new(
            Severity::Info,
            Code::NotChecked,
            None,
            "whose keys these are shows only with the first ticket: there is no address that tells it",
            "Open a test ticket to see it before",
        ));
        return;
    };
    let member = match members::find(cx, &env.api.impatient(), identifier).await {
        Ok(Some(member)) => member,
        Ok(None) => return,
        Err(error) => return unread("the API member", &error, "/connection", findings),
    };
    findings.extend(personal(&member));
    findings.extend(default_board(env, &member));
}

fn personal(member: &Member) -> Option<Finding> {
    let person = !member.license_class.is_empty() && member.license_class != "A";
    person.then(|| {
        Finding::new(
            Severity::Warning,
            Code::PersonalKeys,
            Some("/connection".to_owned()),
            format!(
                "the keys are those of '{}', who is no API member: what that person does in ConnectWise would be taken for \
                 casewire's own",
                member.identifier
            ),
            "Make an API member for casewire alone (System > Members > API Members) and use its keys",
        )
    })
}

fn default_board(env: &Environment, member: &Member) -> Option<Finding> {
    let board = member.service_default_board.as_ref()?.label()?;
    let in_use = env.settings.config().routes.iter().any(|route| {
        route
            .board
            .as_ref()
            .is_some_and(|name| same_name(name, board))
    });
    (!in_use).then(|| {
        Finding::new(
            Severity::Info,
            Code::OtherDefaultBoard,
            Some("/routes".to_owned()),
            format!(
                "the default board of the API member '{}' is '{board}', which no route names",
                member.identifier
            ),
            "Choose a board in use as its Default Board (guide 002 step 4)",
        )
    })
}
