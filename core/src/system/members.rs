use crate::api::Info;

/// The identifier of the member as whom casewire speaks, learned from a record that it has just made: there is no address
/// that tells it (API.md section 1). Who changed a record last may already be a workflow rule.
pub(crate) fn own_identifier(made: &Info) -> Option<&str> {
    made.entered_by.as_deref()
}
