use super::*;

fn company(id: u32, identifier: &str, name: &str) -> ImportedCompany {
    ImportedCompany {
        id: CompanyId(id),
        identifier: identifier.to_owned(),
        name: name.to_owned(),
        deleted: false,
        status: "Active".to_owned(),
        contact_emails: Vec::new(),
    }
}

fn group(id: &str, name: &str) -> Group {
    Group {
        id: id.to_owned(),
        name: Some(name.to_owned()),
        email: Some(format!("it@{id}.example")),
    }
}

fn mapped(name: &str, id: u32, identifier: &str, company: &str) -> KnownCustomer {
    KnownCustomer {
        name: Some(name.to_owned()),
        company: KnownCompany::Mapped(MappedCompany {
            id: CompanyId(id),
            identifier: identifier.to_owned(),
            name: company.to_owned(),
        }),
    }
}

/// What is found, as `group: change`.
fn found(
    groups: &[Group],
    companies: &[ImportedCompany],
    known: &[(&str, KnownCustomer)],
) -> Vec<String> {
    let known = known
        .iter()
        .map(|(id, known)| ((*id).to_owned(), known.clone()))
        .collect();
    let (findings, _) =
        compare_customers(groups, companies, &known, None, &MappingRules::default());
    findings
        .into_iter()
        .map(|finding| {
            assert!(!finding.reason.is_empty() && !finding.fix.is_empty());
            let who = finding
                .group
                .or(finding.company.map(|company| company.identifier));
            let change = match finding.change {
                CustomerChange::GroupNew => "group new".to_owned(),
                CustomerChange::GroupGone => "group gone".to_owned(),
                CustomerChange::GroupRenamed { from } => format!("group was {from}"),
                CustomerChange::CompanyNew => "company new".to_owned(),
                CustomerChange::CompanyGone => "company gone".to_owned(),
                CustomerChange::CompanyRenamed { from } => format!("company was {from}"),
                CustomerChange::CompanyMerged { into } => {
                    format!("merged into {}", into.identifier)
                }
            };
            format!("{}: {change}", who.unwrap_or_default())
        })
        .collect()
}

#[test]
fn what_is_as_it_was_is_not_told() {
    let known = [("a", mapped("A", 1, "A", "Alpha"))];
    assert_eq!(
        found(&[group("a", "A")], &[company(1, "A", "Alpha")], &known),
        Vec::<String>::new()
    );
}

#[test]
fn new_gone_and_renamed_are_told_of_both_sides() {
    let known = [
        ("a", mapped("A", 1, "A", "Alpha")),
        ("left", mapped("Left", 2, "L", "Left")),
        ("c", mapped("C before", 3, "C", "Gamma")),
    ];
    let companies = [
        company(1, "A2", "Alpha"),
        company(2, "L", "Left"),
        company(3, "C", "Gamma"),
        company(4, "D", "Delta"),
    ];
    let groups = [group("a", "A"), group("b", "B"), group("c", "C")];
    assert_eq!(
        found(&groups, &companies, &known),
        [
            "a: company was Alpha (A)",
            "b: group new",
            "c: group was C before",
            "left: group gone",
            "D: company new",
        ]
    );
}

#[test]
fn a_company_that_is_gone_is_merged_where_exactly_one_other_is_its_like() {
    let known = [("a", mapped("A", 1, "A", "Alpha"))];
    let groups = [group("a", "A")];
    let mut bin = company(1, "A", "Alpha");
    bin.deleted = true;
    let mut with_mail = company(8, "H", "Holding");
    with_mail.contact_emails = vec!["cfo@a.example".to_owned()];
    let mut inactive = company(9, "Alpha9", "Alpha");
    inactive.status = "Inactive".to_owned();
    for (companies, expected) in [
        (vec![bin.clone()], "a: company gone"),
        (vec![], "a: company gone"),
        (
            vec![bin.clone(), company(7, "AlphaNew", "alpha")],
            "a: merged into AlphaNew",
        ),
        (vec![bin.clone(), with_mail.clone()], "a: merged into H"),
        (vec![bin.clone(), inactive], "a: company gone"),
        (
            vec![bin, company(6, "A6", "Alpha"), company(7, "A7", "Alpha")],
            "a: company gone",
        ),
    ] {
        assert_eq!(
            found(&groups, &companies, &known)[0],
            expected,
            "{companies:?}"
        );
    }
}

#[test]
fn what_a_person_took_out_is_not_new_and_the_catch_all_is_nobodys() {
    let left_out = KnownCustomer {
        name: None,
        company: KnownCompany::LeftOut,
    };
    let known = BTreeMap::from([("a".to_owned(), left_out)]);
    let key = CompanyKey::Identifier("catchall".to_owned());
    let (findings, unchanged) = compare_customers(
        &[group("a", "A")],
        &[company(1, "CatchAll", "Everyone else")],
        &known,
        Some(&key),
        &MappingRules::default(),
    );
    assert_eq!((findings, unchanged), (Vec::new(), 1));
}

#[test]
fn what_the_configuration_names_is_looked_for_by_its_key() {
    let named = |text: &str| KnownCustomer {
        name: None,
        company: KnownCompany::Named(CompanyKey::Name(text.to_owned())),
    };
    let companies = [company(1, "A", "Alpha")];
    let groups = [group("a", "A"), group("b", "B")];
    let known = [("a", named("alpha")), ("b", named("Beta"))];
    assert_eq!(found(&groups, &companies, &known), ["b: company gone"]);
}
