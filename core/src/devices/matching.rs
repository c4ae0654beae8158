//! Which configuration a device is: by what was decided before, else by what tells devices apart, within the company.

use super::MatchedBy;
use crate::{
    company::device_rows::DeviceRow,
    company::{CompanyId, ConfigurationId, ConfigurationKey},
    mapping::Mac,
};
use std::collections::{BTreeMap, BTreeSet};

/// What tells a device.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Marks {
    pub(crate) company: CompanyId,
    /// What an earlier run made or found.
    pub(crate) linked: Option<ConfigurationId>,
    /// What the system is mapped to.
    pub(crate) mapped: Option<ConfigurationKey>,
    pub(crate) identifier: Option<String>,
    pub(crate) serial_number: Option<String>,
    pub(crate) macs: Vec<Mac>,
    pub(crate) name: String,
}

/// Which configuration a device is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    /// This one, by its place among the rows.
    One(usize, MatchedBy),
    /// None that is there.
    New,
    /// That cannot be said; why, and what to do.
    Unclear(String),
}

/// Signals from the strongest to the weakest: what a stronger one found is no candidate of a weaker one.
const SIGNALS: [MatchedBy; 6] = [
    MatchedBy::Link,
    MatchedBy::Mapping,
    MatchedBy::Identifier,
    MatchedBy::SerialNumber,
    MatchedBy::Mac,
    MatchedBy::Name,
];

/// Finds each device's configuration, one to one. `held` are configurations of devices that are not among these: a name alone
/// does not take one away.
pub(crate) fn matches(
    devices: &[Marks],
    rows: &[DeviceRow],
    held: &BTreeSet<ConfigurationId>,
) -> Vec<Match> {
    let index = Index::of(rows);
    let mut found: Vec<Option<Match>> = vec![None; devices.len()];
    let mut taken = BTreeSet::new();
    for signal in SIGNALS {
        let mut claims: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (place, device) in devices.iter().enumerate() {
            let Some(slot) = found.get_mut(place).filter(|slot| slot.is_none()) else {
                continue;
            };
            let mut rows: Vec<(usize, &DeviceRow)> = index
                .named(device, signal)
                .into_iter()
                .filter(|at| !taken.contains(at))
                .filter_map(|at| Some((at, rows.get(at)?)))
                .filter(|(_, row)| signal != MatchedBy::Name || !held.contains(&row.id))
                .collect();
            if rows.len() > 1 && rows.iter().any(|(_, row)| row.is_active()) {
                rows.retain(|(_, row)| row.is_active());
            }
            match rows.as_slice() {
                [] if signal == MatchedBy::Mapping && device.mapped.is_some() => {
                    *slot = Some(Match::Unclear(
                        "the configuration that it is mapped to is not among its company's; map it to another, or remove the map"
                            .to_owned(),
                    ));
                }
                [] => {}
                [(at, row)] => match contradiction(device, row, signal) {
                    Some(why) => *slot = Some(Match::Unclear(why)),
                    None => claims.entry(*at).or_default().push(place),
                },
                several => {
                    let named: Vec<String> = several.iter().map(|(_, row)| row.label()).collect();
                    *slot = Some(Match::Unclear(format!(
                        "several configurations have its {}: {}; map the system to one of them by hand",
                        said(signal),
                        named.join(", ")
                    )));
                }
            }
        }
        for (at, places) in claims {
            taken.insert(at);
            let alone = places.len() == 1;
            for place in places {
                if let Some(slot) = found.get_mut(place) {
                    *slot = Some(if alone {
                        Match::One(at, signal)
                    } else {
                        let label = rows.get(at).map(DeviceRow::label).unwrap_or_default();
                        Match::Unclear(format!(
                            "several devices have the {} of the configuration {label}; map one of them to it by hand",
                            said(signal)
                        ))
                    });
                }
            }
        }
    }
    let end = |found: Option<Match>| found.unwrap_or(Match::New);
    found.into_iter().map(end).collect()
}

/// A weak signal against a strong one: two devices may bear one name, or one network adapter after the other.
fn contradiction(device: &Marks, row: &DeviceRow, signal: MatchedBy) -> Option<String> {
    if !matches!(signal, MatchedBy::Mac | MatchedBy::Name) {
        return None;
    }
    let own = device.serial_number.as_deref()?;
    let other = row.text("serialNumber");
    let differs = !folded(other).is_empty() && folded(other) != folded(own);
    differs.then(|| {
        format!(
            "the configuration {} has its {}, but the serial number '{other}' and not '{own}'; map the system by hand, or \
             correct the serial number",
            row.label(),
            said(signal)
        )
    })
}

fn said(signal: MatchedBy) -> &'static str {
    match signal {
        MatchedBy::Link => "link",
        MatchedBy::Mapping => "mapping",
        MatchedBy::Identifier => "identifier",
        MatchedBy::SerialNumber => "serial number",
        MatchedBy::Mac => "MAC",
        MatchedBy::Name => "name",
    }
}

fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Rows by what tells them.
#[derive(Default)]
struct Index {
    ids: BTreeMap<ConfigurationId, usize>,
    texts: BTreeMap<(CompanyId, MatchedBy, String), Vec<usize>>,
    macs: BTreeMap<(CompanyId, Mac), Vec<usize>>,
    companies: BTreeMap<usize, CompanyId>,
}

impl Index {
    fn of(rows: &[DeviceRow]) -> Self {
        let mut index = Self::default();
        for (at, row) in rows.iter().enumerate() {
            index.ids.insert(row.id, at);
            let company = row.company();
            index.companies.insert(at, company);
            for (signal, field) in [
                (MatchedBy::Identifier, "deviceIdentifier"),
                (MatchedBy::SerialNumber, "serialNumber"),
                (MatchedBy::Name, "name"),
            ] {
                let text = folded(row.text(field));
                if !text.is_empty() {
                    let key = (company, signal, text);
                    index.texts.entry(key).or_default().push(at);
                }
            }
            if let Ok(mac) = Mac::parse(row.text("macAddress")) {
                index.macs.entry((company, mac)).or_default().push(at);
            }
        }
        index
    }

    fn named(&self, device: &Marks, signal: MatchedBy) -> BTreeSet<usize> {
        let of_id = |id: ConfigurationId| {
            let at = self.ids.get(&id).copied();
            at.filter(|at| self.companies.get(at) == Some(&device.company))
        };
        let of_text = |signal: MatchedBy, text: Option<&str>| {
            let text = folded(text.unwrap_or_default());
            self.texts.get(&(device.company, signal, text))
        };
        match signal {
            MatchedBy::Link => device.linked.and_then(of_id).into_iter().collect(),
            MatchedBy::Mapping => match &device.mapped {
                None => BTreeSet::new(),
                Some(ConfigurationKey::Id(id)) => of_id(*id).into_iter().collect(),
                Some(ConfigurationKey::Name(text)) => of_text(MatchedBy::Name, Some(text))
                    .into_iter()
                    .flatten()
                    .copied()
                    .collect(),
                Some(ConfigurationKey::DeviceIdentifier(text)) => {
                    let found = of_text(MatchedBy::Identifier, Some(text));
                    found.into_iter().flatten().copied().collect()
                }
                Some(ConfigurationKey::SerialNumber(text)) => {
                    let found = of_text(MatchedBy::SerialNumber, Some(text));
                    found.into_iter().flatten().copied().collect()
                }
            },
            MatchedBy::Identifier => {
                let found = of_text(signal, device.identifier.as_deref());
                found.into_iter().flatten().copied().collect()
            }
            MatchedBy::SerialNumber => {
                let found = of_text(signal, device.serial_number.as_deref());
                found.into_iter().flatten().copied().collect()
            }
            MatchedBy::Mac => {
                let found = device.macs.iter();
                let found = found.filter_map(|mac| self.macs.get(&(device.company, *mac)));
                found.flatten().copied().collect()
            }
            MatchedBy::Name => {
                let found = of_text(signal, Some(&device.name));
                found.into_iter().flatten().copied().collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rows() -> Vec<DeviceRow> {
        serde_json::from_value(json!([
            {"id": 1, "company": {"id": 7}, "name": "DC1", "serialNumber": "S-1", "macAddress": "00-15-5D-01-4F-A1", "deviceIdentifier": "agent-1"},
            {"id": 2, "company": {"id": 7}, "name": "dc2", "macAddress": "00155d014fa2"},
            {"id": 3, "company": {"id": 7}, "name": "Twin"},
            {"id": 4, "company": {"id": 7}, "name": "Twin"},
            {"id": 5, "company": {"id": 7}, "name": "Old", "activeFlag": false},
            {"id": 6, "company": {"id": 7}, "name": "Old"},
            {"id": 7, "company": {"id": 8}, "name": "DC1", "serialNumber": "S-1"}
        ]))
        .unwrap()
    }

    fn device(change: impl Fn(&mut Marks)) -> Marks {
        let mut marks = Marks {
            company: CompanyId(7),
            linked: None,
            mapped: None,
            identifier: None,
            serial_number: None,
            macs: Vec::new(),
            name: "new".to_owned(),
        };
        change(&mut marks);
        marks
    }

    fn of(devices: &[Marks]) -> Vec<Match> {
        matches(devices, &rows(), &BTreeSet::new())
    }

    #[test]
    fn each_signal_finds_its_configuration_within_the_company() {
        let serial = |text: &str| Some(text.to_owned());
        for (marks, expected) in [
            (
                device(|d| d.linked = Some(ConfigurationId(2))),
                Match::One(1, MatchedBy::Link),
            ),
            (device(|d| d.linked = Some(ConfigurationId(7))), Match::New),
            (
                device(|d| d.mapped = Some(ConfigurationKey::Name("DC2".to_owned()))),
                Match::One(1, MatchedBy::Mapping),
            ),
            (
                device(|d| d.identifier = serial("AGENT-1")),
                Match::One(0, MatchedBy::Identifier),
            ),
            (
                device(|d| d.serial_number = serial(" s-1 ")),
                Match::One(0, MatchedBy::SerialNumber),
            ),
            (
                device(|d| d.macs = vec![Mac::parse("0015.5d01.4fa2").unwrap()]),
                Match::One(1, MatchedBy::Mac),
            ),
            (
                device(|d| d.name = "DC2".to_owned()),
                Match::One(1, MatchedBy::Name),
            ),
            (
                device(|d| d.name = "old".to_owned()),
                Match::One(5, MatchedBy::Name),
            ),
            (device(|_| {}), Match::New),
        ] {
            assert_eq!(of(std::slice::from_ref(&marks)), [expected], "{marks:?}");
        }
    }

    #[test]
    fn what_is_not_clear_is_neither_made_nor_changed() {
        for (marks, word) in [
            (
                device(|d| d.name = "twin".to_owned()),
                "several configurations have its name",
            ),
            (
                device(|d| d.mapped = Some(ConfigurationKey::Id(ConfigurationId(99)))),
                "mapped to is not among",
            ),
            (
                device(|d| {
                    d.name = "dc1".to_owned();
                    d.serial_number = Some("S-2".to_owned());
                }),
                "the serial number 'S-1'",
            ),
        ] {
            match of(std::slice::from_ref(&marks)).as_slice() {
                [Match::Unclear(why)] => assert!(why.contains(word), "{why}"),
                other => panic!("{marks:?}: {other:?}"),
            }
        }
        let two = [
            device(|d| d.name = "DC2".to_owned()),
            device(|d| d.name = "dc2".to_owned()),
        ];
        assert!(
            of(&two).iter().all(
                |found| matches!(found, Match::Unclear(why) if why.contains("several devices"))
            )
        );
    }

    #[test]
    fn a_stronger_signal_takes_its_configuration_from_a_weaker_one() {
        let by_serial = device(|d| {
            d.name = "x".to_owned();
            d.serial_number = Some("S-1".to_owned());
        });
        let by_name = device(|d| d.name = "DC1".to_owned());
        assert_eq!(
            of(&[by_name.clone(), by_serial]),
            [Match::New, Match::One(0, MatchedBy::SerialNumber)]
        );
        let held = BTreeSet::from([ConfigurationId(1)]);
        assert_eq!(matches(&[by_name], &rows(), &held), [Match::New]);
    }
}
