use super::{CompanyFilter, ConfigurationFilter, ImportFilter, ImportKind};
use crate::{
    company::CompanyKey,
    error::{Code, Fault},
};

/// Longest text of a filter, in characters.
const LONGEST: usize = 200;
/// Most values of a list.
const MOST: usize = 100;

/// The faults of a request to import.
pub(crate) fn check(what: &[ImportKind], filter: &ImportFilter) -> Vec<Fault> {
    let mut faults = Vec::new();
    if what.is_empty() {
        faults.push(Fault::new(
            Code::InvalidValue,
            "/what",
            "nothing is named that is to be imported",
            "Name companies, configurations, contacts, or several of them",
        ));
    }
    if let Some(companies) = &filter.companies {
        companies.check("/filter/companies", &mut faults);
    }
    if let Some(configurations) = &filter.configurations {
        configurations.check("/filter/configurations", &mut faults);
    }
    faults
}

impl CompanyFilter {
    pub(crate) fn check(&self, place: &str, faults: &mut Vec<Fault>) {
        let lists = [
            ("name", &self.name),
            ("identifier", &self.identifier),
            ("status", &self.status),
            ("type", &self.kind),
        ];
        for (key, list) in lists {
            texts(
                list.iter().map(String::as_str),
                &format!("{place}/{key}"),
                faults,
            );
        }
    }
}

impl ConfigurationFilter {
    pub(crate) fn check(&self, place: &str, faults: &mut Vec<Fault>) {
        let companies = self.company.iter().map(|company| match company {
            CompanyKey::Identifier(text) | CompanyKey::Name(text) => text.as_str(),
            CompanyKey::Id(_) => "id",
        });
        texts(companies, &format!("{place}/company"), faults);
        let kinds = self.kind.iter().map(String::as_str);
        texts(kinds, &format!("{place}/type"), faults);
    }
}

fn texts<'a>(list: impl ExactSizeIterator<Item = &'a str>, place: &str, faults: &mut Vec<Fault>) {
    if list.len() > MOST {
        faults.push(Fault::new(
            Code::TooLong,
            place,
            format!(
                "a filter takes at most {MOST} values and here are {}",
                list.len()
            ),
            "Leave the filter out and import everything, or filter by something broader",
        ));
    }
    for (index, text) in list.enumerate() {
        let place = format!("{place}/{index}");
        if text.trim().is_empty() {
            faults.push(Fault::new(
                Code::InvalidValue,
                place,
                "an empty text filters nothing",
                "Remove it, or write what the value is",
            ));
        } else if text.chars().count() > LONGEST {
            faults.push(Fault::new(
                Code::TooLong,
                place,
                format!("the text is longer than {LONGEST} characters"),
                "Shorten it",
            ));
        } else if text.chars().any(char::is_control) {
            faults.push(Fault::new(
                Code::ControlCharacter,
                place,
                "the text holds a control character",
                "Copy it again",
            ));
        }
    }
}
