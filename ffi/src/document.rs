use crate::{
    boundary::{self, Output},
    bytes::casewire_bytes,
    error::casewire_error,
    status::casewire_status,
    text::casewire_text,
};
use casewire::{
    CallbackSecret, Case, Catalog, CatalogFile, Code, Config, Error, Preset, Result, Settings,
};
use serde::de::DeserializeOwned;

/// Reads a document of any of the core's types, or names all of its faults.
pub(crate) fn read<T: DeserializeOwned>(what: &str, json: &str) -> Result<T> {
    casewire::json::read(json.as_bytes()).map_err(|faults| Error::refused(what, faults))
}

/// Reads a configuration and compiles it.
pub(crate) fn settings(config_json: &str) -> Result<Settings> {
    Settings::new(Config::from_json(config_json.as_bytes())?)
}

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

/// Checks a configuration against a catalog, the outcome of the command `read_catalog`: whether the names in it exist and
/// belong together.
///
/// Fails with all faults at once, each with its JSON pointer and its fix.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_config_check(
    config_json: casewire_text,
    catalog_json: casewire_text,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let settings = settings(config_json.read("config_json")?)?;
            let catalog = catalog_json.read("catalog_json")?;
            let file: CatalogFile = read("the catalog", catalog)?;
            let faults = settings.check(&file.catalog);
            if faults.is_empty() {
                return Ok(());
            }
            Err(Error::refused("the configuration", faults))
        })
    }
}

/// Gives a starting configuration that does what a vendor's guide describes: `netsurion`, `netwrix`, `arctic-wolf`,
/// `fortisiem` or `heimdal`. Its connection stands for yours.
///
/// `json` is the caller's, who frees it with casewire_bytes_free. Fails with CASEWIRE_STATUS_INVALID_VALUE for another name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_config_preset(
    name: casewire_text,
    json: *mut *mut casewire_bytes,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let output = Output::new(json, "json")?;
            let preset = Preset::named(name.read("name")?).ok_or_else(|| {
                let known = Preset::ALL.map(Preset::name).join(", ");
                let message = format!("there is no preset of that name: give one of {known}");
                Error::new(Code::InvalidValue, message)
            })?;
            output.hand_out_text(preset.document().to_owned());
            Ok(())
        })
    }
}

/// Tells what changed in an instance between two catalogs, as JSON: what of it breaks the configuration, with the fix, and
/// what is new.
///
/// `report_json` is the caller's, who frees it with casewire_bytes_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_config_drift(
    config_json: casewire_text,
    before_json: casewire_text,
    now_json: casewire_text,
    report_json: *mut *mut casewire_bytes,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let output = Output::new(report_json, "report_json")?;
            let settings = settings(config_json.read("config_json")?)?;
            let before: Catalog = read("the catalog before", before_json.read("before_json")?)?;
            let now: Catalog = read("the catalog now", now_json.read("now_json")?)?;
            output.hand_out_json(&casewire::drift(&before, &now, &settings))
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

/// Tells whether a segment of a path is the one that ConnectWise was told for this instance's callbacks: a receiver answers
/// everyone else with 404 before it reads a body. The time does not depend on how much of it is right. The callback itself
/// is judged by the command `take_callback`.
///
/// `callback_secret` is that of casewire_options. Fails with CASEWIRE_STATUS_CALLBACK_SECRET_WRONG where it is another.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_callback_verify(
    config_json: casewire_text,
    callback_secret: casewire_text,
    segment: casewire_text,
    error: *mut *mut casewire_error,
) -> casewire_status {
    // SAFETY: the caller keeps the promises of the header about these arguments.
    unsafe {
        boundary::status(error, || {
            let config = Config::from_json(config_json.read("config_json")?.as_bytes())?;
            let secret = CallbackSecret::new(callback_secret.read("callback_secret")?)?;
            if secret.opens(&config, segment.read("segment")?) {
                return Ok(());
            }
            let message = "the path is not the one that ConnectWise was told: answer 404";
            Err(Error::new(Code::CallbackSecretWrong, message))
        })
    }
}
