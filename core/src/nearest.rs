//! Offers the nearest known name where an unknown one was written.

use crate::text::cut;

/// The known name that the written one was most likely meant to be.
pub(crate) fn nearest<'a>(
    written: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let written = written.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&written, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness >= 0.78)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, name)| name)
}

/// `Did you mean 'severity'? ` where some known name is near; nothing otherwise.
pub(crate) fn did_you_mean<S: AsRef<str>>(written: &str, known: &[S]) -> String {
    nearest(written, known.iter().map(AsRef::as_ref))
        .map(|name| format!("Did you mean '{name}'? "))
        .unwrap_or_default()
}

/// The names with commas, at most thirty of them.
pub(crate) fn listed<S: AsRef<str>>(names: &[S]) -> String {
    const MANY: usize = 30;
    if names.is_empty() {
        return "none".to_owned();
    }
    let mut list = names
        .iter()
        .take(MANY)
        .map(|name| cut(name.as_ref(), 60))
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > MANY {
        list.push_str(&format!(" and {} more", names.len() - MANY));
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_recognised_and_a_foreign_word_is_not() {
        let known = ["severity", "status", "category"];
        assert_eq!(nearest("severty", known), Some("severity"));
        assert_eq!(nearest("Statuss", known), Some("status"));
        assert_eq!(nearest("xyz", known), None);
        assert_eq!(did_you_mean("xyz", &known), "");
        assert_eq!(listed(&known), "severity, status, category");
        assert_eq!(listed::<&str>(&[]), "none");
    }
}
