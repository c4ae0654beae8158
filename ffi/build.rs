//! Gives the shared library its SONAME.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        // The number is that of `casewire_abi_version`.
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libcasewire.so.0");
    }
}
