//! Hardware addresses.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};

/// A hardware address (MAC) that can tell one device from others: 48 bits, neither all zero nor all one, not multicast, and none of
/// those that some software gives every device.
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
    /// The address of a virtual adapter, the same on every device that has the software.
    Shared,
}

impl Mac {
    /// Reads `00-15-5D-01-4F-A1`, `00:15:5d:01:4f:a1`, `0015.5d01.4fa1` or `00155D014FA1`, in any case, with white space
    /// around it.
    ///
    /// # Errors
    ///
    /// Says why the text tells no device.
    pub fn parse(text: &str) -> Result<Self, MacFault> {
        let Some(bits) = read(text) else {
            return Err(if text.trim().is_empty() {
                MacFault::Empty
            } else {
                MacFault::Malformed
            });
        };
        match bits {
            0 => Err(MacFault::AllZero),
            BROADCAST => Err(MacFault::Broadcast),
            _ if bits & MULTICAST != 0 => Err(MacFault::Multicast),
            _ if is_shared(bits) => Err(MacFault::Shared),
            _ => Ok(Self(bits)),
        }
    }

    /// The 48 bits, the first byte highest.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }
}

/// The 48 bits of a text in one of the four notations, whether or not they tell a device: enough to look for them among those of
/// [`Mac`]s.
#[inline]
pub(super) fn read(text: &str) -> Option<u64> {
    digits(text.as_bytes()).or_else(|| digits(text.trim().as_bytes()))
}

const BROADCAST: u64 = 0xFFFF_FFFF_FFFF;
const MULTICAST: u64 = 1 << 40;

/// Addresses of virtual adapters that are the same on every device, as inventories have to leave them out.
const SHARED: [u64; 12] = [
    0x0053_4500_0000, // Windows dial-up
    0x0005_9A3C_7A00, // Cisco AnyConnect
    0x0009_0FFE_0001, // FortiClient
    0x0050_56C0_0001, // VMware, host-only network
    0x0050_56C0_0008, // VMware, NAT
    0x0200_4C4F_4F50, // Microsoft loopback
    0x0250_4100_0001, // GlobalProtect
    0x0280_37EC_0200, // mobile broadband modems
    0x0A00_2700_0000, // VirtualBox, host-only network
    0x2041_5359_4EFF, // Windows dial-up
    0x24B6_2052_4153, // Windows dial-up
    0x5050_5450_3030, // Windows PPTP
];

/// The shared addresses, each in the place that its [`place`] says.
const SHARED_BY_PLACE: [u64; 16] = {
    let mut table = [0; 16];
    let mut rest: &[u64] = &SHARED;
    while let [shared, others @ ..] = rest {
        let Some(slot) = table
            .as_mut_slice()
            .split_at_mut(place(*shared))
            .1
            .first_mut()
        else {
            break;
        };
        assert!(
            *slot == 0,
            "choose another multiplier: two addresses share a place"
        );
        *slot = *shared;
        rest = others;
    }
    table
};

/// One of 16 places, of which no two of the shared addresses have the same.
const fn place(bits: u64) -> usize {
    (bits.wrapping_mul(0x9478_10D8_22A6_08BF) >> 60) as usize
}

/// Looks at one place only.
fn is_shared(bits: u64) -> bool {
    SHARED_BY_PLACE.get(place(bits)) == Some(&bits)
}

/// The value of twelve hexadecimal digits in one of the notations, told apart by length.
///
/// Eight characters at a time are read as one number, the first in its highest byte.
#[inline]
fn digits(text: &[u8]) -> Option<u64> {
    let (high, low, digits) = match text.len() {
        17 => {
            let (high, rest) = text.split_first_chunk()?;
            let (separator, rest) = rest.split_first()?;
            let (low, _) = rest.split_first_chunk()?;
            if !matches!(separator, b'-' | b':') {
                return None;
            }
            let separators = REPEATED * u64::from(*separator);
            let high = u64::from_be_bytes(*high) ^ separators;
            let low = u64::from_be_bytes(*low) ^ separators;
            if (high | low) & SEPARATORS != 0 {
                return None;
            }
            let unseparated = separators & !SEPARATORS | ZEROS & SEPARATORS;
            let (high, low) = (high ^ unseparated, low ^ unseparated);
            let digits = digit_marks(high) & digit_marks(low);
            (three_pairs(high) << 24, three_pairs(low), digits)
        }
        14 => {
            let &[a, b, c, d, b'.', e, f, g, h, b'.', i, j, k, l] = text else {
                return None;
            };
            twelve([a, b, c, d, e, f, g, h], [i, j, k, l])
        }
        12 => {
            let (high, low) = text.split_first_chunk()?;
            twelve(*high, *low.first_chunk()?)
        }
        _ => return None,
    };
    (digits & HIGHEST == HIGHEST).then_some(high | low)
}

/// Twelve digits on end: the highest 32 of 48 bits, the others, and the marks of digits.
fn twelve(high: [u8; 8], low: [u8; 4]) -> (u64, u64, u64) {
    let high = u64::from_be_bytes(high);
    let low = u64::from(u32::from_be_bytes(low)) | ZEROS << 32;
    (
        four_pairs(high) << 16,
        four_pairs(low),
        digit_marks(high) & digit_marks(low),
    )
}

/// The byte 1 eight times: what multiplies one byte into all eight.
const REPEATED: u64 = 0x0101_0101_0101_0101;
const HIGHEST: u64 = REPEATED * 0x80;
const ZEROS: u64 = REPEATED * b'0' as u64;

/// Where the separators stand in `00-15-5D`.
const SEPARATORS: u64 = 0x0000_FF00_00FF_0000;

/// The 24 bits of `00015005D`: three pairs, with a zero in the place of each separator.
fn three_pairs(text: u64) -> u64 {
    let pairs = values(text);
    let pairs = (pairs | pairs >> 4) & 0x00FF_0000_FF00_00FF;
    // One product moves the three bytes side by side, to bit 32 and up.
    (pairs.wrapping_mul(0x0001_0001_0001) >> 32) & 0xFF_FFFF
}

/// The 32 bits of `00155D01`.
fn four_pairs(text: u64) -> u64 {
    let pairs = values(text);
    let bytes = (pairs | pairs >> 4) & 0x00FF_00FF_00FF_00FF;
    let words = (bytes | bytes >> 8) & 0x0000_FFFF_0000_FFFF;
    (words | words >> 16) & 0xFFFF_FFFF
}

/// The value of each of eight digits, in its byte: the lower four bits, and nine more for a letter.
fn values(text: u64) -> u64 {
    (text & (REPEATED * 0x0F)) + ((text >> 6) & REPEATED) * 9
}

/// Has the highest bit of each byte that is a hexadecimal digit set. Where a byte is no ASCII, only that byte's mark is sure: it is
/// not set.
fn digit_marks(text: u64) -> u64 {
    let at_least = |text: u64, least: u8| text.wrapping_add(REPEATED * u64::from(0x80 - least));
    let lower = text | (REPEATED * 0x20);
    let digit = at_least(text, b'0') & !at_least(text, b'9' + 1);
    let letter = at_least(lower, b'a') & !at_least(lower, b'f' + 1);
    (digit | letter) & !text
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
            Self::Shared => {
                "it is that of a virtual adapter, the same on every device that has the software"
            }
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn four_notations_are_one_address() {
        for text in [
            "00-15-5D-01-4F-A1",
            "00:15:5d:01:4f:a1",
            "0015.5d01.4fa1",
            "00155D014FA1",
            " 00:15:5D:01:4f:a1\r\n",
            "\u{a0}00155d014fA1",
        ] {
            let mac = Mac::parse(text).unwrap();
            assert_eq!(mac.to_string(), "00:15:5D:01:4F:A1", "{text}");
            assert_eq!(mac.bits(), 0x0015_5D01_4FA1);
        }
    }

    #[test]
    fn what_tells_no_device_is_refused_with_its_reason() {
        use MacFault::{AllZero, Broadcast, Empty, Malformed, Multicast, Shared};
        for (text, fault) in [
            ("", Empty),
            (" \t", Empty),
            ("00-15-5D-01-4F", Malformed),
            ("00-15-5D-01-4F-A1-00", Malformed),
            ("00-15-5D-01-4F-G1", Malformed),
            ("00-15:5D-01-4F-A1", Malformed),
            ("00-15-5D:01-4F-A1", Malformed),
            ("00.15.5D.01.4F.A1", Malformed),
            ("0015-5d01-4fa1", Malformed),
            ("0015.5d014.fa1", Malformed),
            ("00155D014FA", Malformed),
            ("00155D014FA\u{3b1}", Malformed),
            ("0\u{15}\u{10}55D014FA1", Malformed),
            ("n/a", Malformed),
            ("not available", Malformed),
            ("00:00:00:00:00:00", AllZero),
            ("000000000000", AllZero),
            ("FF-FF-FF-FF-FF-FF", Broadcast),
            ("ffff.ffff.ffff", Broadcast),
            ("01:00:5E:00:00:FB", Multicast),
            ("33:33:00:00:00:01", Multicast),
            ("00:05:9a:3c:7a:00", Shared),
            ("505054503030", Shared),
        ] {
            assert_eq!(Mac::parse(text), Err(fault), "{text:?}");
        }
    }

    #[test]
    fn json_has_the_canonical_form() {
        let mac: Mac = serde_json::from_str("\"0015.5d01.4fa1\"").unwrap();
        assert_eq!(
            serde_json::to_string(&mac).unwrap(),
            "\"00:15:5D:01:4F:A1\""
        );
        let error = serde_json::from_str::<Mac>("\"x\"").unwrap_err();
        assert!(error.to_string().contains("twelve"), "{error}");
    }

    /// Reads digit by digit, as the notations are defined.
    fn plainly(text: &str) -> Option<u64> {
        let separators: String = text.chars().filter(|c| !c.is_ascii_hexdigit()).collect();
        let places: Vec<usize> = text
            .char_indices()
            .filter(|(_, c)| !c.is_ascii_hexdigit())
            .map(|(at, _)| at)
            .collect();
        let regular = match separators.as_str() {
            "-----" | ":::::" => places == [2, 5, 8, 11, 14],
            ".." => places == [4, 9],
            "" => true,
            _ => false,
        };
        let digits: String = text.chars().filter(char::is_ascii_hexdigit).collect();
        (regular && digits.len() == 12).then(|| u64::from_str_radix(&digits, 16).unwrap())
    }

    proptest! {
        #[test]
        fn eight_digits_at_a_time_are_read_like_one_at_a_time(
            text in "([0-9A-Fa-f]{2}[-:]){5}[0-9A-Fa-f]{2}|[0-9a-f]{4}\\.[0-9a-f]{4}\\.[0-9a-f]{4}|[0-9A-Fa-f]{12}|[ -~]{12}|[ -~]{14}|[ -~]{17}|\\PC{11,13}",
        ) {
            prop_assert_eq!(digits(text.as_bytes()), plainly(&text));
        }

        #[test]
        fn no_changed_byte_goes_unseen(bits in 0..=BROADCAST, at in 0..17_usize, byte: u8) {
            let mut text = format!("{:?}", Mac(bits)).replace("Mac(", "").replace(')', "").into_bytes();
            text[at] = byte;
            let expected = std::str::from_utf8(&text).ok().and_then(plainly);
            prop_assert_eq!(digits(&text), expected);
        }

        #[test]
        fn what_is_written_is_read_again(bits in 1..BROADCAST) {
            let mac = Mac(bits & !MULTICAST);
            prop_assume!(mac.0 != 0 && !is_shared(mac.0));
            prop_assert_eq!(Mac::parse(&mac.to_string()), Ok(mac));
        }
    }
}
