use super::{
    names::{company_name, host_name, likeness},
    *,
};
use crate::{
    case::{Group, System},
    company::{CompanyId, ConfigurationId, ImportedCompany, ImportedConfiguration},
    mapping::MappingRules,
};

fn group(name: &str, email: &str) -> Group {
    Group {
        id: "g".to_owned(),
        name: Some(name.to_owned()),
        email: Some(email.to_owned()),
    }
}

fn company(id: u32, identifier: &str, name: &str, email: &str) -> ImportedCompany {
    ImportedCompany {
        id: CompanyId(id),
        identifier: identifier.to_owned(),
        name: name.to_owned(),
        deleted: false,
        status: "Active".to_owned(),
        contact_emails: vec![email.to_owned()],
    }
}

fn suggested(group: &Group, companies: &[ImportedCompany]) -> Vec<CompanySuggestion> {
    let groups = std::slice::from_ref(group);
    suggest_companies(groups, companies, &MappingRules::default(), 5)
        .remove(0)
        .candidates
}

fn system(id: &str, name: &str) -> System {
    System {
        id: id.to_owned(),
        name: Some(name.to_owned()),
        os: None,
        macs: vec!["00:15:5d:01:4f:a1".to_owned()],
        ips: Vec::new(),
        serial_number: Some("PF-3A 77X".to_owned()),
    }
}

fn configuration(id: u32, name: &str) -> ImportedConfiguration {
    ImportedConfiguration {
        id: ConfigurationId(id),
        company: CompanyId(1),
        name: name.to_owned(),
        kind: "Server".to_owned(),
        inactive: false,
        mac_address: String::new(),
        serial_number: String::new(),
        device_identifier: String::new(),
    }
}

fn suggested_for(
    system: &System,
    configurations: &[ImportedConfiguration],
) -> Vec<ConfigurationSuggestion> {
    let configurations: Vec<_> = configurations.iter().collect();
    suggest_configurations(&[system], &configurations, 5)
        .remove(0)
        .candidates
}

fn signals(evidence: &[Evidence]) -> Vec<Signal> {
    evidence.iter().map(|evidence| evidence.signal).collect()
}

#[test]
fn names_are_compared_without_what_says_nothing() {
    assert_eq!(company_name("The Big-Design Co., Inc."), "big design");
    assert_eq!(company_name("L.L.C."), "llc");
    assert_eq!(company_name("48Tech SRL"), "48tech");
    assert_eq!(company_name("Müller & Söhne GmbH"), "müller söhne");
    assert_eq!(host_name("48TECH-DC1.48tech.local"), "48tech-dc1");
    assert_eq!(host_name("48TECH\\DC1"), "dc1");
    assert_eq!(host_name("10.0.0.7"), "10.0.0.7");
    assert!(likeness("big design", "bigdesign").is_some());
    assert!(likeness("design big", "big design").is_some());
    assert!(likeness("big design europe", "big design").is_some());
    assert_eq!(likeness("srv-01", "srv-02"), None);
    assert_eq!(likeness("big design", "small plan"), None);
}

#[test]
fn several_signals_add_up_and_each_is_told() {
    let companies = [
        company(1, "other", "Other, Ltd.", "it@bigdesigns.example"),
        company(2, "BigDesign", "Big Design, Inc.", "cio@bigdesign.example"),
        company(3, "x", "Big Designs", "x@x.example"),
    ];
    let found = suggested(&group("Big design", "soc@bigdesign.example"), &companies);
    let ids: Vec<_> = found
        .iter()
        .map(|suggestion| suggestion.company.id.0)
        .collect();
    assert_eq!(ids, [2, 3]);
    assert_eq!(
        signals(&found[0].evidence),
        [Signal::Name, Signal::Domain, Signal::Identifier]
    );
    assert_eq!(found[0].score, 97);
    assert!(found[0].evidence[1].text.contains("cio@bigdesign.example"));
    assert_eq!(signals(&found[1].evidence), [Signal::Name]);
    assert!(
        found[1].score < 60 && found[1].evidence[0].text.contains("90 % alike"),
        "{:?}",
        found[1]
    );
}

#[test]
fn a_public_mailbox_is_no_evidence() {
    let companies = [company(1, "x", "Something", "big@gmail.com")];
    assert_eq!(
        suggested(&group("Other", "other@gmail.com"), &companies),
        []
    );
}

#[test]
fn what_to_mind_is_flagged_and_usable_companies_come_first() {
    let companies = [
        ImportedCompany {
            deleted: true,
            ..company(1, "a", "Big Design", "")
        },
        ImportedCompany {
            status: "Inactive".to_owned(),
            ..company(2, "b", "Big Design Inc", "")
        },
        company(3, "c", "Big Design, LLC", ""),
    ];
    let found = suggested(&group("big design", ""), &companies);
    let flags: Vec<_> = found
        .iter()
        .map(|suggestion| (suggestion.company.id.0, suggestion.flags.clone()))
        .collect();
    use SuggestedFlag::{Deleted, DuplicateName, Inactive};
    assert_eq!(
        flags,
        [
            (3, vec![DuplicateName]),
            (1, vec![Deleted, DuplicateName]),
            (2, vec![Inactive, DuplicateName])
        ]
    );
}

#[test]
fn at_most_as_many_as_asked_for_are_suggested_whatever_the_order() {
    let mut companies: Vec<_> = (1..=100)
        .map(|id| company(id, &format!("c{id}"), "Big Design", "a@x.example"))
        .collect();
    let group = group("Big Design", "b@x.example");
    let found = suggested(&group, &companies);
    assert_eq!(found.len(), 5);
    assert!(
        found[0].evidence[1]
            .text
            .ends_with("as 99 other companies do"),
        "{:?}",
        found[0]
    );
    companies.reverse();
    assert_eq!(suggested(&group, &companies), found);
    assert!(
        suggest_companies(&[group], &companies, &MappingRules::default(), 0)[0]
            .candidates
            .is_empty()
    );
}

#[test]
fn systems_are_suggested_by_what_the_device_says_of_itself() {
    let configurations = [
        ImportedConfiguration {
            serial_number: "pf3a77x".to_owned(),
            ..configuration(1, "unnamed")
        },
        ImportedConfiguration {
            mac_address: "0015.5D01.4FA1".to_owned(),
            ..configuration(2, "DC1")
        },
        ImportedConfiguration {
            device_identifier: "AGENT-77".to_owned(),
            inactive: true,
            ..configuration(3, "")
        },
        configuration(4, "dc2"),
        configuration(5, "printer"),
    ];
    let found = suggested_for(&system("agent77", "dc1.48tech.local"), &configurations);
    let ids: Vec<_> = found
        .iter()
        .map(|suggestion| suggestion.configuration.id.0)
        .collect();
    assert_eq!(ids, [2, 1, 3]);
    assert_eq!(signals(&found[0].evidence), [Signal::Mac, Signal::HostName]);
    assert_eq!(signals(&found[1].evidence), [Signal::SerialNumber]);
    assert_eq!(found[2].flags, [SuggestedFlag::Inactive]);
}

#[test]
fn what_several_configurations_have_weighs_less() {
    let same = |id| ImportedConfiguration {
        mac_address: "00155D014FA1".to_owned(),
        ..configuration(id, "x")
    };
    let one = suggested_for(&system("s", "y"), &[same(1)]);
    let two = suggested_for(&system("s", "y"), &[same(1), same(2)]);
    assert!(two[0].score < one[0].score);
    assert!(
        two[0].evidence[0]
            .text
            .ends_with("as another configuration does"),
        "{:?}",
        two[0]
    );
}

#[test]
fn a_serial_number_that_makers_leave_unset_is_no_evidence() {
    for unset in [
        "To be filled by O.E.M.",
        "None",
        "0000000000",
        "123456789",
        "x1",
        "Default string",
    ] {
        let system = System {
            serial_number: Some(unset.to_owned()),
            macs: Vec::new(),
            ..system("s", "a")
        };
        let other = ImportedConfiguration {
            serial_number: unset.to_owned(),
            ..configuration(1, "b")
        };
        assert_eq!(suggested_for(&system, &[other]), [], "{unset}");
    }
}
