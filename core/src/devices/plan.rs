//! What all devices become, in the order in which they were handed over. Pure: preview and run call the same.

use super::{
    Device, DeviceAction, DevicePlan, DeviceStep, MatchedBy,
    difference::{Difference, change, changes_type, creation},
    matching::{Marks, Match, matches},
    wanted::{Tables, Wanted, wanted},
};
use crate::{
    company::{
        CompanyId, ConfigurationId, ConfigurationKey,
        device_rows::{DeviceRow, Question},
    },
    error::{Code, Fault},
    mapping::Mac,
    settings::DeviceRules,
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What was decided of a device before anything is compared.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Known {
    /// The company of its group, or why it has none.
    pub(crate) home: Home,
    pub(crate) linked: Option<ConfigurationId>,
    pub(crate) mapped: Option<ConfigurationKey>,
}

/// Where a device belongs.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Home {
    /// Its group or device groups are not sent.
    #[default]
    LeftOut,
    /// Its group has no company that can be used; why.
    None(Fault),
    /// This company.
    Company(CompanyId),
}

/// A device with its configuration found.
#[derive(Debug)]
pub(crate) struct Found<'a> {
    pub(crate) wanted: Wanted<'a>,
    pub(crate) company: CompanyId,
    pub(crate) found: Match,
}

/// One device's step.
#[derive(Debug)]
pub(crate) struct Step<'a> {
    /// The device's place in the list.
    pub(crate) index: usize,
    pub(crate) device: &'a Device,
    pub(crate) company: Option<CompanyId>,
    pub(crate) act: Act,
}

/// What is done for a device.
#[derive(Debug)]
pub(crate) enum Act {
    Create(Difference),
    Update(ConfigurationId, MatchedBy, Difference),
    Refuse(Vec<Fault>),
    /// Its configuration says already what it should.
    Nothing(ConfigurationId),
}

/// All steps.
#[derive(Debug, Default)]
pub(crate) struct Steps<'a> {
    pub(crate) steps: Vec<Step<'a>>,
    pub(crate) left_out: u64,
}

/// Fills the columns of every device that has a company, and finds its configuration. Those without one become steps at once.
pub(crate) fn found<'a>(
    rules: &'a DeviceRules,
    tables: &Tables,
    devices: &'a [Device],
    known: &[Known],
    rows: &[DeviceRow],
    held: &BTreeSet<ConfigurationId>,
) -> (Vec<Found<'a>>, Steps<'a>) {
    let mut steps = Steps::default();
    let mut all = Vec::new();
    let mut marks = Vec::new();
    for ((index, device), known) in devices.iter().enumerate().zip(known) {
        match &known.home {
            Home::LeftOut => steps.left_out += 1,
            Home::None(fault) => {
                let mut fault = fault.clone();
                fault.pointer = format!("/devices/{index}/group");
                steps.steps.push(Step {
                    index,
                    device,
                    company: None,
                    act: Act::Refuse(vec![fault]),
                });
            }
            Home::Company(company) => {
                let wanted = wanted(rules, tables, index, device);
                marks.push(marks_of(&wanted, *company, known));
                all.push((wanted, *company));
            }
        }
    }
    let found = matches(&marks, rows, held);
    let found = all
        .into_iter()
        .zip(found)
        .map(|((wanted, company), found)| Found {
            wanted,
            company,
            found,
        })
        .collect();
    (found, steps)
}

fn marks_of(wanted: &Wanted<'_>, company: CompanyId, known: &Known) -> Marks {
    let device = wanted.device;
    let text = |field: &str, own: Option<&String>| {
        let text = wanted.text(field).or(own.map(String::as_str))?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let macs = device.macs.iter().filter_map(|text| Mac::parse(text).ok());
    let written = wanted
        .text("macAddress")
        .and_then(|text| Mac::parse(text).ok());
    let mut macs: Vec<Mac> = macs.chain(written).collect();
    macs.sort_unstable();
    macs.dedup();
    Marks {
        company,
        linked: known.linked,
        mapped: known.mapped.clone(),
        identifier: text("deviceIdentifier", None),
        serial_number: text("serialNumber", device.serial_number.as_ref()),
        macs,
        name: wanted.text("name").unwrap_or(device.label()).to_owned(),
    }
}

/// The types whose questions have to be known: of configurations that are made, and of those that get another type.
pub(crate) fn types_in_question(
    rules: &DeviceRules,
    found: &[Found<'_>],
    rows: &[DeviceRow],
) -> BTreeSet<u32> {
    let needs = found.iter().filter(|found| match &found.found {
        Match::New => true,
        Match::One(at, _) => {
            let row = rows.get(*at);
            row.is_some_and(|row| changes_type(rules, &found.wanted, row))
        }
        Match::Unclear(_) => false,
    });
    needs.filter_map(|found| kind_of(&found.wanted)).collect()
}

fn kind_of(wanted: &Wanted<'_>) -> Option<u32> {
    let id = wanted.field("type")?.get("id")?.as_u64()?;
    u32::try_from(id).ok()
}

/// Compares every device with its configuration.
pub(crate) fn steps<'a>(
    rules: &DeviceRules,
    tables: &Tables,
    found: Vec<Found<'a>>,
    rows: &[DeviceRow],
    questions: &BTreeMap<u32, Vec<Question>>,
    all_custom_fields: bool,
) -> Vec<Step<'a>> {
    let sample = rows.iter().find_map(|row| row.fields.get("customFields"));
    let step = |found: Found<'a>| {
        let wanted = &found.wanted;
        let of_type = kind_of(wanted).and_then(|kind| questions.get(&kind));
        let questions = of_type.map(Vec::as_slice).unwrap_or_default();
        let act = match &found.found {
            Match::Unclear(why) => Act::Refuse(vec![Fault::new(
                Code::UnusableConfiguration,
                wanted.place(),
                why.clone(),
                "Map the system to its configuration by hand",
            )]),
            Match::New => match creation(tables, wanted, sample, questions) {
                Ok(mut difference) => {
                    let company = json!({ "id": found.company });
                    difference.body.insert("company".to_owned(), company);
                    Act::Create(difference)
                }
                Err(faults) => Act::Refuse(faults),
            },
            Match::One(at, by) => match rows.get(*at) {
                None => Act::Refuse(Vec::new()),
                Some(row) => {
                    match change(rules, tables, wanted, row, all_custom_fields, questions) {
                        Ok(difference) if difference.changes.is_empty() => Act::Nothing(row.id),
                        Ok(difference) => Act::Update(row.id, *by, difference),
                        Err(faults) => Act::Refuse(faults),
                    }
                }
            },
        };
        Step {
            index: wanted.index,
            device: wanted.device,
            company: Some(found.company),
            act,
        }
    };
    found.into_iter().map(step).collect()
}

impl Steps<'_> {
    /// The plan as it is shown.
    pub(crate) fn shown(&self, most: usize) -> DevicePlan {
        let mut plan = DevicePlan {
            left_out: self.left_out,
            ..DevicePlan::default()
        };
        let mut written = 0;
        for step in &self.steps {
            let action = match &step.act {
                Act::Nothing(_) => {
                    plan.unchanged += 1;
                    continue;
                }
                Act::Refuse(faults) => DeviceAction::Refuse {
                    faults: faults.clone(),
                },
                Act::Create(_) | Act::Update(..) if written == most => {
                    plan.deferred += 1;
                    continue;
                }
                Act::Create(difference) => DeviceAction::Create {
                    fields: difference.changes.clone(),
                },
                Act::Update(configuration, by, difference) => DeviceAction::Update {
                    configuration: *configuration,
                    matched_by: *by,
                    changes: difference.changes.clone(),
                },
            };
            if !matches!(action, DeviceAction::Refuse { .. }) {
                written += 1;
            }
            plan.steps.push(DeviceStep {
                device: step.device.id.clone(),
                name: step.device.label().to_owned(),
                company: step.company,
                action,
            });
        }
        plan
    }
}

impl Tables {
    /// A reference with the name that people know; any other value as it is.
    pub(crate) fn shown(&self, field: &str, value: &Value) -> Value {
        let table = match field {
            "type" => &self.types,
            "status" => &self.statuses,
            _ => return value.clone(),
        };
        let entry = table
            .iter()
            .find(|entry| value.get("id") == Some(&json!(entry.id)));
        entry.map_or_else(
            || value.clone(),
            |entry| json!({ "id": entry.id, "name": entry.name }),
        )
    }
}
