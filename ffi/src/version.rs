use crate::text::casewire_text;

/// Version of the binary interface that this header describes. It changes only when programs must be compiled anew;
/// until then functions, and fields at the end of structs that begin with `struct_size`, are only added.
pub const CASEWIRE_ABI_VERSION: u32 = 0;

/// Tells the version of the binary interface that the library has. A program that loads the library by itself compares
/// it with CASEWIRE_ABI_VERSION.
#[unsafe(no_mangle)]
pub extern "C" fn casewire_abi_version() -> u32 {
    CASEWIRE_ABI_VERSION
}

/// Tells the library's version, such as `0.1.0`. The text lives as long as the library.
#[unsafe(no_mangle)]
pub extern "C" fn casewire_version() -> casewire_text {
    casewire_text::of(env!("CARGO_PKG_VERSION"))
}
