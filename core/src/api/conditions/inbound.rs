use super::Conditions;
use crate::{api::query::encoded_len, quirks::DateForm, time::Timestamp};

/// Longest condition in a query: the whole address stays below 2,000 characters (API.md section 5).
const ROOM: usize = 1_500;

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

    /// The field is one of these ids.
    pub(crate) fn in_ids(self, field: &'static str, ids: &[u32]) -> Self {
        self.and(format_args!("{field} in ({})", listed(ids)))
    }

    /// At least one of these holds.
    pub(crate) fn any(self, alternatives: impl IntoIterator<Item = Self>) -> Self {
        let group = alternatives
            .into_iter()
            .filter(|alternative| !alternative.is_empty())
            .map(|alternative| alternative.0)
            .collect::<Vec<_>>()
            .join(" or ");
        if group.is_empty() {
            self
        } else {
            self.and(format_args!("({group})"))
        }
    }

    /// Splits ids so that each part fits into an address, even spelled out with `or`.
    pub(crate) fn chunks<'a>(field: &str, ids: &'a [u32]) -> Vec<&'a [u32]> {
        let each = encoded_len(&format!("{field}={} or ", u32::MAX));
        ids.chunks((ROOM / each).max(1)).collect()
    }
}

fn listed(ids: &[u32]) -> String {
    ids.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_and_alternatives_are_written_as_the_guide_writes_them() {
        let conditions = Conditions::new().in_ids("id", &[1, 2]).any([
            Conditions::new().eq("a", 1),
            Conditions::new(),
            Conditions::new().eq("b", 2),
        ]);
        assert_eq!(conditions.as_str(), "id in (1,2) and (a=1 or b=2)");
    }

    #[test]
    fn times_have_the_form_that_the_server_wants() {
        let time: Timestamp = "2016-08-20T00:00:00.700Z".parse().unwrap();
        let since = |form| Conditions::new().since("x", time, form).0;
        assert_eq!(since(DateForm::Utc), "x > [2016-08-19T23:59:59Z]");
        assert_eq!(since(DateForm::Naive), "x > [2016-08-18T23:59:59]");
        assert_eq!(since(DateForm::DateOnly), "x > [2016-08-18]");
    }

    #[test]
    fn any_number_of_ids_fits_into_addresses() {
        let ids: Vec<u32> = (0..1000).map(|n| u32::MAX - n).collect();
        let parts = Conditions::chunks("id", &ids);
        assert_eq!(parts.iter().map(|part| part.len()).sum::<usize>(), 1000);
        for part in parts {
            let spelled =
                Conditions::new().any(part.iter().map(|id| Conditions::new().eq("id", *id)));
            assert!(encoded_len(spelled.as_str()) <= ROOM + 20);
        }
    }
}
