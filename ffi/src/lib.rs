//! The C ABI of casewire.

/// Tells the version of the C ABI: it changes when a program has to be compiled anew.
#[unsafe(no_mangle)]
pub extern "C" fn casewire_abi_version() -> u32 {
    0
}
