use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The span of time that one point of a figure stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bucket {
    /// An hour.
    Hour,
    /// A day in UTC.
    #[default]
    Day,
    /// A week in UTC, from Monday.
    Week,
}

impl Bucket {
    /// The name that JSON carries.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
        }
    }

    const fn millis(self) -> i64 {
        const HOUR: i64 = 3_600_000;
        match self {
            Self::Hour => HOUR,
            Self::Day => 24 * HOUR,
            Self::Week => 7 * 24 * HOUR,
        }
    }

    /// The number of the bucket that a time lies in. 1970 began on a Thursday.
    fn number(self, at: Timestamp) -> i64 {
        let shift = match self {
            Self::Week => 3 * Self::Day.millis(),
            Self::Hour | Self::Day => 0,
        };
        (at.millis() + shift).div_euclid(self.millis())
    }

    fn begin(self, number: i64) -> Timestamp {
        let shift = match self {
            Self::Week => 3 * Self::Day.millis(),
            Self::Hour | Self::Day => 0,
        };
        Timestamp::from_millis(number * self.millis() - shift)
    }
}

/// A dashboard's figure, ready to be drawn: for each series a count per point of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// Name of the dashboard.
    pub dashboard: String,
    /// Counted from here on.
    pub from: Timestamp,
    /// Counted up to here.
    pub until: Timestamp,
    /// What a point stands for.
    pub bucket: Bucket,
    /// How many events there were.
    pub total: u64,
    /// When each point begins, without gaps.
    pub times: Vec<Timestamp>,
    /// The series, the largest first, at most [`Figure::MOST_SERIES`] and one named `others`.
    pub series: Vec<Series>,
}

/// One line, bar or slice of a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Series {
    /// What it counts: a user, a domain, a kind of event; empty where that is not known.
    pub label: String,
    /// Over the whole time.
    pub total: u64,
    /// For each point.
    pub counts: Vec<u64>,
}

impl Figure {
    /// Series of a figure, beside the one that counts all others.
    pub const MOST_SERIES: usize = 20;
    /// Points of a figure.
    pub const MOST_POINTS: usize = 2000;
    /// The label of the series that counts all others.
    pub const OTHERS: &'static str = "others";
}

/// A figure while its events are counted.
pub(crate) struct Counting {
    bucket: Bucket,
    first: i64,
    points: usize,
    by_label: BTreeMap<String, Vec<u64>>,
}

impl Counting {
    /// Begins to count; `None` where that would be too many points.
    pub(crate) fn begin(bucket: Bucket, from: Timestamp, until: Timestamp) -> Option<Self> {
        let first = bucket.number(from);
        let last = bucket.number(Timestamp::from_millis(until.millis().saturating_sub(1)));
        let points = usize::try_from(last - first + 1).ok()?;
        (1..=Figure::MOST_POINTS).contains(&points).then(|| Self {
            bucket,
            first,
            points,
            by_label: BTreeMap::new(),
        })
    }

    /// Counts an event.
    pub(crate) fn count(&mut self, label: &str, at: Timestamp) {
        let point = usize::try_from(self.bucket.number(at) - self.first).unwrap_or(usize::MAX);
        let none = || vec![0; self.points];
        let counts = self.by_label.entry(label.to_owned()).or_insert_with(none);
        if let Some(count) = counts.get_mut(point) {
            *count += 1;
        }
    }

    /// Ends counting.
    pub(crate) fn end(self, dashboard: &str, from: Timestamp, until: Timestamp) -> Figure {
        let mut series: Vec<Series> = self
            .by_label
            .into_iter()
            .map(|(label, counts)| Series {
                label,
                total: counts.iter().sum(),
                counts,
            })
            .collect();
        // Equal ones stay in the order of their labels.
        series.sort_by_key(|series| std::cmp::Reverse(series.total));
        if series.len() > Figure::MOST_SERIES {
            let rest = series.split_off(Figure::MOST_SERIES);
            let mut others = Series {
                label: Figure::OTHERS.to_owned(),
                total: 0,
                counts: vec![0; self.points],
            };
            for one in rest {
                others.total += one.total;
                for (sum, count) in others.counts.iter_mut().zip(one.counts) {
                    *sum += count;
                }
            }
            series.push(others);
        }
        let times = (0..self.points).map(|point| {
            let number = self.first + i64::try_from(point).unwrap_or_default();
            self.bucket.begin(number)
        });
        Figure {
            dashboard: dashboard.to_owned(),
            from,
            until,
            bucket: self.bucket,
            total: series.iter().map(|series| series.total).sum(),
            times: times.collect(),
            series,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn points_are_whole_days_and_weeks_begin_on_monday() {
        let (from, until) = (at("2019-02-11T10:00:00Z"), at("2019-02-14T00:00:00Z"));
        let mut counting = Counting::begin(Bucket::Day, from, until).unwrap();
        counting.count("ada", at("2019-02-11T23:59:59Z"));
        counting.count("ada", at("2019-02-13T00:00:00Z"));
        counting.count("bob", at("2019-02-13T23:59:59.999Z"));
        let figure = counting.end("d", from, until);
        assert_eq!(figure.times.len(), 3);
        assert_eq!(figure.times[0], at("2019-02-11T00:00:00Z"));
        assert_eq!(figure.series[0].counts, [1, 0, 1]);
        assert_eq!((figure.series[1].label.as_str(), figure.total), ("bob", 3));
        // 2019-02-11 was a Monday.
        let sunday = Counting::begin(Bucket::Week, at("2019-02-10T00:00:00Z"), until).unwrap();
        let figure = sunday.end("d", from, until);
        let weeks = [at("2019-02-04T00:00:00Z"), at("2019-02-11T00:00:00Z")];
        assert_eq!(figure.times, weeks);
    }

    #[test]
    fn the_smallest_series_are_counted_together_and_too_many_points_are_none() {
        let (from, until) = (at("2019-02-11T00:00:00Z"), at("2019-02-12T00:00:00Z"));
        let mut counting = Counting::begin(Bucket::Hour, from, until).unwrap();
        for user in 0..25 {
            for _ in 0..=user {
                counting.count(&format!("user {user:02}"), from);
            }
        }
        let figure = counting.end("d", from, until);
        assert_eq!(figure.series.len(), Figure::MOST_SERIES + 1);
        assert_eq!(figure.series[0].label, "user 24");
        let others = figure.series.last().unwrap();
        assert_eq!((others.label.as_str(), others.total), ("others", 15));
        assert_eq!(figure.total, (1..=25).sum::<u64>());
        assert!(Counting::begin(Bucket::Hour, from, at("2020-02-11T00:00:00Z")).is_none());
    }
}
