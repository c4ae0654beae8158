//! Committed inputs, and other inputs made from them.

use std::{fs, path::Path};

/// The committed inputs of a target, with their names, in order.
///
/// # Panics
///
/// Where they cannot be read, or there are none.
#[must_use]
pub fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target);
    let entries =
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut inputs: Vec<(String, Vec<u8>)> = entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            (name.into_owned(), fs::read(&path).expect("a file"))
        })
        .collect();
    inputs.sort();
    assert!(!inputs.is_empty(), "{} is empty", folder.display());
    inputs
}

/// Inputs made from others; the same seed makes the same ones.
#[derive(Clone, Debug)]
pub struct Mutations<'a> {
    from: &'a [(String, Vec<u8>)],
    state: u64,
}

impl<'a> Mutations<'a> {
    /// Makes them from these.
    #[must_use]
    pub const fn new(from: &'a [(String, Vec<u8>)], seed: u64) -> Self {
        Self { from, state: seed }
    }

    fn below(&mut self, end: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as usize % end.max(1)
    }

    fn once(&mut self, bytes: &mut Vec<u8>) {
        let place = self.below(bytes.len() + 1);
        let end = (place + 1 + self.below(8)).min(bytes.len());
        match self.below(6) {
            0 if place < bytes.len() => bytes[place] ^= 1 << self.below(8),
            1 if place < bytes.len() => bytes[place] = self.below(256) as u8,
            2 => {
                bytes.drain(place.min(end)..end);
            }
            3 => {
                let piece = bytes[place.min(end)..end].to_vec();
                bytes.splice(place..place, piece);
            }
            4 => {
                let other = &self.from[self.below(self.from.len())].1;
                let from = self.below(other.len() + 1);
                let to = (from + 1 + self.below(64)).min(other.len());
                bytes.splice(place..place, other[from.min(to)..to].iter().copied());
            }
            _ => {
                let random = self.below(256) as u8;
                bytes.insert(place, random);
            }
        }
    }
}

impl Iterator for Mutations<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let mut bytes = match self.below(8) {
            0 => (0..self.below(256))
                .map(|_| self.below(256) as u8)
                .collect(),
            _ => self.from[self.below(self.from.len())].1.clone(),
        };
        for _ in 0..=self.below(6) {
            self.once(&mut bytes);
        }
        Some(bytes)
    }
}
