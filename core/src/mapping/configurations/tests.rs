use super::*;
use crate::{
    case::{Group, System},
    inventory::InventoryGroup,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

const A: &str = "00-15-5D-01-4F-A1";
const B: &str = "00:15:5d:01:4f:b2";
const C: &str = "0015.5d01.4fc3";

fn system(id: &str, macs: &[&str]) -> System {
    System {
        id: id.to_owned(),
        name: Some(format!("{id}.local")),
        os: None,
        macs: macs.iter().map(|mac| (*mac).to_owned()).collect(),
        ips: Vec::new(),
        serial_number: None,
    }
}

fn configuration(id: u32, company: u32, mac: &str) -> ImportedConfiguration {
    ImportedConfiguration {
        id: ConfigurationId(id),
        company: CompanyId(company),
        name: format!("Configuration {id}"),
        kind: "Managed Workstation".to_owned(),
        inactive: false,
        mac_address: mac.to_owned(),
        serial_number: String::new(),
        device_identifier: String::new(),
    }
}

/// Groups by their ids and systems; `g1` and `h1` belong to company 1, `g2` to company 2, others to none.
fn inventory(groups: &[(&str, Vec<System>)]) -> Inventory {
    let groups = groups.iter().map(|(id, systems)| InventoryGroup {
        group: Group {
            id: (*id).to_owned(),
            name: None,
            email: None,
        },
        systems: systems.clone(),
    });
    Inventory {
        groups: groups.collect(),
    }
}

fn companies() -> BTreeMap<String, CompanyId> {
    [("g1", 1), ("h1", 1), ("g2", 2)]
        .into_iter()
        .map(|(group, company)| (group.to_owned(), CompanyId(company)))
        .collect()
}

type Existing = ExistingMappings<ConfigurationId>;

/// Each system with its configuration, or the kind of its refusal.
fn mapped(
    groups: &[(&str, Vec<System>)],
    configurations: &[ImportedConfiguration],
    existing: &Existing,
) -> Vec<(String, Result<u32, String>)> {
    auto_map_systems(&inventory(groups), &companies(), configurations, existing)
        .into_iter()
        .map(|found| {
            let outcome = match found.outcome {
                SystemOutcome::Mapped { configuration, .. } => Ok(configuration.0),
                SystemOutcome::Refused { reason, .. } => Err(serde_json::to_value(&reason)
                    .unwrap()["kind"]
                    .as_str()
                    .unwrap()
                    .to_owned()),
            };
            (found.system.to_owned(), outcome)
        })
        .collect()
}

fn reason(
    system: System,
    configurations: &[ImportedConfiguration],
    existing: &Existing,
) -> SystemRefusal {
    let inventory = inventory(&[("g1", vec![system])]);
    let mut found = auto_map_systems(&inventory, &companies(), configurations, existing);
    match found.remove(0).outcome {
        SystemOutcome::Refused { reason, .. } => *reason,
        outcome @ SystemOutcome::Mapped { .. } => panic!("{outcome:?}"),
    }
}

fn by_hand(mappings: &[(&str, u32)]) -> Existing {
    Existing {
        by_hand: mappings
            .iter()
            .map(|(system, id)| ((*system).to_owned(), ConfigurationId(*id)))
            .collect(),
        ..Existing::default()
    }
}

fn automatic(mappings: &[(&str, u32)]) -> Existing {
    Existing {
        automatic: by_hand(mappings).by_hand,
        ..Existing::default()
    }
}

fn refused(kind: &str) -> Result<u32, String> {
    Err(kind.to_owned())
}

#[test]
fn systems_get_the_configuration_with_one_of_their_macs_within_their_company() {
    let groups = [
        (
            "g1",
            vec![system("dc1", &["garbage", A]), system("syslog", &[])],
        ),
        ("h1", vec![system("exch1", &[B, B, "00155D014FB2"])]),
        ("g2", vec![system("other", &[A])]),
        ("unmapped", vec![system("lost", &[C])]),
    ];
    let configurations = [
        configuration(11, 1, "00155d014fa1"),
        configuration(12, 1, "0015.5D01.4FB2"),
        configuration(21, 2, A),
        configuration(31, 3, C),
    ];
    assert_eq!(
        mapped(&groups, &configurations, &Existing::default()),
        [
            ("dc1".to_owned(), Ok(11)),
            ("exch1".to_owned(), Ok(12)),
            ("lost".to_owned(), refused("group_not_mapped")),
            ("other".to_owned(), Ok(21)),
            ("syslog".to_owned(), refused("no_mac")),
        ]
    );
}

#[test]
fn a_configuration_wanted_by_two_systems_goes_to_neither_even_across_groups() {
    let groups = [
        ("g1", vec![system("a", &[A])]),
        ("h1", vec![system("b", &[A, C])]),
    ];
    let configurations = [configuration(1, 1, A)];
    assert_eq!(
        mapped(&groups, &configurations, &Existing::default()),
        [
            ("a".to_owned(), refused("several_systems")),
            ("b".to_owned(), refused("several_systems"))
        ]
    );
    let inventory = inventory(&groups);
    let companies = companies();
    let existing = Existing::default();
    let found = auto_map_systems(&inventory, &companies, &configurations, &existing);
    let SystemOutcome::Refused { reason, .. } = &found[0].outcome else {
        panic!()
    };
    assert_eq!(
        reason.to_string(),
        "several systems have the MAC 00:15:5D:01:4F:A1 of the configuration 'Configuration 1' (id 1): a, b; map one of them by hand"
    );
}

#[test]
fn a_mac_on_two_configurations_and_macs_of_two_configurations_are_refused() {
    let none = Existing::default();
    for (macs, configurations) in [
        (
            vec![A],
            vec![configuration(1, 1, A), configuration(2, 1, "00155D014FA1")],
        ),
        (
            vec![A, B],
            vec![configuration(1, 1, A), configuration(2, 1, B)],
        ),
        (
            vec![A, B],
            vec![
                configuration(1, 1, A),
                configuration(2, 1, A),
                configuration(3, 1, B),
            ],
        ),
    ] {
        let SystemRefusal::SeveralConfigurations {
            configurations: named,
            ..
        } = reason(system("a", &macs), &configurations, &none)
        else {
            panic!();
        };
        assert_eq!(named.some.len(), configurations.len());
    }
}

#[test]
fn a_shared_mac_that_no_configuration_has_does_no_harm() {
    let groups = [("g1", vec![system("a", &[A, C]), system("b", &[B, C])])];
    let configurations = [configuration(1, 1, A), configuration(2, 1, B)];
    assert_eq!(
        mapped(&groups, &configurations, &Existing::default()),
        [("a".to_owned(), Ok(1)), ("b".to_owned(), Ok(2))]
    );
}

#[test]
fn a_system_that_wants_two_configurations_spoils_both_for_others() {
    let groups = [("g1", vec![system("a", &[A, B]), system("b", &[A])])];
    let configurations = [configuration(1, 1, A), configuration(2, 1, B)];
    assert_eq!(
        mapped(&groups, &configurations, &Existing::default()),
        [
            ("a".to_owned(), refused("several_configurations")),
            ("b".to_owned(), refused("several_systems"))
        ]
    );
}

#[test]
fn each_refusal_of_one_system_has_its_reason_and_says_what_to_do() {
    let none = Existing::default();
    let named = |mac: &str, kind: &str| ImportedConfiguration {
        name: "DC1.LOCAL".to_owned(),
        kind: kind.to_owned(),
        ..configuration(1, 1, mac)
    };
    let inactive = ImportedConfiguration {
        inactive: true,
        ..configuration(1, 1, A)
    };
    let cases = [
        (system("dc1", &[""]), vec![], &none, "no_mac", "syslog"),
        (
            system("dc1", &["000000000000", "x"]),
            vec![],
            &none,
            "unusable_macs",
            "'x' (it is not",
        ),
        (
            system("dc1", &["FF:FF:FF:FF:FF:FF"]),
            vec![configuration(1, 1, "FF:FF:FF:FF:FF:FF")],
            &none,
            "unusable_macs",
            "broadcast",
        ),
        (
            system("dc1", &[A]),
            vec![configuration(1, 1, B)],
            &none,
            "no_configuration",
            "enter it",
        ),
        (
            system("dc1", &[A]),
            vec![configuration(1, 2, A)],
            &none,
            "no_configuration",
            A.replace('-', ":").leak(),
        ),
        (
            system("dc1", &[A]),
            vec![named("", "Server")],
            &none,
            "no_mac_on_configuration",
            "its type is 'Server', and ConnectWise shows",
        ),
        (
            system("dc1", &[A]),
            vec![named("n/a", "Server")],
            &none,
            "no_mac_on_configuration",
            "cannot be used",
        ),
        (
            system("dc1", &[A]),
            vec![inactive],
            &none,
            "inactive",
            "activate",
        ),
        (
            system("dc1", &[A]),
            vec![configuration(1, 1, A)],
            &by_hand(&[("exch1", 1)]),
            "mapped_by_hand",
            "to exch1",
        ),
        (
            system("dc1", &[A]),
            vec![configuration(1, 1, A)],
            &automatic(&[("gone", 1)]),
            "held_by_another",
            "mapped to gone",
        ),
    ];
    for (system, configurations, existing, kind, text) in cases {
        let reason = reason(system, &configurations, existing);
        assert_eq!(serde_json::to_value(&reason).unwrap()["kind"], kind);
        assert!(reason.to_string().contains(text), "{reason}");
    }
}

#[test]
fn a_system_that_comes_twice_is_refused_once() {
    let groups = [
        ("g1", vec![system("a", &[A])]),
        ("g2", vec![system("a", &[A])]),
    ];
    let configurations = [configuration(1, 1, A), configuration(2, 2, A)];
    assert_eq!(
        mapped(&groups, &configurations, &Existing::default()),
        [("a".to_owned(), refused("duplicate_system"))]
    );
}

#[test]
fn what_a_person_decided_is_out_of_the_game() {
    let groups = [(
        "g1",
        vec![
            system("a", &[A]),
            system("b", &[A]),
            system("c", &[B]),
            system("d", &[C]),
        ],
    )];
    let configurations = [
        configuration(1, 1, A),
        configuration(2, 1, A),
        configuration(3, 1, B),
        configuration(4, 1, C),
    ];
    let existing = Existing {
        left_out: BTreeSet::from(["c".to_owned()]),
        ..by_hand(&[("a", 2), ("elsewhere", 4)])
    };
    assert_eq!(
        mapped(&groups, &configurations, &existing),
        [
            ("b".to_owned(), Ok(1)),
            ("d".to_owned(), refused("mapped_by_hand"))
        ]
    );
}

#[test]
fn what_was_mapped_before_stays_against_a_newcomer() {
    let groups = [("g1", vec![system("new", &[A]), system("old", &[A, B])])];
    let configurations = [configuration(1, 1, A), configuration(2, 1, B)];
    assert_eq!(
        mapped(&groups, &configurations, &automatic(&[("old", 1)])),
        [
            ("new".to_owned(), refused("several_systems")),
            ("old".to_owned(), Ok(1))
        ]
    );
}

#[test]
fn what_is_no_longer_right_is_given_up_and_named() {
    let existing = automatic(&[("a", 1)]);
    let inventory = inventory(&[("g1", vec![system("a", &[A])])]);
    let inactive = ImportedConfiguration {
        inactive: true,
        ..configuration(1, 1, A)
    };
    for configurations in [
        vec![configuration(1, 1, B)],
        vec![configuration(1, 2, A)],
        vec![inactive],
        vec![],
    ] {
        let companies = companies();
        let found = auto_map_systems(&inventory, &companies, &configurations, &existing);
        assert!(
            matches!(
                found[0].outcome,
                SystemOutcome::Refused {
                    lost: Some(ConfigurationId(1)),
                    ..
                }
            ),
            "{found:?}"
        );
    }
}

#[test]
fn two_that_hold_one_configuration_both_lose_it() {
    let groups = [("g1", vec![system("a", &[A]), system("b", &[A])])];
    let found = mapped(
        &groups,
        &[configuration(1, 1, A)],
        &automatic(&[("a", 1), ("b", 1)]),
    );
    assert!(
        found.iter().all(|(_, outcome)| outcome.is_err()),
        "{found:?}"
    );
}

#[test]
fn a_match_in_json_has_its_evidence() {
    let inventory = inventory(&[("g1", vec![system("a", &[A])])]);
    let (companies, existing) = (companies(), Existing::default());
    let configurations = [configuration(1, 1, A)];
    let found = auto_map_systems(&inventory, &companies, &configurations, &existing);
    assert_eq!(
        serde_json::to_value(&found).unwrap(),
        serde_json::json!([{
            "system": "a", "outcome": "mapped", "configuration": 1, "mac": "00:15:5D:01:4F:A1", "kept": false
        }])
    );
}

/// Systems and configurations over few MACs and two companies, so that they meet, with mappings that exist.
fn game() -> impl Strategy<Value = (Vec<(usize, System)>, Vec<ImportedConfiguration>, Existing)> {
    let mac = || {
        (0..9_u8).prop_map(|number| match number {
            0 => "000000000000".to_owned(),
            number if number % 2 == 0 => format!("0015.5d01.4f{number:02x}"),
            number => format!("00-15-5D-01-4F-{number:02X}"),
        })
    };
    let system = (
        0..4_usize,
        proptest::collection::vec(mac(), 0..3),
        0..8_u8,
        1..12_u32,
    );
    let configuration = (1..3_u32, mac(), 0..6_u8);
    (
        proptest::collection::vec(system, 0..12),
        proptest::collection::vec(configuration, 0..12),
    )
        .prop_map(|(systems, configurations)| {
            let mut existing = Existing::default();
            let systems = systems
                .into_iter()
                .enumerate()
                .map(|(number, (group, macs, kind, target))| {
                    let id = format!("s{number}");
                    match kind {
                        0 => {
                            existing.by_hand.insert(id.clone(), ConfigurationId(target));
                        }
                        1 => {
                            existing.left_out.insert(id.clone());
                        }
                        2 | 3 => {
                            existing
                                .automatic
                                .insert(id.clone(), ConfigurationId(target));
                        }
                        4 => {
                            existing
                                .automatic
                                .insert(format!("gone{number}"), ConfigurationId(target));
                        }
                        _ => {}
                    }
                    let macs: Vec<&str> = macs.iter().map(String::as_str).collect();
                    (group, self::system(&id, &macs))
                })
                .collect();
            let configurations = (1..)
                .zip(configurations)
                .map(|(id, (company, mac, kind))| ImportedConfiguration {
                    inactive: kind == 0,
                    ..self::configuration(id, company, &mac)
                })
                .collect();
            (systems, configurations, existing)
        })
}

fn grouped(systems: &[(usize, System)], order: [usize; 4]) -> Inventory {
    const GROUPS: [&str; 4] = ["g1", "h1", "g2", "unmapped"];
    let of = |group: usize| {
        systems
            .iter()
            .filter(move |(other, _)| *other == group)
            .map(|(_, system)| system.clone())
            .collect()
    };
    inventory(&order.map(|group| (GROUPS[group], of(group))))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn the_mapping_is_a_function_of_the_sets_and_stays_when_run_again((mut systems, mut configurations, mut existing) in game()) {
        let companies = companies();
        let inventory = grouped(&systems, [0, 1, 2, 3]);
        let first = auto_map_systems(&inventory, &companies, &configurations, &existing);

        systems.reverse();
        configurations.reverse();
        let reversed = grouped(&systems, [3, 2, 1, 0]);
        prop_assert_eq!(&auto_map_systems(&reversed, &companies, &configurations, &existing), &first);

        let mut pairs: BTreeMap<String, ConfigurationId> = BTreeMap::new();
        for found in &first {
            prop_assert!(!existing.is_decided(found.system));
            if let SystemOutcome::Mapped { configuration, .. } = found.outcome {
                prop_assert_eq!(pairs.insert(found.system.to_owned(), configuration), None);
            }
        }
        let gone = existing.automatic.iter().filter(|(system, _)| system.starts_with("gone"));
        let held: BTreeSet<_> = existing.by_hand.values().chain(gone.clone().map(|(_, id)| id)).collect();
        let given: BTreeSet<_> = pairs.values().collect();
        prop_assert_eq!(given.len(), pairs.len());
        prop_assert!(given.is_disjoint(&held));
        for (system, configuration) in &pairs {
            let configuration = configurations.iter().find(|other| other.id == *configuration).unwrap();
            let (group, system) = systems.iter().find(|(_, other)| other.id == *system).unwrap();
            prop_assert!(!configuration.inactive);
            prop_assert_eq!(configuration.company.0, [1, 1, 2, 0][*group]);
            prop_assert!(system.macs.iter().any(|mac| Mac::parse(mac) == Mac::parse(&configuration.mac_address)));
        }

        let mut after = pairs.clone();
        after.extend(gone.map(|(system, id)| (system.clone(), *id)));
        existing.automatic = after;
        let again = auto_map_systems(&inventory, &companies, &configurations, &existing);
        let pairs_again: BTreeMap<String, ConfigurationId> = again
            .iter()
            .filter_map(|found| match found.outcome {
                SystemOutcome::Mapped { configuration, kept: true, .. } => Some((found.system.to_owned(), configuration)),
                _ => None,
            })
            .collect();
        prop_assert_eq!(pairs_again, pairs);
    }
}
