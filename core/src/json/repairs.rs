use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
};

/// An unknown key's place and the keys that are known there.
pub(super) type Unknown = (String, &'static [&'static str]);

/// What was put right so far, so that the next reading gets further.
#[derive(Debug, Default)]
pub(super) struct Repairs {
    /// Places at which something harmless stands instead, and how many things were tried there.
    pub(super) replaced: RefCell<BTreeMap<String, usize>>,
    /// Keys that are added to the object at a place.
    pub(super) supplied: BTreeMap<String, BTreeSet<&'static str>>,
    /// Whether a whole object or list was replaced in the last reading.
    pub(super) large: Cell<bool>,
    /// Unknown keys of the last reading.
    pub(super) unknown: RefCell<Vec<Unknown>>,
    /// The key that says which choice the whole document is, where it stands among the choice's own keys.
    pub(super) tag: Option<&'static str>,
}

impl Repairs {
    /// None so far, of a document with that tag.
    pub(super) fn of(tag: Option<&'static str>) -> Self {
        Self {
            tag,
            ..Self::default()
        }
    }

    /// Whether the place, or something around it, was replaced.
    pub(super) fn cover(&self, place: &str) -> bool {
        let replaced = self.replaced.borrow();
        let mut around = place;
        loop {
            if replaced.contains_key(around) {
                return true;
            }
            match around.rfind('/') {
                Some(end) => around = around.get(..end).unwrap_or_default(),
                None => return false,
            }
        }
    }

    /// Whether only single values were replaced, so that the meaning of the rest can be judged.
    pub(super) fn leave_enough_to_judge(&self) -> bool {
        !self.large.get()
    }

    /// Puts something harmless at a place. False where nothing more can be tried there.
    pub(super) fn repair(&mut self, place: String, missing: Option<&'static str>) -> bool {
        const TRIES: usize = 4;
        self.large.set(false);
        if let Some(key) = missing {
            let parent = place.rfind('/').and_then(|end| place.get(..end));
            self.supplied
                .entry(parent.unwrap_or_default().to_owned())
                .or_default()
                .insert(key);
        }
        let mut replaced = self.replaced.borrow_mut();
        match replaced.get_mut(&place) {
            Some(tried) => {
                *tried += 1;
                *tried < TRIES
            }
            None => {
                replaced.insert(place, 0);
                true
            }
        }
    }
}
