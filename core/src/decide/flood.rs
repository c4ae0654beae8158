use crate::{
    case::Case,
    config::FloodScope,
    digest,
    settings::{FloodRule, Settings},
    time::Timestamp,
};

/// What new tickets are counted over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scope {
    /// What stands in the store's keys.
    pub(crate) digest: String,
    /// For people, such as `group 48Tech`.
    pub(crate) text: String,
}

/// What a case is counted in; nothing for one that is exempt.
pub(crate) fn flood_scope<'a>(
    settings: &'a Settings,
    case: &Case,
    route: &str,
) -> Option<(&'a FloodRule, Scope)> {
    let rule = settings.flood.as_ref()?;
    if is_exempt(rule, case) {
        return None;
    }
    let text = match rule.per {
        FloodScope::Group => format!("group {}", case.group.id),
        FloodScope::Route => format!("route {route}"),
        FloodScope::Instance => "the instance".to_owned(),
    };
    let digest = digest::of(text.as_bytes());
    Some((rule, Scope { digest, text }))
}

/// Whether cases of that severity always get a ticket of their own.
pub(crate) fn is_exempt(rule: &FloodRule, case: &Case) -> bool {
    rule.exempt.contains(&case.severity.trim().to_lowercase())
}

/// Whether one more new ticket is too many. `opened` is when those before were opened; those that no longer count are
/// taken out.
pub(crate) fn is_flood(rule: &FloodRule, opened: &mut Vec<Timestamp>, now: Timestamp) -> bool {
    opened.retain(|at| now.since(*at) < rule.interval);
    opened.len() >= rule.limit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::tests::{case, settings};
    use proptest::prelude::*;
    use serde_json::json;
    use std::time::Duration;

    #[test]
    fn critical_cases_are_exempt_where_nothing_is_said() {
        let settings = settings(|d| d["flood"] = json!({}));
        assert!(
            flood_scope(&settings, &case(|c| c["severity"] = json!("Critical")), "r").is_none()
        );
        let (rule, scope) =
            flood_scope(&settings, &case(|c| c["severity"] = json!("low")), "r").unwrap();
        assert_eq!((rule.limit, rule.interval.as_secs()), (10, 3600));
        assert_eq!(scope.text, "group 48Tech");
    }

    proptest! {
        #[test]
        fn no_interval_ever_has_more_new_tickets_than_the_limit(gaps in proptest::collection::vec(0_u64..900, 1..200), limit in 1_u32..20) {
            let settings = settings(|d| d["flood"] = json!({ "limit": limit }));
            let rule = settings.flood.as_ref().unwrap();
            let mut now = Timestamp::from_millis(0);
            let (mut opened, mut all) = (Vec::new(), Vec::new());
            for gap in gaps {
                now = now.after(Duration::from_secs(gap));
                if !is_flood(rule, &mut opened, now) {
                    opened.push(now);
                    all.push(now);
                }
                prop_assert!(opened.len() <= rule.limit);
                let within = all.iter().filter(|at| now.since(**at) < rule.interval).count();
                prop_assert!(within <= rule.limit);
            }
        }
    }
}
