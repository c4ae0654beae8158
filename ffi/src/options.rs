use crate::{
    extensible::{self, Extensible},
    log::{Log, casewire_log},
    text::casewire_text,
};
use casewire::{CallbackSecret, Credentials, Options, Result};
use std::ffi::c_void;

/// The keys of an API member (System > Members > API Members > API Keys).
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct casewire_credentials {
    /// sizeof(casewire_credentials).
    pub struct_size: usize,
    /// The public key.
    pub public_key: casewire_text,
    /// The private key.
    pub private_key: casewire_text,
}

// SAFETY: it begins with its size; zero is a valid value of a size and of a pointer.
unsafe impl Extensible for casewire_credentials {
    const NAME: &'static str = "casewire_credentials";
    const FIRST_SIZE: usize = size_of::<Self>();
}

/// What the host decides besides the configuration.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct casewire_options {
    /// sizeof(casewire_options).
    pub struct_size: usize,
    /// The vendor's own client id, used where the configuration names none; empty for none.
    pub client_id: casewire_text,
    /// Seeds jitter and boundaries. Connectors on one store should not share it; the same seed gives the same run.
    pub seed: u64,
    /// The host's secret for its callback addresses, at least 16 bytes; empty for none: then no callback is believed or
    /// registered. Copied to memory that is overwritten when it is freed.
    pub callback_secret: casewire_text,
    /// Takes the connector's log, as long as the connector lives; NULL for none.
    pub log: casewire_log,
    /// Given to `log`; casewire does nothing with it.
    pub log_user_data: *mut c_void,
    /// The least important of the CASEWIRE_LOG_ levels that `log` is told of; 0 for none.
    pub log_level: u32,
    /// Always 0.
    pub reserved: u32,
}

// SAFETY: it begins with its size; zero is a valid value of sizes, integers, pointers and optional functions.
unsafe impl Extensible for casewire_options {
    const NAME: &'static str = "casewire_options";
    const FIRST_SIZE: usize = std::mem::offset_of!(Self, callback_secret);
}

/// # Safety
///
/// As the header asks of the arguments of casewire_connector_new.
pub(crate) unsafe fn read_credentials(
    credentials: *const casewire_credentials,
) -> Result<Credentials> {
    if credentials.is_null() {
        return Ok(Credentials::added_by_host());
    }
    // SAFETY: this function asks for the same.
    unsafe {
        let keys = extensible::read(credentials)?;
        let public = keys.public_key.read("public_key")?;
        let private = keys.private_key.read("private_key")?;
        Credentials::keys(public, private)
    }
}

/// # Safety
///
/// As the header asks of the arguments of casewire_connector_new.
pub(crate) unsafe fn read_options(options: *const casewire_options) -> Result<(Options, Log)> {
    if options.is_null() {
        return Ok((Options::default(), Log::NONE));
    }
    // SAFETY: this function asks for the same.
    unsafe {
        let options = extensible::read(options)?;
        let client_id = options.client_id.read("client_id")?;
        let callback_secret = options.callback_secret.read("callback_secret")?;
        let callback_secret = (!callback_secret.is_empty())
            .then(|| CallbackSecret::new(callback_secret))
            .transpose()?;
        let log = Log::new(options.log, options.log_user_data, options.log_level);
        let options = Options {
            seed: options.seed,
            callback_secret,
            client_id: (!client_id.is_empty()).then(|| client_id.to_owned()),
            ..Options::default()
        };
        Ok((options, log))
    }
}
