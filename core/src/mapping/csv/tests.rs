use super::*;
use crate::error::Code;
use proptest::prelude::*;

fn group(id: &str) -> MappingRow {
    MappingRow {
        kind: MappedKind::Group,
        id: id.to_owned(),
        name: Some("48Tech".to_owned()),
        company_id: Some(CompanyId(250)),
        company_identifier: Some("BigDesign".to_owned()),
        company_name: Some("Big Design, Inc.".to_owned()),
        configuration_id: None,
        configuration_name: None,
        origin: MappingOrigin::Automatic,
        group: None,
    }
}

/// The faults as `pointer code`.
fn faults(text: &str) -> Vec<String> {
    let read = read_mappings(text.as_bytes()).unwrap();
    read.faults
        .iter()
        .map(|fault| format!("{} {}", fault.pointer, fault.code))
        .collect()
}

fn refused(text: &str) -> Vec<String> {
    let error = read_mappings(text.as_bytes()).unwrap_err();
    error
        .faults
        .iter()
        .map(|fault| format!("{} {}", fault.pointer, fault.code))
        .collect()
}

#[test]
fn mappings_are_written_as_rfc_4180_says() {
    let system = MappingRow {
        kind: MappedKind::System,
        company_identifier: None,
        configuration_id: Some(ConfigurationId(700)),
        configuration_name: Some("BigDesign-\"Wrk1\"".to_owned()),
        origin: MappingOrigin::Manual,
        group: Some("g1".to_owned()),
        ..group("s1")
    };
    assert_eq!(
        write_mappings(&[group("g1"), system]),
        "kind,id,name,company_id,company_identifier,company_name,configuration_id,configuration_name,origin,group\r\n\
         group,g1,48Tech,250,BigDesign,\"Big Design, Inc.\",,,automatic,\r\n\
         system,s1,48Tech,250,,\"Big Design, Inc.\",700,\"BigDesign-\"\"Wrk1\"\"\",manual,g1\r\n"
    );
}

#[test]
fn what_a_spreadsheet_would_compute_is_guarded_and_comes_back_as_it_was() {
    for id in ["=1+1", "+49", "-x", "@SUM(A1)", "'quoted", "'=x"] {
        let written = write_mappings(&[group(id)]);
        assert!(written.contains(&format!(",'{id},")), "{written}");
        assert_eq!(
            read_mappings(written.as_bytes()).unwrap().rows,
            [(2, group(id))]
        );
    }
    let plain = "kind,id,company_id\ngroup,'plain,1\n";
    assert_eq!(
        read_mappings(plain.as_bytes()).unwrap().rows[0].1.id,
        "'plain"
    );
}

#[test]
fn lists_of_spreadsheets_are_read() {
    let text = "\u{feff}ID;Kind;\"company_identifier\";name\r\n\r\n g1 ;Group;BigDesign;\"Big; \"\"D\"\"\"\r\n;;;\r\n\r\ng2;group;x\r\n";
    let read = read_mappings(text.as_bytes()).unwrap();
    assert_eq!(read.faults, []);
    let rows: Vec<_> = read
        .rows
        .iter()
        .map(|(line, row)| (*line, row.id.as_str(), row.name.as_deref()))
        .collect();
    assert_eq!(rows, [(3, "g1", Some("Big; \"D\"")), (6, "g2", None)]);
    assert_eq!(read.rows[0].1.origin, MappingOrigin::Manual);
}

#[test]
fn every_fault_of_a_row_is_named_with_its_line() {
    let header = "kind,id,company_id,company_identifier,configuration_id,origin\n";
    let long = "x".repeat(201);
    for (row, expected) in [
        (
            "grup,,x,,0,auto",
            vec![
                "configuration_id invalid_value",
                "company_id invalid_value",
                "id missing_key",
                "kind invalid_value",
                "origin invalid_value",
            ],
        ),
        (",g,1,,,", vec!["kind missing_key"]),
        ("group,g,,,,", vec!["company_id missing_key"]),
        ("group,g,1,,7,", vec!["configuration_id invalid_value"]),
        ("system,s,1,,,", vec!["configuration_id missing_key"]),
        ("group,g,1.5,,,", vec!["company_id invalid_value"]),
        ("group,g,+1,,,", vec!["company_id invalid_value"]),
        ("group,g,4294967296,,,", vec!["company_id invalid_value"]),
        (&format!("group,{long},1,,,"), vec!["id too_long"]),
        ("group,g\u{7}x,1,,,", vec!["id control_character"]),
        ("group,\"g\nh\",1,,,", vec!["id malformed_list"]),
        ("group,g,1,,,,,", vec![" malformed_list"]),
    ] {
        let mut found = faults(&format!("{header}{row}\nsystem,fine,,,1,\n"));
        found.sort();
        let mut expected: Vec<_> = expected
            .iter()
            .map(|fault| format!("/lines/2/{fault}").replace("/ ", " "))
            .collect();
        expected.sort();
        assert_eq!(found, expected, "{row}");
    }
}

#[test]
fn the_good_rows_are_there_beside_the_bad_ones() {
    let read = read_mappings(b"kind,id,company_id\ngroup,a,1\ngroup,b,x\ngroup,c,3\n").unwrap();
    let ids: Vec<_> = read
        .rows
        .iter()
        .map(|(line, row)| (*line, row.id.as_str()))
        .collect();
    assert_eq!(ids, [(2, "a"), (4, "c")]);
    assert_eq!(read.faults[0].message, "line 3: 'x' is no record id");
}

#[test]
fn a_group_that_comes_twice_is_refused_each_time_and_a_system_of_that_id_is_not() {
    let text =
        "kind,id,company_id,configuration_id\ngroup,a,1,\ngroup,b,1,\nsystem,a,,5\ngroup,a,x,\n";
    let read = read_mappings(text.as_bytes()).unwrap();
    let lines: Vec<_> = read.rows.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [3, 4]);
    assert_eq!(
        faults(text),
        [
            "/lines/2/id duplicate_row",
            "/lines/5/company_id invalid_value",
            "/lines/5/id duplicate_row"
        ]
    );
    assert!(
        read.faults[0].message.contains("the lines 2, 5"),
        "{}",
        read.faults[0]
    );
}

#[test]
fn an_open_quote_does_not_swallow_rows_in_silence() {
    assert_eq!(
        faults("kind,id,company_id,name\ngroup,a,1,\"Big\ngroup,b,2,x\n"),
        ["/lines/2/name malformed_list"]
    );
}

#[test]
fn text_that_is_not_utf_8_is_refused_with_its_line() {
    let read = read_mappings(b"kind,id,company_id,name\ngroup,a,1,M\xFCller\n").unwrap();
    assert_eq!(read.rows, []);
    assert_eq!(read.faults[0].code, Code::InvalidUtf8);
}

#[test]
fn a_list_without_a_usable_header_is_refused() {
    assert_eq!(
        refused(""),
        ["/lines/1/id missing_key", "/lines/1/kind missing_key"]
    );
    assert_eq!(
        refused("kind,kind,company,id\n"),
        [
            "/lines/1/company unknown_key",
            "/lines/1/kind malformed_list"
        ]
    );
    assert_eq!(refused("kind,id,a/b~c\n"), ["/lines/1/a~1b~0c unknown_key"]);
}

fn row() -> impl Strategy<Value = MappingRow> {
    let text = || proptest::option::of("[=+@'-]{0,2}[a-zäöü\",;0-9][a-z\",;']{0,6}( [a-z])?");
    let id = "[=+@'-]{0,2}[a-z\",;0-9]{1,8}";
    let origin = prop_oneof![
        Just(MappingOrigin::Configuration),
        Just(MappingOrigin::Manual),
        Just(MappingOrigin::Automatic),
        Just(MappingOrigin::Removed)
    ];
    (
        any::<bool>(),
        id,
        text(),
        1..u32::MAX,
        text(),
        text(),
        (text(), text()),
        origin,
    )
        .prop_map(
            |(
                is_group,
                id,
                name,
                number,
                identifier,
                company_name,
                (configuration_name, group),
                origin,
            )| {
                MappingRow {
                    kind: if is_group {
                        MappedKind::Group
                    } else {
                        MappedKind::System
                    },
                    id,
                    name,
                    company_id: is_group.then_some(CompanyId(number)),
                    company_identifier: identifier,
                    company_name,
                    configuration_id: (!is_group).then_some(ConfigurationId(number)),
                    configuration_name: configuration_name.filter(|_| !is_group),
                    origin,
                    group: group.filter(|_| !is_group),
                }
            },
        )
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(rows in proptest::collection::vec(row(), 0..8)) {
        let mut seen = std::collections::BTreeSet::new();
        let rows: Vec<_> = rows.into_iter().filter(|row| seen.insert((row.kind, row.id.clone()))).collect();
        let read = read_mappings(write_mappings(&rows).as_bytes()).unwrap();
        prop_assert_eq!(&read.faults, &[]);
        let again: Vec<_> = read.rows.into_iter().map(|(_, row)| row).collect();
        prop_assert_eq!(again, rows);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_mappings(&bytes);
        let mut list = b"kind,id,company_id\n".to_vec();
        list.extend(bytes);
        let _ = read_mappings(&list);
    }
}
