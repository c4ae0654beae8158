use crate::{config::Config, decision::Decision};
use sha2::{Digest, Sha256};

/// Length of `externalXRef` (API.md section 7).
const LONGEST: usize = 100;

/// Marks a reference whose case id had to be hashed.
const HASHED: &str = "sha256-";

/// What the references of all cases of the instance begin with.
pub(crate) fn of_any(config: &Config) -> String {
    format!("{}:", config.instance)
}

/// Whether the part of a reference after the instance does not say the case's id.
pub(crate) fn is_hashed(part: &str) -> bool {
    part.starts_with(HASHED)
}

/// The case that a reference of this instance says; nothing where it says none, or only a hash of it.
pub(crate) fn case_of<'r>(config: &Config, reference: &'r str) -> Option<&'r str> {
    let part = reference.strip_prefix(&of_any(config))?;
    let case_id = part.split(':').next()?;
    (!case_id.is_empty() && !is_hashed(case_id)).then_some(case_id)
}

/// The ticket's `externalXRef`, from which it is found again after a lost answer.
///
/// It is made of a safe alphabet, so that it can stand in a condition, and two cases never share one: an id that is too long
/// or holds other characters is replaced by 128 bits of its SHA-256, and no plain id may look like that.
pub(crate) fn reference(config: &Config, case_id: &str) -> Decision<String> {
    nth_reference(config, case_id, "")
}

/// The reference of a case's further ticket, once earlier ones were closed and left closed. No case id makes it another's.
pub(crate) fn further_reference(
    config: &Config,
    case_id: &str,
    earlier: usize,
) -> Decision<String> {
    nth_reference(config, case_id, &format!(":{}", earlier.saturating_add(1)))
}

fn nth_reference(config: &Config, case_id: &str, ending: &str) -> Decision<String> {
    let instance = &config.instance;
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let plain = !case_id.is_empty()
        && case_id.chars().all(safe)
        && !case_id.starts_with(HASHED)
        && instance.len() + 1 + case_id.len() + ending.len() <= LONGEST;
    if plain {
        return Decision::new(
            [instance, ":", case_id, ending].concat(),
            "instance and case id",
        );
    }
    let digest = Sha256::digest(case_id.as_bytes());
    let hex: String = digest
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Decision::new(
        format!("{instance}:{HASHED}{hex}{ending}"),
        "instance and a hash of the case id, which is long or holds other characters than letters, digits, '.', '_' and '-'",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_cases_share_a_reference() {
        let config = crate::decide::tests::config();
        let long = "a".repeat(100);
        let hashed = reference(&config, "case 7").value;
        let disguised = hashed.strip_prefix("acme-soc:").unwrap().to_owned();
        let mut ids: Vec<String> = [
            "10012", "10012 ", "10 012", "Ä", "a:b", "", "sha256-", "a\nb", "a\"b", "A", "a",
            "../x", "%",
        ]
        .map(str::to_owned)
        .to_vec();
        ids.extend([
            long.clone(),
            format!("{long}a"),
            "case 7".to_owned(),
            disguised,
        ]);
        ids.extend((0..1000).map(|n| n.to_string()));
        ids.extend((0..200).map(|n| "x".repeat(n + 1)));
        let references: BTreeSet<String> =
            ids.iter().map(|id| reference(&config, id).value).collect();
        let ids: BTreeSet<String> = ids.into_iter().collect();
        assert_eq!(references.len(), ids.len());
        for reference in references {
            assert!(reference.len() <= LONGEST, "{reference}");
            assert!(
                reference
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "._-:".contains(c)),
                "{reference}"
            );
        }
    }

    #[test]
    fn a_plain_id_stays_readable() {
        let config = crate::decide::tests::config();
        assert_eq!(reference(&config, "10012").value, "acme-soc:10012");
        assert_eq!(case_of(&config, "acme-soc:10012"), Some("10012"));
        let further = further_reference(&config, "10012", 1).value;
        assert_eq!(case_of(&config, &further), Some("10012"));
        let hashed = reference(&config, "case 7").value;
        for other in [hashed.as_str(), "acme-soc:", "acme-noc:10012", "10012"] {
            assert_eq!(case_of(&config, other), None, "{other}");
        }
    }
}
