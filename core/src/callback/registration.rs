use crate::{config::CallbackLevel, error::Error, system::callbacks::Entry};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What ConnectWise has of callback registrations, and what was done about it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CallbacksReport {
    /// Every registration of the API member, by id. Those of other members are not shown by ConnectWise.
    pub registrations: Vec<CallbackRegistration>,
    /// What was done, in order.
    pub done: Vec<CallbackAct>,
    /// What did not work without failing the whole.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Error>,
}

/// A callback registration (`CallbackEntry`, API.md section 13.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallbackRegistration {
    /// Record id.
    pub id: u32,
    /// Whether it is this instance's. Others are never touched.
    pub ours: bool,
    /// The receiver, without the secret; of another's, scheme and host only.
    pub url: String,
    /// Of what records, such as `ticket`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Such as `owner`.
    pub level: String,
    /// The record that the level is about; 1 for the owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_id: Option<u32>,
    /// Whether ConnectWise sends it. It disables one after three days of failures (API.md section 13.4).
    pub active: bool,
    /// What it says of itself.
    pub description: String,
}

/// Something that was done about a registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallbackAct {
    /// What.
    pub act: CallbackActKind,
    /// The record that the level is about, where one was registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_id: Option<u32>,
    /// The registration that was changed or removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u32>,
    /// Why.
    pub why: String,
}

/// What is done about registrations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallbackActKind {
    /// It was made.
    Registered,
    /// It was there and was put right.
    Corrected,
    /// It was taken out.
    Removed,
}

/// The registrations that there should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// With the secret.
    pub(crate) url: String,
    pub(crate) description: String,
    pub(crate) level: CallbackLevel,
    pub(crate) objects: BTreeSet<u32>,
}

/// A step towards what is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Register {
        object: u32,
        why: &'static str,
    },
    Correct {
        id: u32,
        object: u32,
        why: &'static str,
    },
    Remove {
        id: u32,
        why: &'static str,
    },
}

/// What of it is settled already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Registered {
    /// Registrations that were corrected; one that is still wrong is made anew.
    pub(crate) corrected: BTreeSet<u32>,
    /// Objects that ConnectWise says it has, without showing the registration: another member's.
    pub(crate) held_by_another: BTreeSet<u32>,
}

const NOT_THERE: &str = "ConnectWise did not have it";
const DISABLED: &str = "ConnectWise had disabled it";

/// By what a registration says that it is this instance's.
pub(crate) fn description(instance: &str) -> String {
    format!("casewire {instance}: saved tickets")
}

impl Wanted {
    /// What is to be done, in order: nothing is removed before what takes its place is there, save what must make room.
    pub(crate) fn plan(&self, found: &[Entry], registered: &Registered) -> Vec<Act> {
        let mut open = self.objects.clone();
        let (mut first, mut last) = (Vec::new(), Vec::new());
        let mut ours: Vec<&Entry> = found.iter().filter(|entry| self.is_ours(entry)).collect();
        ours.sort_by_key(|entry| (self.fault(entry).is_some(), entry.id));
        for entry in ours {
            let object = entry.object_id.filter(|_| self.is_wanted(entry));
            let Some(object) = object.filter(|object| open.remove(object)) else {
                let why = if object.is_some_and(|object| self.objects.contains(&object)) {
                    "there was another one like it"
                } else {
                    "it is not wanted any more"
                };
                last.push(Act::Remove { id: entry.id, why });
                continue;
            };
            let id = entry.id;
            match self.fault(entry) {
                None => {}
                Some(why) if registered.corrected.contains(&id) => {
                    first.push(Act::Remove {
                        id,
                        why: "it could not be put right",
                    });
                    first.push(Act::Register { object, why });
                }
                Some(why) => first.push(Act::Correct { id, object, why }),
            }
        }
        let missing = open
            .into_iter()
            .filter(|object| !registered.held_by_another.contains(object));
        first.extend(missing.map(|object| Act::Register {
            object,
            why: NOT_THERE,
        }));
        first.append(&mut last);
        first
    }

    /// What takes this instance's registrations out.
    pub(crate) fn removal(&self, found: &[Entry]) -> Vec<Act> {
        let ours = found.iter().filter(|entry| self.is_ours(entry));
        ours.map(|entry| Act::Remove {
            id: entry.id,
            why: "it was asked for",
        })
        .collect()
    }

    /// By its description, or by the secret in its address, where there is one.
    pub(crate) fn is_ours(&self, entry: &Entry) -> bool {
        entry.description == self.description || (!self.url.is_empty() && entry.url == self.url)
    }

    fn is_wanted(&self, entry: &Entry) -> bool {
        entry.url == self.url
            && entry.kind.eq_ignore_ascii_case("ticket")
            && entry.level.eq_ignore_ascii_case(self.level.name())
    }

    /// What is wrong with a registration that is wanted.
    fn fault(&self, entry: &Entry) -> Option<&'static str> {
        if entry.inactive {
            Some(DISABLED)
        } else if entry.self_suppressed {
            Some("changes of the API member were kept from it")
        } else if entry.description != self.description {
            Some("its description was changed")
        } else {
            None
        }
    }
}

/// What of a plan repairs what was in place before, in words; the rest is new.
pub(crate) fn repairs(
    plan: &[Act],
    level: CallbackLevel,
    before: &BTreeSet<u32>,
) -> BTreeSet<String> {
    plan.iter()
        .filter_map(|act| match act {
            Act::Register { object, why } | Act::Correct { object, why, .. }
                if before.contains(object) =>
            {
                Some(format!("{level} {object}: {why}"))
            }
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(objects: &[u32]) -> Wanted {
        Wanted {
            url: "https://soc.example/s?recordId=".to_owned(),
            description: description("acme-soc"),
            level: CallbackLevel::Board,
            objects: objects.iter().copied().collect(),
        }
    }

    fn entry(id: u32, object: u32) -> Entry {
        let wanted = wanted(&[]);
        Entry {
            id,
            description: wanted.description,
            url: wanted.url,
            object_id: Some(object),
            kind: "ticket".to_owned(),
            level: "board".to_owned(),
            inactive: false,
            self_suppressed: false,
        }
    }

    fn removed(plan: &[Act]) -> Vec<u32> {
        plan.iter()
            .filter_map(|act| match act {
                Act::Remove { id, .. } => Some(*id),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn what_is_in_place_needs_nothing() {
        let plan = wanted(&[1, 2]).plan(&[entry(7, 2), entry(8, 1)], &Registered::default());
        assert_eq!(plan, []);
    }

    #[test]
    fn what_is_missing_is_registered_before_the_old_is_removed() {
        let old = Entry {
            url: "https://old.example/s?recordId=".to_owned(),
            ..entry(3, 1)
        };
        let plan = wanted(&[1, 2]).plan(&[old, entry(4, 9)], &Registered::default());
        assert_eq!(
            plan,
            [
                Act::Register {
                    object: 1,
                    why: NOT_THERE
                },
                Act::Register {
                    object: 2,
                    why: NOT_THERE
                },
                Act::Remove {
                    id: 3,
                    why: "it is not wanted any more"
                },
                Act::Remove {
                    id: 4,
                    why: "it is not wanted any more"
                },
            ]
        );
    }

    #[test]
    fn of_two_alike_the_sound_one_stays() {
        let asleep = Entry {
            inactive: true,
            ..entry(1, 5)
        };
        let plan = wanted(&[5]).plan(&[asleep, entry(2, 5), entry(3, 5)], &Registered::default());
        assert_eq!(removed(&plan), [3, 1]);
        assert_eq!(plan.len(), 2);
    }

    #[test]
    fn what_stays_disabled_is_made_anew() {
        let asleep = Entry {
            inactive: true,
            ..entry(1, 5)
        };
        let mut registered = Registered::default();
        let plan = wanted(&[5]).plan(std::slice::from_ref(&asleep), &registered);
        assert_eq!(
            plan,
            [Act::Correct {
                id: 1,
                object: 5,
                why: DISABLED
            }]
        );
        registered.corrected.insert(1);
        let plan = wanted(&[5]).plan(&[asleep], &registered);
        assert_eq!(
            plan,
            [
                Act::Remove {
                    id: 1,
                    why: "it could not be put right"
                },
                Act::Register {
                    object: 5,
                    why: DISABLED
                },
            ]
        );
    }

    #[test]
    fn others_are_never_touched() {
        let others = [
            Entry {
                url: "https://other.example/?recordId=".to_owned(),
                description: "another product".to_owned(),
                ..entry(1, 5)
            },
            Entry {
                url: "https://soc.example/t?recordId=".to_owned(),
                description: description("acme"),
                ..entry(2, 5)
            },
            Entry {
                url: String::new(),
                description: String::new(),
                ..entry(3, 5)
            },
        ];
        let plan = wanted(&[]).plan(&others, &Registered::default());
        assert_eq!(plan, []);
        let nameless = Wanted {
            url: String::new(),
            ..wanted(&[])
        };
        assert_eq!(nameless.removal(&others), []);
    }

    #[test]
    fn what_was_in_place_before_and_is_not_is_a_repair() {
        let plan = [
            Act::Register {
                object: 1,
                why: NOT_THERE,
            },
            Act::Register {
                object: 2,
                why: NOT_THERE,
            },
            Act::Correct {
                id: 9,
                object: 3,
                why: DISABLED,
            },
            Act::Remove { id: 4, why: "x" },
        ];
        let found = repairs(&plan, CallbackLevel::Board, &[1, 3].into());
        assert_eq!(
            found,
            [
                "board 1: ConnectWise did not have it".to_owned(),
                "board 3: ConnectWise had disabled it".to_owned()
            ]
            .into()
        );
    }
}
