//! Times as the API writes them: UTC in whole seconds (API.md section 15).

use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// `now_ms` since 1970 as `YYYY-MM-DDTHH:MM:SSZ`.
pub(crate) fn stamp(now_ms: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp(now_ms.div_euclid(1000))
        .unwrap_or(OffsetDateTime::UNIX_EPOCH);
    written(time)
}

/// Milliseconds since 1970 of a time that [`normalised`] reads.
pub(crate) fn milliseconds(text: &str) -> Option<i64> {
    Some(read(text)?.unix_timestamp() * 1000)
}

/// A date, a time with an offset or a time without one (which is UTC) as
/// `YYYY-MM-DDTHH:MM:SSZ`; `None` for anything else.
pub(crate) fn normalised(text: &str) -> Option<String> {
    if is_written(text) {
        return Some(text.to_owned());
    }
    read(text).map(written)
}

/// Whether a text is a time as bodies must write it: whole seconds, no fraction.
pub(crate) fn is_acceptable(text: &str) -> bool {
    !text.contains('.') && normalised(text).is_some()
}

fn is_written(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 20
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            10 => *byte == b'T',
            13 | 16 => *byte == b':',
            19 => *byte == b'Z',
            _ => byte.is_ascii_digit(),
        })
}

fn written(time: OffsetDateTime) -> String {
    let time = time.to_offset(UtcOffset::UTC);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        time.year(),
        u8::from(time.month()),
        time.day(),
        time.hour(),
        time.minute(),
        time.second()
    )
}

fn read(text: &str) -> Option<OffsetDateTime> {
    let text = text.trim();
    let (date, rest) = text.split_at_checked(10)?;
    let date = Date::parse(date, format_description!("[year]-[month]-[day]")).ok()?;
    if rest.is_empty() {
        return Some(PrimitiveDateTime::new(date, Time::MIDNIGHT).assume_utc());
    }
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (clock, zone) = match rest.find(['Z', 'z', '+', '-']) {
        Some(at) => rest.split_at_checked(at)?,
        None => (rest, "Z"),
    };
    let clock = clock.split('.').next().unwrap_or(clock);
    let clock = Time::parse(clock, format_description!("[hour]:[minute]:[second]"))
        .or_else(|_| Time::parse(clock, format_description!("[hour]:[minute]")))
        .ok()?;
    let offset = match zone {
        "Z" | "z" => UtcOffset::UTC,
        _ => UtcOffset::parse(
            zone,
            format_description!("[offset_hour sign:mandatory]:[offset_minute]"),
        )
        .ok()?,
    };
    Some(PrimitiveDateTime::new(date, clock).assume_offset(offset))
}

#[cfg(test)]
mod tests {
    use super::{is_acceptable, normalised, stamp};

    #[test]
    fn times_of_every_spelling_become_utc_whole_seconds() {
        assert_eq!(stamp(1_549_847_393_999), "2019-02-11T01:09:53Z");
        for (written, utc) in [
            ("2019-02-11T01:09:53Z", "2019-02-11T01:09:53Z"),
            ("2019-02-11T01:09:53.250Z", "2019-02-11T01:09:53Z"),
            ("2019-02-11T03:09:53+02:00", "2019-02-11T01:09:53Z"),
            ("2019-02-11 01:09", "2019-02-11T01:09:00Z"),
            ("2019-02-11", "2019-02-11T00:00:00Z"),
        ] {
            assert_eq!(normalised(written).as_deref(), Some(utc), "{written}");
        }
        assert_eq!(normalised("yesterday"), None);
        assert!(!is_acceptable("2019-02-11T01:09:53.250Z"));
    }
}
