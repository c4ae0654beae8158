use super::Conditions;
use crate::api::query::encoded_len;

/// Longest condition in a query: the whole address stays below 2,000 characters (API.md section 5).
const ROOM: usize = 1_500;

impl Conditions {
    /// The field is one of these ids.
    pub(crate) fn in_ids(self, field: &'static str, ids: &[u32]) -> Self {
        self.and(format_args!("{field} in ({})", listed(ids)))
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
