use super::*;
use proptest::prelude::*;

fn group(id: &str, email: &str) -> Group {
    Group {
        id: id.to_owned(),
        name: None,
        email: (!email.is_empty()).then(|| email.to_owned()),
    }
}

fn company(id: u32, email: &str) -> ImportedCompany {
    ImportedCompany {
        id: CompanyId(id),
        identifier: format!("c{id}"),
        name: format!("Company {id}"),
        deleted: false,
        status: "Active".to_owned(),
        contact_emails: vec![email.to_owned()],
    }
}

fn map(groups: &[Group], companies: &[ImportedCompany]) -> Vec<GroupMatch> {
    auto_map_companies(
        groups,
        companies,
        &MappingRules::default(),
        &ExistingMappings::default(),
    )
}

fn reason(email: &str, companies: &[ImportedCompany]) -> GroupRefusal {
    match map(&[group("g", email)], companies).remove(0).outcome {
        GroupOutcome::Refused { reason, lost: None } => reason,
        outcome => panic!("{outcome:?}"),
    }
}

#[test]
fn groups_get_the_company_whose_primary_contact_has_their_domain() {
    let companies = [
        company(250, "Cio <cio@BigDesign.example>"),
        company(251, "it@other.example"),
    ];
    let groups = [
        group("5Ktech", "soc@bigdesign.example."),
        group("48Tech", "admin@bigdesign.example"),
    ];
    let matches = map(&groups, &companies);
    let ids: Vec<_> = matches.iter().map(|found| found.group.as_str()).collect();
    assert_eq!(ids, ["48Tech", "5Ktech"]);
    for found in &matches {
        let GroupOutcome::Mapped {
            company,
            evidence,
            kept,
        } = &found.outcome
        else {
            panic!("{found:?}");
        };
        assert_eq!((*company, *kept), (CompanyId(250), false));
        assert_eq!(evidence.domain.as_str(), "bigdesign.example");
        assert!(
            evidence.to_string().contains("Cio <cio@BigDesign.example>"),
            "{evidence}"
        );
    }
}

#[test]
fn each_refusal_has_its_reason_and_says_what_to_do() {
    let deleted = |id| ImportedCompany {
        deleted: true,
        ..company(id, "a@x.example")
    };
    let inactive = |id| ImportedCompany {
        status: "inactive".to_owned(),
        ..company(id, "a@x.example")
    };
    let public = company(9, "big.design@gmail.com");
    let cases: Vec<(&str, Vec<ImportedCompany>, &str, &str)> = vec![
        ("", vec![], "no_address", "give it one"),
        ("bigdesign", vec![], "malformed_address", "correct it"),
        ("it@GMAIL.com", vec![public], "public_mailbox", "own domain"),
        (
            "it@x.example",
            vec![company(1, "a@mail.x.example")],
            "no_company",
            "primary contact",
        ),
        (
            "it@mail.x.example",
            vec![company(1, "a@x.example")],
            "no_company",
            "primary contact",
        ),
        (
            "it@x.example",
            vec![company(1, "a@x.example"), company(2, "b@x.example")],
            "several_companies",
            "'Company 1' (c1, id 1), 'Company 2'",
        ),
        (
            "it@x.example;it@y.example",
            vec![company(1, "a@x.example"), company(2, "b@y.example")],
            "several_companies",
            "x.example, y.example",
        ),
        (
            "it@x.example",
            vec![deleted(1), deleted(2)],
            "only_deleted",
            "restore",
        ),
        (
            "it@x.example",
            vec![deleted(1), inactive(2)],
            "only_inactive",
            "'Company 2' (c2, id 2); change the status",
        ),
    ];
    for (email, companies, kind, text) in cases {
        let reason = reason(email, &companies);
        let json = serde_json::to_value(&reason).unwrap();
        assert_eq!(json["kind"], kind, "{email}");
        assert!(reason.to_string().contains(text), "{reason}");
    }
}

#[test]
fn ambiguity_names_five_companies_at_most() {
    let companies: Vec<_> = (1..=8).rev().map(|id| company(id, "a@x.example")).collect();
    let GroupRefusal::SeveralCompanies { companies, .. } = reason("it@x.example", &companies)
    else {
        panic!();
    };
    let ids: Vec<_> = companies.some.iter().map(|company| company.id.0).collect();
    assert_eq!((ids, companies.more), (vec![1, 2, 3, 4, 5], 3));
}

#[test]
fn deleted_and_inactive_companies_do_not_make_an_active_one_ambiguous() {
    let companies = [
        ImportedCompany {
            deleted: true,
            ..company(1, "a@x.example")
        },
        ImportedCompany {
            status: "Inactive".to_owned(),
            ..company(2, "a@x.example")
        },
        company(3, "a@x.example"),
    ];
    let found = map(&[group("g", "it@x.example, private@gmail.com")], &companies);
    assert!(matches!(
        found[0].outcome,
        GroupOutcome::Mapped {
            company: CompanyId(3),
            ..
        }
    ));
}

#[test]
fn a_group_that_comes_twice_is_refused_once() {
    let groups = [group("g", "it@x.example"), group("g", "it@y.example")];
    let found = map(&groups, &[company(1, "a@x.example")]);
    assert_eq!(found.len(), 1);
    assert!(matches!(
        &found[0].outcome,
        GroupOutcome::Refused {
            reason: GroupRefusal::DuplicateGroup,
            ..
        }
    ));
}

#[test]
fn what_was_mapped_before_stays_while_it_is_right_and_is_named_when_it_is_lost() {
    let existing = ExistingMappings {
        automatic: BTreeMap::from([("g".to_owned(), CompanyId(2))]),
        ..ExistingMappings::default()
    };
    let rules = MappingRules::default();
    let groups = [group("g", "it@x.example")];
    let mut companies = vec![
        company(1, "a@x.example"),
        company(2, "b@x.example"),
        company(3, "c@x.example"),
    ];
    let found = auto_map_companies(&groups, &companies, &rules, &existing);
    assert!(matches!(
        found[0].outcome,
        GroupOutcome::Mapped {
            company: CompanyId(2),
            kept: true,
            ..
        }
    ));
    companies[1].deleted = true;
    let found = auto_map_companies(&groups, &companies, &rules, &existing);
    assert!(matches!(
        found[0].outcome,
        GroupOutcome::Refused {
            lost: Some(CompanyId(2)),
            ..
        }
    ));
}

#[test]
fn what_a_person_decided_is_left_out() {
    let existing = ExistingMappings {
        by_hand: BTreeMap::from([("a".to_owned(), CompanyId(7))]),
        left_out: BTreeSet::from(["b".to_owned()]),
        ..ExistingMappings::default()
    };
    let groups = [group("a", "it@x.example"), group("b", "it@x.example")];
    let companies = [company(1, "a@x.example")];
    assert_eq!(
        auto_map_companies(&groups, &companies, &MappingRules::default(), &existing),
        []
    );
}

/// Companies and groups over few domains, so that they meet.
fn parties() -> impl Strategy<Value = (Vec<Group>, Vec<ImportedCompany>, Vec<u8>)> {
    let email = "[a-c]@([w-z]\\.example|gmail\\.com)(; ?[a-c]@[w-z]\\.example)?|nobody|";
    let groups = proptest::collection::vec(email, 0..12);
    let companies = proptest::collection::vec((email, any::<bool>(), any::<bool>()), 0..8);
    (groups, companies, proptest::collection::vec(0..4_u8, 12)).prop_map(
        |(groups, companies, kinds)| {
            let groups = (0..)
                .zip(groups)
                .map(|(id, email): (u32, String)| group(&format!("g{id}"), &email))
                .collect();
            let companies = (1..)
                .zip(companies)
                .map(|(id, (email, deleted, active))| ImportedCompany {
                    deleted: deleted && id % 3 == 0,
                    status: if active { "Active" } else { "Inactive" }.to_owned(),
                    ..company(id, &email)
                })
                .collect();
            (groups, companies, kinds)
        },
    )
}

proptest! {
    #[test]
    fn the_mapping_depends_on_the_sets_alone_and_stays_when_run_again((groups, companies, kinds) in parties()) {
        let rules = MappingRules::default();
        let mut existing = ExistingMappings::default();
        for (group, kind) in groups.iter().zip(kinds) {
            match kind {
                1 => { existing.by_hand.insert(group.id.clone(), CompanyId(2)); }
                2 => { existing.automatic.insert(group.id.clone(), CompanyId(1)); }
                _ => {}
            }
        }
        let first = auto_map_companies(&groups, &companies, &rules, &existing);

        let reversed: (Vec<_>, Vec<_>) = (groups.iter().rev().cloned().collect(), companies.iter().rev().cloned().collect());
        prop_assert_eq!(&auto_map_companies(&reversed.0, &reversed.1, &rules, &existing), &first);

        prop_assert!(first.iter().all(|found| !existing.by_hand.contains_key(&found.group)));
        prop_assert!(first.windows(2).all(|pair| pair[0].group < pair[1].group));

        let mapped = |matches: &[GroupMatch]| -> BTreeMap<String, CompanyId> {
            matches.iter().filter_map(|found| match found.outcome {
                GroupOutcome::Mapped { company, .. } => Some((found.group.clone(), company)),
                GroupOutcome::Refused { .. } => None,
            }).collect()
        };
        existing.automatic = mapped(&first);
        let again = auto_map_companies(&groups, &companies, &rules, &existing);
        prop_assert_eq!(mapped(&again), mapped(&first));
        let all_kept = again.iter().all(|found| !matches!(found.outcome, GroupOutcome::Mapped { kept: false, .. }));
        prop_assert!(all_kept);
    }
}
