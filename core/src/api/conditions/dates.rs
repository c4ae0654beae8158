use super::Conditions;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// How a server wants times written (API.md section 18, row 5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DateForm {
    /// `[2016-08-20T18:04:26Z]`
    #[default]
    Utc,
    /// `[2016-08-20T18:04:26]`
    Naive,
    /// `[2016-08-20]`
    DateOnly,
}

impl DateForm {
    /// Every form, the documented one first.
    pub(crate) const ALL: [Self; 3] = [Self::Utc, Self::Naive, Self::DateOnly];
}

impl Conditions {
    /// The field's time is `time` or later, to the second. Overlap windows: the server's clock is not ours.
    pub(crate) fn since(self, field: &'static str, time: Timestamp, form: DateForm) -> Self {
        let before = time.millis().div_euclid(1000) - 1;
        let text = Timestamp::from_millis(before.saturating_mul(1000)).to_string();
        let end = match form {
            DateForm::Utc => text.len(),
            DateForm::Naive => 19,
            DateForm::DateOnly => 10,
        };
        self.and(format_args!(
            "{field} > [{}]",
            text.get(..end).unwrap_or(&text)
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_form_that_the_server_wants() {
        let time: Timestamp = "2016-08-20T00:00:00.700Z".parse().unwrap();
        let since = |form| Conditions::new().since("x", time, form).0;
        assert_eq!(since(DateForm::Utc), "x > [2016-08-19T23:59:59Z]");
        assert_eq!(since(DateForm::Naive), "x > [2016-08-19T23:59:59]");
        assert_eq!(since(DateForm::DateOnly), "x > [2016-08-19]");
    }
}
