use crate::{
    delivery::Subject,
    import::ImportKind,
    mapping::{MappedKind, MappingKey},
    schedule::Task,
    service::TicketId,
    time::Timestamp,
};
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

    /// A device that was sent, and its configuration.
    pub(crate) fn device(&self, id: &str) -> String {
        self.of("device", id)
    }

    /// What the tickets of a join key are.
    pub(crate) fn join(&self, key: &str) -> String {
        self.of("join", key)
    }

    /// When new tickets were opened.
    pub(crate) fn flood(&self, scope: &str) -> String {
        self.of("flood", scope)
    }

    /// Cases that share a ticket or a summary.
    pub(crate) fn gathering(&self, id: &str) -> String {
        self.of("gather", id)
    }

    /// That something is due; in the order of time.
    pub(crate) fn due(&self, at: Timestamp, id: &str) -> String {
        self.of(&format!("due/{}", moment(at)), id)
    }

    /// A case that shares another case's ticket, or is held back by a window.
    pub(crate) fn member(&self, gathering: &str, case_id: &str) -> String {
        let prefix = self.members(gathering);
        format!("{prefix}{}", utf8_percent_encode(case_id, PLAIN))
    }

    /// The beginning that all of them share.
    pub(crate) fn members(&self, gathering: &str) -> String {
        format!("{}/", self.of("member", gathering))
    }

    /// A case that the host has, by its id.
    pub(crate) fn reference(&self, case_id: &str) -> String {
        self.of("reference", case_id)
    }

    /// What the host was told of the case's ticket.
    pub(crate) fn ledger(&self, case_id: &str) -> String {
        self.of("ledger", case_id)
    }

    /// What the host surely heard of the status of the case's ticket.
    pub(crate) fn heard(&self, case_id: &str) -> String {
        self.of("heard", case_id)
    }

    /// The notes of a ticket that casewire wrote and no comment is behind.
    pub(crate) fn own_notes(&self, ticket: TicketId) -> String {
        format!("{}/own/{:010}", self.instance, ticket.0)
    }

    pub(crate) fn ticket(&self, ticket: TicketId) -> String {
        format!("{}/ticket/{:010}", self.instance, ticket.0)
    }

    /// A ticket's state when a poll last had it read.
    pub(crate) fn seen_ticket(&self, ticket: TicketId) -> String {
        format!("{}/seen/{:010}", self.instance, ticket.0)
    }

    /// A ticket that a poll found and that is read later.
    pub(crate) fn pending(&self, ticket: TicketId) -> String {
        format!("{}/pending/{:010}", self.instance, ticket.0)
    }

    /// A ticket that asks for a case.
    pub(crate) fn request(&self, ticket: TicketId) -> String {
        format!("{}/request/{:010}", self.instance, ticket.0)
    }

    /// A comparison of all links that is under way.
    pub(crate) fn reconcile(&self) -> String {
        format!("{}/reconcile", self.instance)
    }

    /// How far polling has come.
    pub(crate) fn poll(&self) -> String {
        format!("{}/poll", self.instance)
    }

    pub(crate) fn delivery(&self, subject: &Subject, number: u64) -> String {
        format!("{}{number:010}", self.deliveries_of(subject))
    }

    pub(crate) fn deliveries_of(&self, subject: &Subject) -> String {
        let (kind, id) = match subject {
            Subject::Case(id) => ("delivery/case", id),
            Subject::Group(id) => ("delivery/group", id),
            Subject::System(id) => ("delivery/system", id),
            Subject::Instance(name) => ("delivery/instance", name),
        };
        format!("{}/", self.of(kind, id))
    }

    /// The stable id of a delivery. Only a case's has a colon after the instance, so that no case id makes it another's.
    pub(crate) fn delivery_id(&self, subject: &Subject, number: u64) -> String {
        let instance = &self.instance;
        match subject {
            Subject::Case(id) => format!("{instance}:{id}:{number}"),
            Subject::Group(id) => format!("{instance}/group/{id}:{number}"),
            Subject::System(id) => format!("{instance}/system/{id}:{number}"),
            Subject::Instance(_) => format!("{instance}/instance:{number}"),
        }
    }

    pub(crate) fn mapping(&self, key: &MappingKey) -> String {
        let kind = match key.kind {
            MappedKind::Group => "mapping/group",
            MappedKind::System => "mapping/system",
        };
        self.of(kind, &key.id)
    }

    /// How many deliveries the instance itself has had.
    pub(crate) fn instance_events(&self) -> String {
        format!("{}/events", self.instance)
    }

    /// The tickets of the company that catches all, counted per day.
    pub(crate) fn catch_all(&self) -> String {
        format!("{}/catch_all", self.instance)
    }

    /// An event of the log; in the order of time.
    pub(crate) fn event(&self, at: Timestamp, delivery_id: &str) -> String {
        self.of(&format!("event/{}", moment(at)), delivery_id)
    }

    /// What was decided for a case at that time; `mark` tells it from what another connector decides just then.
    pub(crate) fn decision(&self, at: Timestamp, mark: &str) -> String {
        self.of(&format!("decision/{}", moment(at)), mark)
    }

    /// That something was decided for a case: by it the decisions of one case are found.
    pub(crate) fn decided(&self, case_id: &str, at: Timestamp, mark: &str) -> String {
        format!("{}{}/{mark}", self.decided_for(case_id), moment(at))
    }

    /// The beginning that all of them share.
    pub(crate) fn decided_for(&self, case_id: &str) -> String {
        format!("{}/", self.of("decided", case_id))
    }

    /// What lies right before all keys of a log, `event` or `decision`, from that time on.
    pub(crate) fn log_from(&self, log: &str, at: Timestamp) -> String {
        format!("{}{}", self.all(log), moment(at))
    }

    /// The last run of a task.
    pub(crate) fn run(&self, task: Task) -> String {
        format!("{}/run/{}", self.instance, task.name())
    }

    /// That a task was asked for before its time.
    pub(crate) fn wanted(&self, task: Task) -> String {
        format!("{}/wanted/{}", self.instance, task.name())
    }

    /// The registrations that ConnectWise has of this instance, and what is being done about them.
    pub(crate) fn callbacks(&self) -> String {
        format!("{}/callbacks", self.instance)
    }

    /// A bucket of the ledger of callbacks.
    pub(crate) fn seen_callbacks(&self, bucket: u8) -> String {
        format!("{}/callback/{bucket:02}", self.instance)
    }

    pub(crate) fn catalog(&self) -> String {
        format!("{}/catalog", self.instance)
    }

    pub(crate) fn drift(&self) -> String {
        format!("{}/drift", self.instance)
    }

    pub(crate) fn provision(&self) -> String {
        format!("{}/provision", self.instance)
    }

    /// The connection that was saved after a passed test.
    pub(crate) fn saved(&self) -> String {
        format!("{}/saved", self.instance)
    }

    pub(crate) fn deletion(&self) -> String {
        format!("{}/deletion", self.instance)
    }

    /// The beginning that all records of the instance share.
    pub(crate) fn everything(&self) -> String {
        format!("{}/", self.instance)
    }

    /// How far the import of a kind has come.
    pub(crate) fn import(&self, kind: ImportKind) -> String {
        format!("{}/import/{}", self.instance, kind.name())
    }

    /// The beginning that all rows of one import share.
    pub(crate) fn imported(&self, kind: ImportKind, generation: u32) -> String {
        format!(
            "{}/imported/{}/{generation:010}/",
            self.instance,
            kind.name()
        )
    }

    /// A bucket of an import's rows.
    pub(crate) fn bucket(&self, kind: ImportKind, generation: u32, bucket: u32) -> String {
        format!("{}{bucket:010}", self.imported(kind, generation))
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

/// A time whose order is that of its digits.
fn moment(at: Timestamp) -> String {
    format!("{:015}", at.millis().max(0))
}

/// The time in the key of a log, or in that of a case's decision.
pub(crate) fn moment_of(key: &str) -> Option<Timestamp> {
    let digits = key.rsplit('/').nth(1)?;
    digits.parse().ok().map(Timestamp::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_of_a_log_are_in_the_order_of_time() {
        let (keys, at) = (Keys::new("acme"), Timestamp::from_millis);
        let (early, late) = (keys.event(at(999), "b/1"), keys.event(at(10_000), "a"));
        assert!(early < late && early.starts_with(&keys.all("event")));
        assert_eq!(moment_of(&early), Some(at(999)));
        assert!(keys.log_from("event", at(999)) < early);
        assert!(keys.log_from("event", at(1000)) > early);
        let decided = keys.decided("10012", at(999), "7");
        assert_eq!(moment_of(&decided), Some(at(999)));
    }

    #[test]
    fn no_case_id_reaches_another_case_or_kind() {
        let keys = Keys::new("acme");
        assert_eq!(keys.outbox("10012"), "acme/outbox/10012");
        assert_eq!(keys.outbox("a/b%"), "acme/outbox/a%2Fb%25");
        let of = |id: &str| Subject::Case(id.to_owned());
        assert_ne!(keys.deliveries_of(&of("1")), keys.deliveries_of(&of("1/2")));
        assert!(
            !keys
                .delivery(&of("10"), 1)
                .starts_with(&keys.deliveries_of(&of("1")))
        );
        let group = Subject::Group("g".to_owned());
        assert_ne!(
            keys.delivery_id(&of("/group/g"), 1),
            keys.delivery_id(&group, 1)
        );
    }
}
