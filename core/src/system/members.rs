use crate::api::Info;

/// What casewire has just done to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    Created,
    Changed,
}

/// The identifier of the member as whom casewire speaks, learned from a record that it has just written: there is no
/// address that tells it (API.md section 1).
///
/// A created record is surer than a changed one, whose last writer may already be a workflow rule.
pub(crate) fn own_identifier(info: &Info, written: Written) -> Option<&str> {
    match written {
        Written::Created => info.entered_by.as_deref(),
        Written::Changed => info.updated_by.as_deref(),
    }
}
