//! What stands in the release folder beside the library.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::{Platform, sbom};
use crate::command::run;
use crate::parts::{c, header};
use crate::project::Project;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Writes the header, the descriptions for build tools, the schemas, the licences, the bill of materials, and the sums.
pub(super) fn write(project: &Project, platform: Platform, folder: &Path) -> Result<()> {
    let put = |name: &str, text: &str| -> Result<()> {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().context("a folder is missing")?)?;
        fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
    };
    let text = fs::read_to_string(header::file(project))?;
    put("include/casewire.h", &text)?;
    for entry in fs::read_dir(header::folder(project))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(".schema.json") {
            let schema = fs::read_to_string(&path)?;
            put(&format!("share/casewire/{name}"), &schema)?;
        }
    }
    put("lib/pkgconfig/casewire.pc", &pkg_config(platform))?;
    put("lib/cmake/casewire/casewire-config.cmake", &cmake(platform))?;
    put(
        "lib/cmake/casewire/casewire-config-version.cmake",
        &cmake_version(),
    )?;
    if platform == Platform::Windows {
        put("lib/casewire.def", &definitions(&text))?;
        run(project
            .command("x86_64-w64-mingw32-dlltool")
            .current_dir(folder)
            .args(["--dllname", "casewire.dll"])
            .args(["--input-def", "lib/casewire.def"])
            .args(["--output-lib", "lib/casewire.lib"]))?;
    }
    let bill = sbom::read(project, platform)?;
    put("share/doc/casewire/sbom.cdx.json", &bill.json()?)?;
    put("share/doc/casewire/THIRD-PARTY.txt", &bill.licences())?;
    put("README.txt", &read_me(platform))?;
    put(
        "LICENSE",
        &fs::read_to_string(project.root.join("LICENSE"))?,
    )?;
    put("SHA256SUMS", &sums(folder)?)
}

fn pkg_config(platform: Platform) -> String {
    let libs = match platform {
        Platform::Linux => "-L${libdir} -lcasewire",
        Platform::Windows => "-L${libdir} -lcasewire.dll",
    };
    format!(
        "prefix=${{pcfiledir}}/../..\nincludedir=${{prefix}}/include\nlibdir=${{prefix}}/lib\n\n\
         Name: casewire\nDescription: Connects security products with ConnectWise PSA\nVersion: {VERSION}\n\
         Cflags: -I${{includedir}}\nLibs: {libs}\n"
    )
}

fn cmake(platform: Platform) -> String {
    let location = match platform {
        Platform::Linux => {
            "IMPORTED_LOCATION \"${_casewire}/lib/libcasewire.so\"\n  IMPORTED_SONAME libcasewire.so.0"
        }
        Platform::Windows => {
            "IMPORTED_LOCATION \"${_casewire}/bin/casewire.dll\"\n  IMPORTED_IMPLIB \"${_casewire}/lib/casewire.lib\""
        }
    };
    format!(
        "get_filename_component(_casewire \"${{CMAKE_CURRENT_LIST_DIR}}/../../..\" ABSOLUTE)\n\
         if(NOT TARGET casewire::casewire)\n\
         add_library(casewire::casewire SHARED IMPORTED)\n\
         set_target_properties(casewire::casewire PROPERTIES\n  {location}\n  \
         INTERFACE_INCLUDE_DIRECTORIES \"${{_casewire}}/include\")\n\
         endif()\n"
    )
}

/// Before 1.0.0 each minor version may change the ABI.
fn cmake_version() -> String {
    format!(
        "set(PACKAGE_VERSION \"{VERSION}\")\n\
         if(PACKAGE_FIND_VERSION VERSION_GREATER PACKAGE_VERSION)\n  set(PACKAGE_VERSION_COMPATIBLE FALSE)\n\
         else()\n  set(PACKAGE_VERSION_COMPATIBLE TRUE)\n  \
         if(PACKAGE_FIND_VERSION VERSION_EQUAL PACKAGE_VERSION)\n    set(PACKAGE_VERSION_EXACT TRUE)\n  endif()\n\
         endif()\n"
    )
}

/// The functions of the header as a module definition, for who links with other tools than MinGW's.
fn definitions(header: &str) -> String {
    let mut text = String::from("LIBRARY casewire.dll\nEXPORTS\n");
    for name in c::declared(header) {
        let _ = writeln!(text, "    {name}");
    }
    text
}

fn read_me(platform: Platform) -> String {
    let (library, link) = match platform {
        Platform::Linux => (
            "lib/libcasewire.so.0 (needs libc, libm and libgcc_s, and nothing else; debug information is in lib/debug)",
            "cc my.c $(PKG_CONFIG_PATH=$PWD/lib/pkgconfig pkg-config --cflags --libs casewire) -Wl,-rpath,$PWD/lib",
        ),
        Platform::Windows => (
            "bin/casewire.dll (needs what Windows 10 has, and nothing else)",
            "x86_64-w64-mingw32-gcc my.c -Iinclude -Llib -lcasewire.dll, or with MSVC: cl my.c /Iinclude lib\\casewire.lib",
        ),
    };
    format!(
        "casewire {VERSION}\n\
         Connects security products with ConnectWise PSA: a case becomes a ticket, exactly once.\n\n\
         Library:   {library}\n\
         Header:    include/casewire.h, which explains every function; begin at its top\n\
         Link:      {link}\n\
         CMake:     find_package(casewire REQUIRED), target_link_libraries(my casewire::casewire)\n\
         Schemas:   share/casewire: of the configuration, of a case, and of what comes back\n\
         Licences:  LICENSE, and of what is within share/doc/casewire/THIRD-PARTY.txt\n\
         Contents:  share/doc/casewire/sbom.cdx.json (CycloneDX 1.5)\n\
         Check:     sha256sum --check SHA256SUMS\n"
    )
}

fn sums(folder: &Path) -> Result<String> {
    let mut files = BTreeSet::new();
    list(folder, &mut files)?;
    let mut text = String::new();
    for file in files {
        let name = file.strip_prefix(folder)?.display().to_string();
        let digest = Sha256::digest(fs::read(&file)?);
        for byte in digest {
            let _ = write!(text, "{byte:02x}");
        }
        let _ = writeln!(text, "  {name}");
    }
    Ok(text)
}

/// Every file but links and the sums themselves.
fn list(folder: &Path, files: &mut BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            list(&entry.path(), files)?;
        } else if kind.is_file() && entry.file_name() != "SHA256SUMS" {
            files.insert(entry.path());
        }
    }
    Ok(())
}
