//! `README.md` names tests that exist, and every section of the guides.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

/// The source that a name of the table stands for: a file of these tests, or one that is named from the project's root.
fn source(file: &str) -> String {
    let places = [
        root().join("tests").join(file),
        root().join("../..").join(file),
    ];
    let found = places
        .iter()
        .find_map(|place| fs::read_to_string(place).ok());
    found.unwrap_or_else(|| panic!("{file} is not there"))
}

/// The tests of a source: functions with the attribute right before them, whatever stands between.
fn tests(source: &str) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for part in source.split("#[test]").skip(1) {
        let (_, rest) = part.split_once("fn ").unwrap();
        names.insert(rest.split('(').next().unwrap());
    }
    names
}

/// What stands in backquotes and names a test: `file.rs::test`.
fn named(table: &str) -> Vec<(&str, &str)> {
    let quoted = table.split('`').skip(1).step_by(2);
    quoted
        .filter_map(|name| name.split_once("::"))
        .filter(|(file, _)| file.ends_with(".rs"))
        .collect()
}

#[test]
fn every_test_that_the_table_names_exists() {
    let table = fs::read_to_string(root().join("README.md")).unwrap();
    let named = named(&table);
    assert!(named.len() > 100, "{}", named.len());
    let missing: Vec<_> = named
        .into_iter()
        .filter(|(file, test)| !tests(&source(file)).contains(test))
        .collect();
    assert_eq!(missing, []);
}

/// No walk is written that stands for no step.
#[test]
fn every_walk_stands_in_the_table() {
    let table = fs::read_to_string(root().join("README.md")).unwrap();
    let named: BTreeSet<(&str, &str)> = named(&table).into_iter().collect();
    let mut files: Vec<PathBuf> = fs::read_dir(root().join("tests/guides"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let mut walks = 0;
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap();
        if name == "table.rs" {
            continue;
        }
        let (place, source) = (format!("guides/{name}"), fs::read_to_string(&file).unwrap());
        for test in tests(&source) {
            walks += 1;
            assert!(named.contains(&(place.as_str(), test)), "{place}::{test}");
        }
    }
    assert!(walks > 20, "{walks}");
}

/// The guides' own numbering: each section and each step has its row.
#[test]
fn every_numbered_part_of_the_guides_has_its_row() {
    let table = fs::read_to_string(root().join("README.md")).unwrap();
    let mut guides = table.split("\n## Guide ").skip(1);
    for (guide, parts) in PARTS {
        let rows = guides.next().unwrap();
        assert!(rows.starts_with(guide), "{guide}");
        let have: BTreeSet<&str> = rows
            .lines()
            .filter_map(|line| line.strip_prefix("| ")?.split(" |").next())
            .collect();
        let missing: Vec<String> = parts
            .iter()
            .flat_map(|(section, steps)| {
                let steps = (1..=*steps).map(move |number| format!("{section}.{number}"));
                std::iter::once((*section).to_owned())
                    .filter(|_| true)
                    .chain(steps)
            })
            .filter(|part| !have.iter().any(|row| covers(row, part)))
            .collect();
        assert_eq!(missing, Vec::<String>::new(), "guide {guide}");
        for row in rows
            .lines()
            .filter(|line| line.starts_with("| ") && !line.starts_with("| Step"))
        {
            let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
            assert_eq!(cells.len(), 3, "{row}");
            assert!(cells.iter().all(|cell| !cell.is_empty()), "{row}");
        }
    }
}

/// Whether a row is for a part: `7.2.3`, or a range such as `7.2.1-5`; a section by any row of its own.
fn covers(row: &str, part: &str) -> bool {
    let row = row.split_whitespace().next().unwrap_or_default();
    if row == part
        || row
            .strip_prefix(part)
            .is_some_and(|rest| rest.starts_with(['.', '-']))
    {
        return true;
    }
    let (Some((section, steps)), Some((of, step))) = (row.rsplit_once('.'), part.rsplit_once('.'))
    else {
        return false;
    };
    let Some((first, last)) = steps.split_once('-') else {
        return false;
    };
    let number = |text: &str| text.parse::<u32>().ok();
    section == of
        && number(step)
            .is_some_and(|step| number(first) <= Some(step) && Some(step) <= number(last))
}

/// Each section of each guide, and how many numbered steps it has. Where a guide names its sections by words alone, the
/// table numbers them in their order.
const PARTS: [(&str, &[(&str, u32)]); 5] = [
    (
        "000",
        &[
            ("1", 0),
            ("2", 4),
            ("3", 0),
            ("4", 0),
            ("5", 2),
            ("6.1", 4),
            ("6.2", 9),
            ("7.1", 7),
            ("7.2", 18),
            ("8.1", 5),
            ("8.2", 2),
            ("9.1", 3),
            ("9.2", 6),
            ("9.3", 3),
            ("9.4", 0),
            ("10", 0),
            ("11.1", 0),
            ("11.2", 0),
            ("11.3", 0),
            ("11.4", 0),
            ("11.5", 0),
        ],
    ),
    (
        "001",
        &[("1", 3), ("2", 4), ("3", 2), ("4", 2), ("5", 0), ("6", 0)],
    ),
    (
        "002",
        &[
            ("0", 0),
            ("1", 12),
            ("2", 4),
            ("3", 5),
            ("4", 10),
            ("5", 2),
            ("6", 7),
            ("7", 0),
            ("8", 7),
        ],
    ),
    (
        "003",
        &[
            ("1", 6),
            ("2", 4),
            ("3.1", 14),
            ("3.2", 5),
            ("4.0", 3),
            ("4.1", 10),
            ("4.2", 3),
            ("5.1", 15),
            ("5.2", 9),
        ],
    ),
    (
        "004",
        &[
            ("1", 0),
            ("2.1", 4),
            ("2.2", 5),
            ("2.3", 0),
            ("2.4", 0),
            ("2.5", 0),
            ("3", 0),
            ("4", 0),
            ("5", 0),
        ],
    ),
];
