//! The same through the public face: groups, systems and imported configurations in, a match for each system out; and the suggestions.

use crate::{
    LARGE, SMALL, allocator, side_by_side,
    tables::{COMPANIES, pairs},
};
use casewire::{
    CompanyId, ConfigurationId, ExistingMappings, Group, ImportedCompany, ImportedConfiguration,
    Inventory, InventoryGroup, Mac, MappingRules, System, SystemOutcome, auto_map_systems,
    suggest_companies,
};
use criterion::Criterion;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::{collections::BTreeMap, hint::black_box};

/// What was measured: seconds of ours and of the plain join, and bytes.
pub(crate) struct Measured {
    small: Vec<f64>,
    large: Vec<f64>,
    peak: usize,
    mapped: usize,
    suggestions: Vec<(usize, f64)>,
}

struct Records {
    inventory: Inventory,
    companies: BTreeMap<String, CompanyId>,
    configurations: Vec<ImportedConfiguration>,
    existing: ExistingMappings<ConfigurationId>,
}

impl Records {
    fn of(count: usize) -> Self {
        let each = count / COMPANIES;
        let mut records = Self {
            inventory: Inventory::default(),
            companies: BTreeMap::new(),
            configurations: Vec::with_capacity(count),
            existing: ExistingMappings::default(),
        };
        for company in 0..COMPANIES {
            let (id, group) = (CompanyId(company as u32), format!("group-{company:04}"));
            let mut systems = Vec::with_capacity(each);
            for (pair, texts) in pairs(company, each).into_iter().enumerate() {
                let number = company * each + pair;
                systems.push(System {
                    id: format!("agent-{number:07}"),
                    name: None,
                    os: None,
                    macs: texts.system.into(),
                    ips: Vec::new(),
                    serial_number: None,
                });
                records.configurations.push(ImportedConfiguration {
                    id: ConfigurationId(number as u32),
                    company: id,
                    name: format!("device-{number}"),
                    kind: String::new(),
                    inactive: false,
                    mac_address: texts.configuration,
                    serial_number: String::new(),
                    device_identifier: String::new(),
                });
            }
            records.companies.insert(group.clone(), id);
            let group = Group {
                id: group,
                name: None,
                email: None,
            };
            records
                .inventory
                .groups
                .push(InventoryGroup { group, systems });
        }
        records
    }

    fn ours(&self) -> Vec<casewire::SystemMatch<'_>> {
        auto_map_systems(
            &self.inventory,
            &self.companies,
            &self.configurations,
            &self.existing,
        )
    }

    fn plain(&self) -> Vec<Option<ConfigurationId>> {
        let mut map: FxHashMap<(u32, Mac), ConfigurationId> =
            FxHashMap::with_capacity_and_hasher(self.configurations.len(), FxBuildHasher);
        for configuration in &self.configurations {
            if let Ok(mac) = Mac::parse(&configuration.mac_address) {
                map.insert((configuration.company.0, mac), configuration.id);
            }
        }
        let mut joined = Vec::with_capacity(self.configurations.len());
        for group in &self.inventory.groups {
            let company = self.companies[&group.group.id].0;
            joined.extend(group.systems.iter().map(|system| {
                system
                    .macs
                    .iter()
                    .filter_map(|text| Mac::parse(text).ok())
                    .find_map(|mac| map.get(&(company, mac)).copied())
            }));
        }
        joined
    }
}

fn joins(criterion: &mut Criterion, records: &Records, systems: usize) -> Vec<f64> {
    side_by_side(
        criterion,
        &format!("auto_map_systems of {systems} systems"),
        &[
            ("casewire", &|| drop(black_box(records.ours()))),
            ("one hash map", &|| drop(black_box(records.plain()))),
        ],
    )
}

pub(crate) fn measure(criterion: &mut Criterion) -> Measured {
    let small = joins(criterion, &Records::of(SMALL), SMALL);
    let records = Records::of(LARGE);
    let large = joins(criterion, &records, LARGE);
    let (matches, peak) = allocator::peak_of(|| records.ours());
    let mapped = matches
        .iter()
        .filter(|found| matches!(found.outcome, SystemOutcome::Mapped { .. }))
        .count();
    Measured {
        small,
        large,
        peak,
        mapped,
        suggestions: [500, 5_000]
            .map(|count| (count, suggestions(criterion, count)))
            .into(),
    }
}

fn suggestions(criterion: &mut Criterion, count: usize) -> f64 {
    const WORDS: [&str; 12] = [
        "Design",
        "Dental",
        "Partners",
        "Logistics",
        "Group",
        "Systems",
        "Health",
        "Legal",
        "Energy",
        "Foods",
        "Media",
        "Works",
    ];
    let name = |number: usize, last: &str| {
        let word = |at: usize| WORDS[(number / WORDS.len().pow(at as u32)) % WORDS.len()];
        format!(
            "{}{:03} {} {}{last}",
            word(2),
            number % 1000,
            word(0),
            word(1)
        )
    };
    let groups: Vec<Group> = (0..count)
        .map(|number| Group {
            id: number.to_string(),
            name: Some(name(number, "")),
            email: Some(format!("it@customer{number}.example")),
        })
        .collect();
    let companies: Vec<ImportedCompany> = (0..count)
        .map(|number| ImportedCompany {
            id: CompanyId(number as u32),
            identifier: format!("C{number}"),
            name: name(number, ", Inc."),
            deleted: false,
            status: "Active".to_owned(),
            contact_emails: vec![format!("cio@customer{}.example", number / 2)],
        })
        .collect();
    let rules = MappingRules::default();
    let times = side_by_side(
        criterion,
        &format!("suggestions for {count} groups among {count} companies"),
        &[("casewire", &|| {
            drop(black_box(suggest_companies(&groups, &companies, &rules, 5)))
        })],
    );
    times[0]
}

impl Measured {
    pub(crate) fn print(&self) {
        println!(
            "\nauto_map_systems on records, {} of {LARGE} systems mapped:",
            self.mapped
        );
        for (systems, times) in [(SMALL, &self.small), (LARGE, &self.large)] {
            println!(
                "  {systems:>9} systems: {:6.1} ns a system; {:.2} x one hash map",
                times[0] / systems as f64 * 1e9,
                times[0] / times[1],
            );
        }
        let growth = self.large[0] / self.small[0] * SMALL as f64 / LARGE as f64;
        println!("  cost of a system at {LARGE} over {SMALL}: {growth:.2} x");
        println!(
            "  peak memory beyond the input at {LARGE}: {:.1} MiB",
            self.peak as f64 / f64::from(1 << 20)
        );
        println!("\nsuggest_companies:");
        for (count, seconds) in &self.suggestions {
            println!(
                "  {count:>5} groups among {count} companies: {:.1} us a group",
                seconds / *count as f64 * 1e6
            );
        }
    }
}
