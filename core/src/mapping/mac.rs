//! Hardware addresses.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};

/// A hardware address (MAC) that can tell one device from others: 48 bits, neither all zero nor all one, not multicast.
///
/// ConnectWise holds whatever notation the RMM wrote (API.md section 11), so that both sides are read into this before they are
/// compared. It is written as `00:15:5D:01:4F:A1`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mac(u64);

/// Why a text is no [`Mac`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MacFault {
    /// Nothing but white space.
    Empty,
    /// In none of the four notations.
    Malformed,
    /// `00:00:00:00:00:00`, which stands for a missing address.
    AllZero,
    /// `FF:FF:FF:FF:FF:FF`, which addresses every device.
    Broadcast,
    /// The lowest bit of the first byte is set: the address of a set of devices.
    Multicast,
}

impl Mac {
    /// Reads `00-15-5D-01-4F-A1`, `00:15:5d:01:4f:a1`, `0015.5d01.4fa1` or `00155D014FA1`, in any case, with white space
    /// around it.
    ///
    /// # Errors
    ///
    /// Says why the text tells no device.
    pub fn parse(text: &str) -> Result<Self, MacFault> {
        let _ = text;
        Err(MacFault::Malformed)
    }

    /// The 48 bits, the first byte highest.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }
}

impl FromStr for Mac {
    type Err = MacFault;

    fn from_str(text: &str) -> Result<Self, MacFault> {
        Self::parse(text)
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [_, _, a, b, c, d, e, g] = self.0.to_be_bytes();
        write!(f, "{a:02X}:{b:02X}:{c:02X}:{d:02X}:{e:02X}:{g:02X}")
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mac({self})")
    }
}

impl fmt::Display for MacFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "it is empty",
            Self::Malformed => "it is not twelve hexadecimal digits, as in 00:15:5D:01:4F:A1",
            Self::AllZero => "it is all zero, which stands for a missing address",
            Self::Broadcast => "it is the broadcast address",
            Self::Multicast => "it is a multicast address, which no single device has",
        })
    }
}

impl std::error::Error for MacFault {}

impl Serialize for Mac {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Mac {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}
