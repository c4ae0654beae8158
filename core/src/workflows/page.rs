use crate::error::{Code, Error, Fault, Result};

/// Most entries of a page.
pub(super) const MOST: u32 = 1000;

/// Records that are read for a page at most, so that a rare find does not read the whole store at once.
pub(super) const MOST_READ: usize = 4000;

/// Checks what a page was asked for with: how many entries, and the place that the page before gave.
///
/// # Errors
///
/// A limit that is out of bounds, a place that no page gave.
pub(super) fn check(limit: u32, after: Option<&str>, prefixes: &[&str]) -> Result<()> {
    let mut faults = Vec::new();
    if !(1..=MOST).contains(&limit) {
        let message = format!("{limit} is no number from 1 to {MOST}");
        let fix = "Choose how many entries a page has";
        faults.push(Fault::new(Code::InvalidValue, "/limit", message, fix));
    }
    let given = |after: &str| prefixes.iter().any(|prefix| after.starts_with(prefix));
    if after.is_some_and(|after| !given(after)) {
        let fix = "Give what the page before had as its 'next'";
        let message = "no page gave this place";
        faults.push(Fault::new(Code::UnknownPlace, "/after", message, fix));
    }
    match faults.is_empty() {
        true => Ok(()),
        false => Err(Error::refused("the request", faults)),
    }
}
