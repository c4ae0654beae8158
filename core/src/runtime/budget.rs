use crate::{config::Limits, health::BudgetHealth, time::Timestamp};
use std::time::Duration;

/// One instance's budget: how many requests may be under way, and how many may leave in a minute.
///
/// Requests leave evenly (a token every `60 s / requests_per_minute`) after a burst of `concurrency`. Throttling and
/// proxy errors halve the concurrency; answers win it back one by one.
#[derive(Debug)]
pub(crate) struct Budget {
    most: u32,
    allowed: u32,
    under_way: u32,
    won_back: u32,
    interval_micros: i64,
    burst_micros: i64,
    /// When the bucket will be full again, in microseconds since 1970.
    full_at_micros: i64,
    paused_until: Timestamp,
}

/// Whether a request may leave now.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    Now,
    /// As many are under way as may be; an answer will make room.
    AfterAnAnswer,
    At(Timestamp),
}

impl Budget {
    pub(crate) fn new(limits: &Limits) -> Self {
        let most = limits.concurrency.max(1);
        let interval_micros = 60_000_000 / i64::from(limits.requests_per_minute.max(1));
        Self {
            most,
            allowed: most,
            under_way: 0,
            won_back: 0,
            interval_micros,
            burst_micros: interval_micros * i64::from(most),
            full_at_micros: i64::MIN / 2,
            paused_until: Timestamp::from_millis(i64::MIN),
        }
    }

    /// Asks whether one more request may leave.
    pub(crate) fn admission(&self, now: Timestamp) -> Admission {
        if self.under_way >= self.allowed {
            return Admission::AfterAnAnswer;
        }
        if now < self.paused_until {
            return Admission::At(self.paused_until);
        }
        let earliest_micros = self.full_at_micros + self.interval_micros - self.burst_micros;
        if now.millis() * 1000 >= earliest_micros {
            return Admission::Now;
        }
        Admission::At(Timestamp::from_millis(
            (earliest_micros + 999).div_euclid(1000),
        ))
    }

    /// How much of it is left.
    pub(crate) fn health(&self, limits: &Limits, now: Timestamp) -> BudgetHealth {
        BudgetHealth {
            under_way: self.under_way,
            allowed: self.allowed,
            concurrency: self.most,
            requests_per_minute: limits.requests_per_minute,
            paused_until: Some(self.paused_until).filter(|until| *until > now),
        }
    }

    /// Counts a request that leaves.
    pub(crate) fn leave(&mut self, now: Timestamp) {
        self.under_way += 1;
        self.full_at_micros = self.full_at_micros.max(now.millis() * 1000) + self.interval_micros;
    }

    /// Counts a request that is over, with the status of its answer.
    pub(crate) fn arrive(&mut self, status: Option<u16>) {
        self.under_way = self.under_way.saturating_sub(1);
        match status {
            Some(429 | 502..=504) => {
                self.allowed = (self.allowed / 2).max(1);
                self.won_back = 0;
            }
            Some(_) if self.allowed < self.most => {
                self.won_back += 1;
                if self.won_back >= self.allowed {
                    self.allowed += 1;
                    self.won_back = 0;
                }
            }
            _ => {}
        }
    }

    /// As much of `most` as of the concurrency is allowed now; at least one.
    pub(crate) fn share(&self, most: u32) -> u32 {
        let share = u64::from(most) * u64::from(self.allowed) / u64::from(self.most);
        u32::try_from(share).unwrap_or(most).max(1)
    }

    /// Lets no request leave before `time`.
    pub(crate) fn pause_until(&mut self, time: Timestamp) {
        self.paused_until = self.paused_until.max(time);
    }
}

/// The wait before the next try of something that failed `tries` times: 0.5 s doubling to at most a minute, with up to
/// a quarter taken off by `chance`.
pub(crate) fn backoff(tries: u32, chance: u64) -> Duration {
    let full = 500_u64.saturating_mul(1 << tries.min(7)).min(60_000);
    Duration::from_millis(full - chance % (full / 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn budget(concurrency: u32, requests_per_minute: u32) -> Budget {
        Budget::new(&Limits {
            concurrency,
            requests_per_minute,
            ..Limits::default()
        })
    }

    #[test]
    fn a_minute_never_carries_more_than_the_rate_and_the_burst() {
        let mut budget = budget(4, 60);
        let mut sent = 0;
        for now in 0..60_000 {
            while budget.admission(at(now)) == Admission::Now {
                budget.leave(at(now));
                budget.arrive(Some(200));
                sent += 1;
            }
        }
        assert!((60..=64).contains(&sent), "{sent}");
    }

    #[test]
    fn the_promised_time_is_one_at_which_a_request_may_leave() {
        let mut budget = budget(1, 600);
        budget.leave(at(0));
        budget.arrive(Some(200));
        let Admission::At(time) = budget.admission(at(0)) else {
            panic!("waits")
        };
        assert_eq!(budget.admission(time), Admission::Now);
    }

    #[test]
    fn throttling_halves_the_concurrency_and_answers_win_it_back() {
        let mut budget = budget(8, 60_000);
        budget.leave(at(0));
        budget.arrive(Some(429));
        assert_eq!(budget.allowed, 4);
        assert_eq!((budget.share(50), budget.share(1)), (25, 1));
        for _ in 0..100 {
            budget.leave(at(0));
            budget.arrive(Some(200));
        }
        assert_eq!(budget.allowed, 8);
        assert_eq!(budget.share(50), 50);
    }

    #[test]
    fn a_pause_holds_every_request_back() {
        let mut budget = budget(8, 600);
        budget.pause_until(at(30_000));
        budget.pause_until(at(10_000));
        assert_eq!(budget.admission(at(0)), Admission::At(at(30_000)));
        assert_eq!(budget.admission(at(30_000)), Admission::Now);
    }

    #[test]
    fn waits_grow_and_stay_bounded() {
        for tries in 0..40 {
            let wait = backoff(tries, u64::MAX);
            assert!(
                wait <= Duration::from_secs(60) && wait >= Duration::from_millis(375),
                "{wait:?}"
            );
        }
    }
}
