use crate::{
    case::Case,
    settings::{MaintenanceRule, Settings},
    time::Timestamp,
};

const DAY_MS: i64 = 86_400_000;

/// One time of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Occurrence {
    pub(crate) from: Timestamp,
    /// The first moment after it.
    pub(crate) until: Timestamp,
}

/// The window that a case falls into now, the first of the configuration, with its occurrence.
pub(crate) fn maintenance<'a>(
    settings: &'a Settings,
    case: &Case,
    route: &str,
    now: Timestamp,
) -> Option<(&'a MaintenanceRule, Occurrence)> {
    settings.maintenance.iter().find_map(|window| {
        let exempt = window.exempt.contains(&case.severity.trim().to_lowercase());
        let meant = !exempt && window.is_for(case, route);
        meant
            .then(|| occurrence(window, now))
            .flatten()
            .map(|occurrence| (window, occurrence))
    })
}

impl MaintenanceRule {
    fn is_for(&self, case: &Case, route: &str) -> bool {
        let system = case.system.as_ref().map(|system| system.id.as_str());
        let holds = |ids: &std::collections::BTreeSet<String>, id: Option<&str>| {
            ids.is_empty() || id.is_some_and(|id| ids.contains(&id.trim().to_lowercase()))
        };
        holds(&self.groups, Some(&case.group.id))
            && holds(&self.systems, system)
            && holds(&self.routes, Some(route))
    }
}

/// The occurrence of a window at a time.
pub(crate) fn occurrence(window: &MaintenanceRule, now: Timestamp) -> Option<Occurrence> {
    let lasts = |from: i64| Occurrence {
        from: Timestamp::from_millis(from),
        until: Timestamp::from_millis(from).after(window.duration),
    };
    let at_now = |found: &Occurrence| found.from <= now && now < found.until;
    let start = window.start.millis();
    if window.weekdays.is_empty() {
        return Some(lasts(start)).filter(at_now);
    }
    let local = |millis: i64| millis.saturating_add(window.offset_ms);
    let time_of_day = local(start).rem_euclid(DAY_MS);
    let today = local(now.millis()).div_euclid(DAY_MS);
    let reach = i64::try_from(window.duration.as_secs().div_ceil(86_400)).unwrap_or(7);
    (0..=reach)
        .map(|back| today - back)
        .filter(|day| window.weekdays.contains(&weekday(*day)))
        .map(|day| day * DAY_MS + time_of_day - window.offset_ms)
        .filter(|from| *from >= start)
        .map(lasts)
        .find(at_now)
}

/// Days from Monday, of a day counted from 1970-01-01, which was a Thursday.
fn weekday(day: i64) -> u8 {
    u8::try_from((day + 3).rem_euclid(7)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::tests::{case, settings};
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use std::time::Duration;

    fn rule(window: &Value) -> Settings {
        settings(|d| d["maintenance"] = json!([window]))
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn weekly() -> Value {
        json!({ "name": "patching", "start": "2026-01-03T22:00:00+01:00", "duration": "4h", "weekdays": ["sat", "sun"] })
    }

    #[test]
    fn a_recurring_window_keeps_its_own_offset_over_midnight() {
        let settings = rule(&weekly());
        let window = &settings.maintenance[0];
        let on = |text: &str| occurrence(window, at(text)).map(|found| found.from.to_string());
        // 2026-01-03 is a Saturday.
        assert_eq!(on("2026-01-03T20:59:59Z"), None);
        assert_eq!(
            on("2026-01-03T21:00:00Z").as_deref(),
            Some("2026-01-03T21:00:00Z")
        );
        // After midnight in UTC and in the window's own offset.
        assert_eq!(
            on("2026-01-04T00:59:59Z").as_deref(),
            Some("2026-01-03T21:00:00Z")
        );
        assert_eq!(on("2026-01-04T01:00:00Z"), None);
        assert_eq!(
            on("2026-01-11T21:30:00Z").as_deref(),
            Some("2026-01-11T21:00:00Z")
        );
        assert_eq!(on("2026-01-05T21:30:00Z"), None, "Monday");
        assert_eq!(on("2025-12-27T21:30:00Z"), None, "before it begins first");
    }

    #[test]
    fn a_single_window_comes_once() {
        let mut once = weekly();
        once["weekdays"] = json!([]);
        let settings = rule(&once);
        let window = &settings.maintenance[0];
        assert!(occurrence(window, at("2026-01-03T23:00:00Z")).is_some());
        assert!(occurrence(window, at("2026-01-10T23:00:00Z")).is_none());
    }

    #[test]
    fn it_is_for_what_it_names_and_exempts_by_choice() {
        let mut window = weekly();
        window["systems"] = json!(["48tech-dc1"]);
        window["exempt"] = json!(["critical"]);
        let settings = rule(&window);
        let now = at("2026-01-03T23:00:00Z");
        let held =
            |change: fn(&mut Value)| maintenance(&settings, &case(change), "r", now).is_some();
        assert!(!held(|_| {}), "critical");
        assert!(held(|c| c["severity"] = json!("low")));
        assert!(!held(|c| {
            c["severity"] = json!("low");
            c["system"]["id"] = json!("another");
        }));
    }

    proptest! {
        #[test]
        fn a_time_is_in_a_weekly_window_exactly_where_counting_by_hand_says_so(
            hours in 0_i64..24 * 60, duration in 1_i64..24 * 7, offset in -12_i64..=12, day in 0_u8..7,
        ) {
            let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
            let sign = if offset < 0 { '-' } else { '+' };
            let start = format!("2026-01-05T10:00:00{sign}{:02}:00", offset.abs());
            let settings = rule(&json!({ "name": "w", "start": start, "duration": format!("{duration}h"), "weekdays": [names[usize::from(day)]] }));
            let window = &settings.maintenance[0];
            let now = at(&start).after(Duration::from_secs(u64::try_from(hours * 3600).unwrap()));
            // 2026-01-05 is a Monday, so the first occurrence is `day` days after the start.
            let first = i64::from(day) * 24;
            let expected = (0..12).any(|week| {
                let from = first + week * 168;
                from <= hours && hours < from + duration
            });
            prop_assert_eq!(occurrence(window, now).is_some(), expected);
        }
    }
}
