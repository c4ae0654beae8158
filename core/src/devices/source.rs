//! What of a device a column reads.

use super::Device;
use crate::{mapping::Mac, nearest::did_you_mean};
use serde_json::Value;

/// A value of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Id,
    Group,
    Name,
    Kind,
    Os,
    SerialNumber,
    Model,
    /// The first hardware address that tells a device.
    Mac,
    /// All hardware addresses, with commas.
    Macs,
    /// The first internet address.
    Ip,
    /// All internet addresses, with commas.
    Ips,
    /// One of the host's own.
    Field(String),
}

const NAMES: [(&str, Source); 11] = [
    ("id", Source::Id),
    ("group", Source::Group),
    ("name", Source::Name),
    ("type", Source::Kind),
    ("os", Source::Os),
    ("serial_number", Source::SerialNumber),
    ("model", Source::Model),
    ("mac", Source::Mac),
    ("macs", Source::Macs),
    ("ip", Source::Ip),
    ("ips", Source::Ips),
];

impl Source {
    /// Reads `device.serial_number` or `device.fields.vendor`.
    ///
    /// # Errors
    ///
    /// Says how to write it instead.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let path = text.trim();
        if let Some(name) = path.strip_prefix("device.fields.").map(str::trim)
            && !name.is_empty()
        {
            return Ok(Self::Field(name.to_owned()));
        }
        let known: Vec<String> = NAMES
            .iter()
            .map(|(name, _)| format!("device.{name}"))
            .chain(["device.fields.NAME".to_owned()])
            .collect();
        let name = path.strip_prefix("device.").unwrap_or_default();
        let found = NAMES.iter().find(|(known, _)| *known == name);
        found.map(|(_, source)| source.clone()).ok_or_else(|| {
            format!(
                "{}Values of a device: {}",
                did_you_mean(path, &known),
                known.join(", ")
            )
        })
    }

    /// The device's value; null where it has none.
    pub(crate) fn read(&self, device: &Device) -> Value {
        let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::from);
        match self {
            Self::Id => Value::from(device.id.as_str()),
            Self::Group => Value::from(device.group.as_str()),
            Self::Name => text(&device.name),
            Self::Kind => text(&device.kind),
            Self::Os => text(&device.os),
            Self::SerialNumber => text(&device.serial_number),
            Self::Model => text(&device.model),
            Self::Mac => {
                let mut macs = device.macs.iter();
                let usable = macs.find_map(|text| Mac::parse(text).ok());
                usable.map_or(Value::Null, |mac| Value::from(mac.to_string()))
            }
            Self::Macs => Value::from(device.macs.join(", ")),
            Self::Ip => device
                .ips
                .first()
                .map_or(Value::Null, |ip| Value::from(ip.as_str())),
            Self::Ips => Value::from(device.ips.join(", ")),
            Self::Field(name) => device.fields.get(name).cloned().unwrap_or_default(),
        }
    }
}
