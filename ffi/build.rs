//! Gives the shared library the name by which programs find it. The number is `CASEWIRE_ABI_VERSION`.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let name = match std::env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("linux" | "android" | "freebsd" | "netbsd" | "openbsd") => {
            "-Wl,-soname,libcasewire.so.0"
        }
        Ok("macos") => "-Wl,-install_name,@rpath/libcasewire.0.dylib",
        _ => return,
    };
    println!("cargo::rustc-cdylib-link-arg={name}");
}
