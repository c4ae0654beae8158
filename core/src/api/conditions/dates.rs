use super::Conditions;
use crate::{quirks::DateForm, time::Timestamp};

/// How far the day of a server that is told no zone may lie from UTC's.
const DAY: i64 = 24 * 3600;

impl Conditions {
    /// The field's time is `time` or later, to the second. Overlap windows: the server's clock is not ours.
    ///
    /// A form that names no zone reaches back a day further: it is unpublished whose day the server takes it for.
    pub(crate) fn since(self, field: &'static str, time: Timestamp, form: DateForm) -> Self {
        let overlap = if form == DateForm::Utc { 0 } else { DAY };
        let before = time.millis().div_euclid(1000) - 1 - overlap;
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
        assert_eq!(since(DateForm::Naive), "x > [2016-08-18T23:59:59]");
        assert_eq!(since(DateForm::DateOnly), "x > [2016-08-18]");
    }
}
