use super::{Finding, Severity};
use crate::{config::Connection, error::Code, time::Timestamp};
use serde::Serialize;

/// From so many days before their end on, keys are warned of.
const WARNED_FROM: i64 = 30;

const DAY: i64 = 24 * 3600 * 1000;

/// How long the API member's keys still hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CredentialExpiry {
    /// The day on which they end, `YYYY-MM-DD`, as the configuration says.
    pub day: String,
    /// Whole days until then; 0 on the last day, negative afterwards.
    pub days_left: i64,
    /// Whether it is time to warn: 30 days before their end and from then on.
    pub warn: bool,
    /// Whether they have ended.
    pub expired: bool,
}

/// Says how long the API member's keys still hold (row C4); nothing where the configuration does not say when they end.
///
/// The keys hold until the end of their last day, in UTC.
#[must_use]
pub fn credential_expiry(connection: &Connection, now: Timestamp) -> Option<CredentialExpiry> {
    let day = connection.credential_expiry.clone()?;
    let begins: Timestamp = format!("{day}T00:00:00Z").parse().ok()?;
    let days_left = (begins.millis() - now.millis().div_euclid(DAY) * DAY).div_euclid(DAY);
    Some(CredentialExpiry {
        day,
        days_left,
        warn: days_left <= WARNED_FROM,
        expired: days_left < 0,
    })
}

pub(crate) fn check(connection: &Connection, now: Timestamp) -> Option<Finding> {
    let expiry = credential_expiry(connection, now).filter(|expiry| expiry.warn)?;
    let (severity, message) = if expiry.expired {
        let message = format!("the API member's keys ended on {}", expiry.day);
        (Severity::Error, message)
    } else {
        let message = format!(
            "the API member's keys end on {}, in {} days",
            expiry.day, expiry.days_left
        );
        (Severity::Warning, message)
    };
    Some(Finding::new(
        severity,
        Code::CredentialExpiry,
        Some("/connection/credential_expiry".to_owned()),
        message,
        "Make new keys (System > Members > API Members > API Keys), give them to the host, and write their last day here",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(day: &str, now: &str) -> CredentialExpiry {
        let mut connection = crate::api::testing::connection();
        connection.credential_expiry = Some(day.to_owned());
        credential_expiry(&connection, now.parse().unwrap()).unwrap()
    }

    #[test]
    fn keys_are_warned_of_from_thirty_days_on_and_hold_until_the_end_of_their_day() {
        for (now, days_left, warn, expired) in [
            ("2027-05-30T23:59:59Z", 31, false, false),
            ("2027-05-31T00:00:00Z", 30, true, false),
            ("2027-06-30T00:00:00Z", 0, true, false),
            ("2027-06-30T23:59:59.999Z", 0, true, false),
            ("2027-07-01T00:00:00Z", -1, true, true),
        ] {
            let expiry = on("2027-06-30", now);
            assert_eq!(
                (expiry.days_left, expiry.warn, expiry.expired),
                (days_left, warn, expired),
                "{now}"
            );
        }
        let connection = crate::api::testing::connection();
        assert_eq!(credential_expiry(&connection, Timestamp::default()), None);
    }
}
