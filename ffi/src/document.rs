use crate::{boundary, error::casewire_error, status::casewire_status, text::casewire_text};
use casewire::{Case, Config};

/// Checks a configuration without a connector, as far as that can be done without asking ConnectWise.
///
/// Fails with all faults at once, each with its JSON pointer and its fix.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_config_validate(
    config_json: casewire_text,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let config = config_json.read("config_json")?;
            Config::from_json(config.as_bytes()).map(drop)
        })
    }
}

/// Checks a case without a connector.
///
/// Fails with all faults at once, each with its JSON pointer and its fix.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_case_validate(
    case_json: casewire_text,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let case = case_json.read("case_json")?;
            Case::from_json(case.as_bytes()).map(drop)
        })
    }
}
