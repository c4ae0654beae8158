//! `Number`s of JavaScript as the core's numbers.

use casewire::{Code, Error, Fault, Timestamp};

/// The largest whole number that a `Number` holds exactly, `Number.MAX_SAFE_INTEGER`.
const LARGEST: f64 = 9_007_199_254_740_991.0;

/// Takes an id.
pub(crate) fn id(number: f64) -> Result<u64, Error> {
    if number.fract() == 0.0 && (0.0..=LARGEST).contains(&number) {
        Ok(number as u64)
    } else {
        Err(refused(
            "the id",
            number,
            "Give back the id as it was handed out",
        ))
    }
}

/// Takes a time, in milliseconds since 1970 as `Date.now()` gives it.
pub(crate) fn time(number: f64) -> Result<Timestamp, Error> {
    if number.abs() <= LARGEST {
        Ok(Timestamp::from_millis(number.floor() as i64))
    } else {
        Err(refused(
            "the time",
            number,
            "Give the milliseconds of Date.now()",
        ))
    }
}

/// Gives an id to JavaScript.
pub(crate) fn from_id(id: u64) -> f64 {
    id as f64
}

fn refused(what: &str, number: f64, fix: &str) -> Error {
    let message = format!("{number} is not a whole number in range");
    Error::refused(what, vec![Fault::new(Code::InvalidValue, "", message, fix)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_is_not_whole_is_refused_and_never_rounded_to_another() {
        assert_eq!(id(1.0).unwrap(), 1);
        assert_eq!(id(LARGEST).unwrap(), 9_007_199_254_740_991);
        for number in [1.5, -1.0, LARGEST + 1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(id(number).unwrap_err().code, Code::InvalidValue);
        }
    }

    #[test]
    fn a_time_may_have_fractions_and_must_be_a_number() {
        assert_eq!(
            time(1_549_847_234_000.7).unwrap().millis(),
            1_549_847_234_000
        );
        assert_eq!(time(-0.5).unwrap().millis(), -1);
        for number in [f64::NAN, f64::INFINITY, -1e300] {
            assert_eq!(time(number).unwrap_err().code, Code::InvalidValue);
        }
    }
}
