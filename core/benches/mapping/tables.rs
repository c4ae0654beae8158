//! Systems and configurations in plain tables, made by rule.

use std::ops::Range;

pub(crate) const COMPANIES: usize = 5_000;

/// All companies' tables. The texts lie in one piece of memory.
pub(crate) struct Tables {
    pub(crate) companies: Vec<CompanyRows>,
    /// One MAC each.
    pub(crate) configurations: Vec<&'static str>,
    /// Two MACs each.
    pub(crate) systems: Vec<[&'static str; 2]>,
}

/// Which rows are a company's.
pub(crate) struct CompanyRows {
    pub(crate) configurations: Range<usize>,
    pub(crate) systems: Range<usize>,
}

/// Texts of one system and its configuration, with every 33rd ambiguous: 3 %.
pub(crate) struct Pair {
    pub(crate) configuration: String,
    pub(crate) system: [String; 2],
}

/// One company's pairs.
pub(crate) fn pairs(company: usize, count: usize) -> Vec<Pair> {
    let mac = |pair: usize, second: usize| spread((company * count + pair) * 2 + second);
    (0..count)
        .map(|pair| {
            let before = pair.saturating_sub(1);
            let (configuration, second) = match (pair * COMPANIES + company) % 100 {
                // The configuration before has the MAC too.
                0 => (mac(before, 0), mac(pair, 1)),
                // The system before has the MAC too.
                1 => (mac(pair, 0), mac(before, 0)),
                // The system's other MAC is another configuration's.
                2 => (mac(pair, 0), mac((pair + 1) % count, 0)),
                _ => (mac(pair, 0), mac(pair, 1)),
            };
            Pair {
                configuration: written(configuration, pair),
                system: [
                    written(second, pair / 4),
                    written(mac(pair, 0), pair / 2 + 1),
                ],
            }
        })
        .collect()
}

impl Tables {
    pub(crate) fn of(count: usize) -> Self {
        let each = count / COMPANIES;
        let mut text = String::with_capacity(count * 17 * 3);
        let mut lengths = Vec::with_capacity(count * 3);
        let mut companies = Vec::with_capacity(COMPANIES);
        for company in 0..COMPANIES {
            for pair in pairs(company, each) {
                let [first, second] = &pair.system;
                for part in [&pair.configuration, first, second] {
                    text.push_str(part);
                    lengths.push(part.len());
                }
            }
            let rows = company * each..(company + 1) * each;
            companies.push(CompanyRows {
                configurations: rows.clone(),
                systems: rows,
            });
        }
        // Kept to the end of the process, which is short.
        let mut rest: &'static str = text.leak();
        let mut next = lengths.into_iter().map(|length| {
            let (text, others) = rest.split_at(length);
            rest = others;
            text
        });
        let mut configurations = Vec::with_capacity(count);
        let mut systems = Vec::with_capacity(count);
        while let (Some(configuration), Some(first), Some(second)) =
            (next.next(), next.next(), next.next())
        {
            configurations.push(configuration);
            systems.push([first, second]);
        }
        Self {
            companies,
            configurations,
            systems,
        }
    }
}

/// A different 46-bit address for each number, without the multicast bit.
fn spread(number: usize) -> u64 {
    let bits = (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4B) & 0x3FFF_FFFF_FFFF;
    (bits >> 40) << 42 | bits & 0xFF_FFFF_FFFF
}

/// In one of the four notations.
fn written(mac: u64, notation: usize) -> String {
    let [_, _, a, b, c, d, e, f] = mac.to_be_bytes();
    match notation % 4 {
        0 => format!("{a:02X}-{b:02X}-{c:02X}-{d:02X}-{e:02X}-{f:02X}"),
        1 => format!("{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{f:02x}"),
        2 => format!("{a:02x}{b:02x}.{c:02x}{d:02x}.{e:02x}{f:02x}"),
        _ => format!("{a:02X}{b:02X}{c:02X}{d:02X}{e:02X}{f:02X}"),
    }
}
