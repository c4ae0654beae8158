use super::{Finding, Severity, expiry};
use crate::{
    config::Connection,
    error::Code,
    quirks::Quirks,
    role::{Feature, Need},
    time::Timestamp,
    workflows::test_connection::ConnectionTest,
};
use std::collections::BTreeSet;

/// Rights, release and keys (rows C3, C4, C9).
pub(crate) fn check(
    connection: &Connection,
    test: &ConnectionTest,
    features: &BTreeSet<Feature>,
    now: Timestamp,
    findings: &mut Vec<Finding>,
) {
    findings.extend(expiry::check(connection, now));
    findings.extend(test.missing.iter().map(|need| missing_right(need)));
    for (need, why) in &test.unclear {
        findings.push(Finding::new(
            Severity::Warning,
            Code::NotChecked,
            None,
            format!(
                "it could not be told whether the role has {}: {why}",
                need.inquire()
            ),
            "Test again; where there are such records, add the right to the role and set it to All",
        ));
    }
    let Some(release) = test.release else { return };
    for feature in features {
        let (needed, source) = feature.needs();
        if release < needed {
            let message = format!(
                "the release is {}.{}, and {} need {}.{} ({source})",
                release.0,
                release.1,
                feature.name(),
                needed.0,
                needed.1
            );
            findings.push(Finding::new(
                Severity::Error,
                Code::ReleaseTooOld,
                None,
                message,
                "Update ConnectWise PSA, or switch the feature off",
            ));
        }
    }
}

fn missing_right(need: &Need) -> Finding {
    Finding::new(
        Severity::Error,
        Code::MissingRight,
        None,
        format!(
            "the API member's security role lacks {}, which {} need",
            need.inquire(),
            need.feature.name()
        ),
        format!(
            "In System > Security Roles set {} > {} > Inquire Level to All",
            need.module, need.right
        ),
    )
}

/// What was learned on another release may no longer hold.
pub(crate) fn check_quirks(quirks: &Quirks, version: Option<&str>, findings: &mut Vec<Finding>) {
    if let (Some(learned), Some(version)) = (&quirks.release, version)
        && learned != version
    {
        findings.push(Finding::new(
            Severity::Info,
            Code::OutdatedQuirks,
            None,
            format!("how the instance behaves was learned on {learned}, and it runs {version} now"),
            "Probe a sandbox of the same release again",
        ));
    }
}
