use crate::service::TicketId;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What may stand in a key as it is; the order of keys is then the same in every store.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// The keys of one instance's records.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    instance: String,
}

impl Keys {
    pub(crate) fn new(instance: &str) -> Self {
        Self {
            instance: instance.to_owned(),
        }
    }

    fn of(&self, kind: &str, id: &str) -> String {
        format!(
            "{}/{kind}/{}",
            self.instance,
            utf8_percent_encode(id, PLAIN)
        )
    }

    pub(crate) fn outbox(&self, case_id: &str) -> String {
        self.of("outbox", case_id)
    }

    pub(crate) fn held(&self, case_id: &str) -> String {
        self.of("held", case_id)
    }

    pub(crate) fn link(&self, case_id: &str) -> String {
        self.of("link", case_id)
    }

    pub(crate) fn ticket(&self, ticket: TicketId) -> String {
        format!("{}/ticket/{:010}", self.instance, ticket.0)
    }

    pub(crate) fn delivery(&self, case_id: &str, number: u64) -> String {
        format!("{}/{number:010}", self.of("delivery", case_id))
    }

    pub(crate) fn deliveries_of(&self, case_id: &str) -> String {
        format!("{}/", self.of("delivery", case_id))
    }

    pub(crate) fn catalog(&self) -> String {
        format!("{}/catalog", self.instance)
    }

    /// A ticket that a test makes and ends.
    pub(crate) fn trial(&self, reference: &str) -> String {
        self.of("trial", reference)
    }

    /// How the instance behaves.
    pub(crate) fn quirks(&self) -> String {
        format!("{}/quirks", self.instance)
    }

    /// The beginning that all records of a kind share.
    pub(crate) fn all(&self, kind: &str) -> String {
        format!("{}/{kind}/", self.instance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_case_id_reaches_another_case_or_kind() {
        let keys = Keys::new("acme");
        assert_eq!(keys.outbox("10012"), "acme/outbox/10012");
        assert_eq!(keys.outbox("a/b%"), "acme/outbox/a%2Fb%25");
        assert_ne!(keys.deliveries_of("1"), keys.deliveries_of("1/2"));
        assert!(!keys.delivery("10", 1).starts_with(&keys.deliveries_of("1")));
    }
}
