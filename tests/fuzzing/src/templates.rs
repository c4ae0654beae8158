//! Templates, which people write.

use crate::{
    edits::{self, rest},
    refusals::owes_its_reasons,
    worlds,
};
use arbitrary::{Result, Unstructured};
use casewire::{Config, Settings, preview};

/// Where a template may stand.
const PLACES: [&str; 3] = [
    "summary",
    "initial_description",
    "initial_internal_analysis",
];

/// The longest text of a template, in bytes.
const LONGEST: usize = 4 << 20;

/// A template is refused where it stands, or it is one: it makes the same of the same case each time, or says why not, and
/// never more than its bound.
pub(crate) fn template(input: &[u8]) {
    let _ = written(&mut Unstructured::new(input));
}

fn written(input: &mut Unstructured<'_>) -> Result<()> {
    let place = *input.choose(&PLACES)?;
    let mut case = worlds::case_document();
    for _ in 0..input.int_in_range(0..=2)? {
        edits::edit(&mut case, input)?;
    }
    let source = String::from_utf8_lossy(rest(input));
    let mut document = worlds::document();
    document["ticket"][place] = source.into();
    let document = document.to_string().into_bytes();
    let settings = match Config::from_json(&document).and_then(Settings::new) {
        Ok(settings) => settings,
        Err(error) => {
            owes_its_reasons(&error, &document);
            let there = format!("/ticket/{place}");
            let of_it = error
                .faults
                .iter()
                .all(|fault| fault.pointer.starts_with(&there));
            assert!(of_it, "{error:?}");
            return Ok(());
        }
    };
    let Ok(case) = casewire::Case::from_json(case.to_string().as_bytes()) else {
        return Ok(());
    };
    let first = preview(&settings, worlds::catalog(), worlds::directory(), &case);
    let again = preview(&settings, worlds::catalog(), worlds::directory(), &case);
    assert_eq!(first, again);
    if let Some(plan) = &first.ticket {
        let length = plan.body().len();
        assert!(length <= 3 * LONGEST, "a ticket of {length} bytes");
    }
    Ok(())
}
