use super::fields::legal;
use crate::{
    catalog::same_name,
    config::{Config, DeviceColumn, WhenLong},
    decide::ticket_fields::Holds,
    devices::{
        Device,
        fields::{DeviceField, FIELDS, named},
        source::Source,
    },
    error::{Code, Fault, pointer},
    nearest::did_you_mean,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The section `devices`, ready to be applied.
#[derive(Debug)]
pub(crate) struct DeviceRules {
    pub(crate) columns: Vec<Column>,
    /// Lower-case names of device groups; all where nothing is said.
    pub(crate) groups: Option<BTreeSet<String>>,
    /// Ids of groups; all where nothing is said.
    pub(crate) run_for: Option<BTreeSet<String>>,
    pub(crate) max_devices: usize,
    pub(crate) change_type: bool,
}

/// A column, ready to be filled.
#[derive(Debug)]
pub(crate) struct Column {
    /// Its place in the configuration; none for what is written without being named there.
    pub(crate) index: Option<usize>,
    pub(crate) target: ColumnTarget,
    /// Nothing where only the default is written.
    pub(crate) source: Option<Source>,
    /// By lower-case value of the device: the value as it is written in the configuration, and what it becomes.
    pub(crate) map: BTreeMap<String, (String, Value)>,
    pub(crate) default: Option<Value>,
    pub(crate) when_long: WhenLong,
    pub(crate) only_new: bool,
}

/// What a column writes.
#[derive(Debug)]
pub(crate) enum ColumnTarget {
    Field(&'static DeviceField),
    /// A custom field, by caption.
    Custom(String),
    /// A question of the type, by its wording.
    Question(String),
}

impl DeviceRules {
    /// Whether a column writes this field.
    pub(crate) fn writes(&self, field: &str) -> bool {
        self.columns.iter().any(|column| column.is_of(field))
    }

    /// The fields that columns write, by name.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &'static str> {
        self.columns
            .iter()
            .filter_map(|column| match column.target {
                ColumnTarget::Field(field) => Some(field.name),
                ColumnTarget::Custom(_) | ColumnTarget::Question(_) => None,
            })
    }

    /// Whether a device's group, and one of its device groups, is sent.
    pub(crate) fn sends(&self, device: &Device) -> bool {
        let runs = self.run_for.as_ref();
        let runs = runs.is_none_or(|groups| groups.contains(&device.group));
        let member = self.groups.as_ref().is_none_or(|groups| {
            let mut own = device.device_groups.iter();
            own.any(|name| groups.contains(&name.trim().to_lowercase()))
        });
        runs && member
    }

    pub(crate) fn writes_custom_fields(&self) -> bool {
        let custom = |column: &Column| matches!(column.target, ColumnTarget::Custom(_));
        self.columns.iter().any(custom)
    }

    /// Whether a column answers this question.
    pub(crate) fn answers(&self, question: &str) -> bool {
        self.columns.iter().any(
            |column| matches!(&column.target, ColumnTarget::Question(text) if same_name(text, question)),
        )
    }

    pub(crate) fn answers_questions(&self) -> bool {
        let question = |column: &Column| matches!(column.target, ColumnTarget::Question(_));
        self.columns.iter().any(question)
    }
}

impl Column {
    fn is_of(&self, name: &str) -> bool {
        matches!(self.target, ColumnTarget::Field(field) if field.name == name)
    }

    /// Its place in the configuration, as a JSON pointer.
    pub(crate) fn place(&self) -> String {
        let index = self.index.map(|index| format!("/{index}"));
        format!("/devices/columns{}", index.unwrap_or_default())
    }
}

/// The longest span of a run, see [`crate::config::Devices::max_devices`].
const MOST_DEVICES: u32 = 100_000;

pub(super) fn compile(config: &Config, faults: &mut Vec<Fault>) -> Option<DeviceRules> {
    let devices = config.devices.as_ref()?;
    if !(1..=MOST_DEVICES).contains(&devices.max_devices) {
        faults.push(Fault::new(
            Code::InvalidValue,
            "/devices/max_devices",
            format!("{} is not within 1 and {MOST_DEVICES}", devices.max_devices),
            "Give a number in that range",
        ));
    }
    if devices.every.is_some_and(|every| every.0.as_secs() < 60) {
        faults.push(Fault::new(
            Code::InvalidValue,
            "/devices/every",
            "devices are due at most once a minute",
            "Give at least '1m'",
        ));
    }
    let names = |key: &str, list: &Option<Vec<String>>, faults: &mut Vec<Fault>| {
        for (index, name) in list.iter().flatten().enumerate() {
            if name.trim().is_empty() {
                faults.push(Fault::new(
                    Code::InvalidValue,
                    format!("/devices/{key}/{index}"),
                    "a name is empty here",
                    "Fill it in, or remove it",
                ));
            }
        }
    };
    names("groups", &devices.groups, faults);
    names("run_for", &devices.run_for, faults);

    let mut written = BTreeSet::new();
    let mut columns = Vec::new();
    for (index, column) in devices.columns.iter().enumerate() {
        columns.extend(compile_column(index, column, &mut written, faults));
    }
    if !written.contains("field type") {
        faults.push(Fault::new(
            Code::MissingKey,
            "/devices/columns",
            "no column writes the configuration's type, without which ConnectWise makes none",
            "Add a column with \"field\": \"type\", such as one that reads device.type with a map and a default",
        ));
    }
    if !written.contains("field name")
        && let Some(field) = named("name")
    {
        columns.insert(
            0,
            Column {
                index: None,
                target: ColumnTarget::Field(field),
                source: Some(Source::Name),
                map: BTreeMap::new(),
                default: None,
                when_long: WhenLong::Cut,
                only_new: false,
            },
        );
    }
    let run_for = devices
        .run_for
        .as_ref()
        .or(config.companies.run_for.as_ref());
    let folded = |names: &Vec<String>| {
        names
            .iter()
            .map(|name| name.trim().to_lowercase())
            .collect()
    };
    Some(DeviceRules {
        columns,
        groups: devices.groups.as_ref().map(folded),
        run_for: run_for.map(|groups| groups.iter().cloned().collect()),
        max_devices: devices.max_devices as usize,
        change_type: devices.change_type,
    })
}

fn compile_column(
    index: usize,
    column: &DeviceColumn,
    written: &mut BTreeSet<String>,
    faults: &mut Vec<Fault>,
) -> Option<Column> {
    let place = format!("/devices/columns/{index}");
    let target = target(column, &place, faults);
    let source = source(column, &place, faults);
    let target = target?;
    let (key, at, holds) = match &target {
        ColumnTarget::Field(field) => (format!("field {}", field.name), "field", Some(field.holds)),
        ColumnTarget::Custom(caption) => (
            format!("custom {}", caption.to_lowercase()),
            "custom_field",
            None,
        ),
        ColumnTarget::Question(text) => (
            format!("question {}", text.to_lowercase()),
            "question",
            None,
        ),
    };
    if !written.insert(key) {
        faults.push(Fault::new(
            Code::InvalidValue,
            format!("{place}/{at}"),
            "this is written by an earlier column",
            "Keep one of the two",
        ));
    }
    // Types and statuses are named here; their ids are looked up when devices are sent.
    let holds = match holds {
        Some(Holds::Reference(_)) => Some(Holds::Text(LONGEST_NAME)),
        other => other,
    };
    let mut map = BTreeMap::new();
    for (from, to) in &column.map {
        let at = pointer(&format!("{place}/map"), from);
        if let Some(to) = legal(holds, to, &at, faults)
            && map
                .insert(from.trim().to_lowercase(), (from.clone(), to))
                .is_some()
        {
            faults.push(Fault::new(
                Code::InvalidValue,
                at,
                format!("'{from}' stands here twice; values compare without case"),
                "Keep one of them",
            ));
        }
    }
    let default = column.default.as_ref();
    let default =
        default.and_then(|value| legal(holds, value, &format!("{place}/default"), faults));
    Some(Column {
        index: Some(index),
        target,
        source: source?,
        map,
        default,
        when_long: column.when_long,
        only_new: column.only_new,
    })
}

/// ConnectWise's limit for the name of a type and of a status (API.md section 11).
const LONGEST_NAME: usize = 50;

fn target(column: &DeviceColumn, place: &str, faults: &mut Vec<Fault>) -> Option<ColumnTarget> {
    let DeviceColumn {
        field,
        custom_field,
        question,
        ..
    } = column;
    let text = |key: &str, text: &String, faults: &mut Vec<Fault>| {
        let text = text.trim();
        if text.is_empty() {
            faults.push(Fault::new(
                Code::InvalidValue,
                format!("{place}/{key}"),
                "it is empty here",
                "Write it as ConnectWise shows it",
            ));
        }
        (!text.is_empty()).then(|| text.to_owned())
    };
    match (field, custom_field, question) {
        (Some(name), None, None) => named(name).map(ColumnTarget::Field).or_else(|| {
            let known: Vec<&str> = FIELDS.iter().map(|field| field.name).collect();
            faults.push(Fault::new(
                Code::UnknownField,
                format!("{place}/field"),
                format!("'{name}' is no field of configurations that a column writes"),
                format!(
                    "{}Fields that can be written: {}",
                    did_you_mean(name, &known),
                    known.join(", ")
                ),
            ));
            None
        }),
        (None, Some(caption), None) => {
            text("custom_field", caption, faults).map(ColumnTarget::Custom)
        }
        (None, None, Some(question)) => {
            text("question", question, faults).map(ColumnTarget::Question)
        }
        _ => {
            faults.push(Fault::new(
                Code::InvalidValue,
                place,
                "a column writes exactly one of 'field', 'custom_field' and 'question'",
                "Keep one of them",
            ));
            None
        }
    }
}

/// What is read; the inner nothing stands for the default alone.
fn source(column: &DeviceColumn, place: &str, faults: &mut Vec<Fault>) -> Option<Option<Source>> {
    match &column.from {
        Some(from) => match Source::parse(from) {
            Ok(source) => Some(Some(source)),
            Err(fix) => {
                faults.push(Fault::new(
                    Code::InvalidValue,
                    format!("{place}/from"),
                    format!("'{from}' is no value of a device"),
                    fix,
                ));
                None
            }
        },
        None if column.default.is_some() => Some(None),
        None => {
            faults.push(Fault::new(
                Code::MissingKey,
                place,
                "the column has no value",
                "Add 'from' or 'default'",
            ));
            None
        }
    }
}
