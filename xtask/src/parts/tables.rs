//! The numbers of the C header as Java, C#, Go, Python and JavaScript have them: status codes, kinds of steps and of failures.
//!
//! The header is made from the ffi crate, and these files from the header, so that each number stands once.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::project::Project;

mod go;
mod javascript;
mod python;

/// Each generated file, and what makes it of the header's constants.
const FILES: [(&str, Make); 8] = [
    (
        "examples/java/src/main/java/io/casewire/ErrorCode.java",
        java_codes,
    ),
    (
        "examples/java/src/main/java/io/casewire/Abi.java",
        java_numbers,
    ),
    ("examples/dotnet/Casewire/ErrorCode.cs", csharp_codes),
    ("examples/dotnet/Casewire/Abi.cs", csharp_numbers),
    ("examples/go/codes.go", go::codes_file),
    ("examples/go/abi.go", go::numbers_file),
    ("examples/python/casewire/abi.py", python::file),
    ("wasm/package/codes.js", javascript::file),
];

const STATUS: &str = "STATUS_";

const GENERATED: &str =
    "Generated from include/casewire.h by `cargo xtask header`: change it there.";

/// Makes a file of the header's constants.
type Make = fn(&[Constant]) -> String;

/// A `#define CASEWIRE_NAME value` with the comment before it.
#[derive(Debug, PartialEq)]
struct Constant {
    name: String,
    value: i64,
    about: Vec<String>,
}

/// Writes the files from a header.
pub(crate) fn write(project: &Project, header: &Path) -> Result<()> {
    for (file, text) in made(header)? {
        let path = project.root.join(file);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, text)?;
        println!("written: {file}");
    }
    Ok(())
}

/// Fails if a committed file is not what a header says.
pub(crate) fn check(project: &Project, header: &Path) -> Result<()> {
    for (file, text) in made(header)? {
        ensure!(
            fs::read_to_string(project.root.join(file)).unwrap_or_default() == text,
            "{file} is out of date: run `cargo xtask header`"
        );
    }
    Ok(())
}

fn made(header: &Path) -> Result<Vec<(&'static str, String)>> {
    let text =
        fs::read_to_string(header).with_context(|| format!("cannot read {}", header.display()))?;
    let constants = constants(&text);
    ensure!(
        constants.iter().any(|one| one.name.starts_with(STATUS)),
        "the header has no status codes"
    );
    Ok(FILES
        .iter()
        .map(|(file, make)| (*file, make(&constants)))
        .collect())
}

fn constants(header: &str) -> Vec<Constant> {
    let mut found = Vec::new();
    let mut about = Vec::new();
    for line in header.lines() {
        if line == "/**" {
            about.clear();
        } else if let Some(text) = line.strip_prefix(" * ") {
            about.push(text.to_owned());
        } else if let Some(rest) = line.strip_prefix("#define CASEWIRE_")
            && let Some((name, value)) = rest.split_once(' ')
            && let Ok(value) = value.parse()
        {
            found.push(Constant {
                name: name.to_owned(),
                value,
                about: std::mem::take(&mut about),
            });
        }
    }
    found
}

/// The status codes without `OK`, each with its name there.
fn codes(constants: &[Constant]) -> impl Iterator<Item = (&str, &Constant)> {
    constants.iter().filter_map(|one| {
        let name = one.name.strip_prefix(STATUS)?;
        (name != "OK").then_some((name, one))
    })
}

fn numbers(constants: &[Constant]) -> impl Iterator<Item = &Constant> {
    constants.iter().filter(|one| !one.name.starts_with(STATUS))
}

fn java_codes(constants: &[Constant]) -> String {
    let mut text = format!(
        "package io.casewire;\n\n/**\n * Why a call or an operation failed. A number keeps its meaning for ever; new ones are added.\n \
         *\n * <p>{GENERATED}\n */\npublic enum ErrorCode {{\n"
    );
    for (name, one) in codes(constants) {
        let about = javadoc(&one.about.join(" "));
        let _ = writeln!(text, "    /** {about} */\n    {name}({}),", one.value);
    }
    text.push_str(
        "    /** A code that a newer library has and this enum does not. */\n    UNKNOWN(-1);\n\n    \
         private final int number;\n\n    ErrorCode(int number) {\n        this.number = number;\n    }\n\n    \
         /** The number, as C has it; -1 for {@link #UNKNOWN}. */\n    public int number() {\n        return number;\n    }\n\n    \
         /** The code of a number. */\n    public static ErrorCode of(int number) {\n        \
         for (ErrorCode code : values()) {\n            if (code.number == number) {\n                return code;\n            }\n        }\n        \
         return UNKNOWN;\n    }\n}\n",
    );
    text
}

fn java_numbers(constants: &[Constant]) -> String {
    let mut text = format!(
        "package io.casewire;\n\n/** Numbers of the binary interface. {GENERATED} */\nfinal class Abi {{\n    private Abi() {{}}\n"
    );
    for one in numbers(constants) {
        let about = javadoc(&one.about.join(" "));
        let _ = write!(
            text,
            "\n    /** {about} */\n    static final int {} = {};\n",
            one.name, one.value
        );
    }
    text.push_str("}\n");
    text
}

fn csharp_codes(constants: &[Constant]) -> String {
    let mut text = format!(
        "namespace Casewire\n{{\n    /// <summary>Why a call or an operation failed. A number keeps its meaning for ever; new ones are added.</summary>\n    \
         /// <remarks>{GENERATED}</remarks>\n    public enum ErrorCode\n    {{\n"
    );
    for (name, one) in codes(constants) {
        let about = xml(&one.about.join(" "));
        let _ = writeln!(
            text,
            "        /// <summary>{about}</summary>\n        {} = {},",
            pascal(name),
            one.value
        );
    }
    text.push_str("    }\n}\n");
    text
}

fn csharp_numbers(constants: &[Constant]) -> String {
    let mut text = format!(
        "namespace Casewire\n{{\n    /// <summary>Numbers of the binary interface. {GENERATED}</summary>\n    internal static class Abi\n    {{\n"
    );
    for one in numbers(constants) {
        let about = xml(&one.about.join(" "));
        let _ = writeln!(
            text,
            "        /// <summary>{about}</summary>\n        internal const uint {} = {};",
            pascal(&one.name),
            one.value
        );
    }
    text.push_str("    }\n}\n");
    text
}

fn javadoc(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn xml(text: &str) -> String {
    javadoc(text)
}

/// `STALE_EFFECT` as `StaleEffect`.
fn pascal(name: &str) -> String {
    name.split('_')
        .map(|word| {
            let (first, rest) = word.split_at(1.min(word.len()));
            format!("{first}{}", rest.to_ascii_lowercase())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "/**\n * All went well.\n */\n#define CASEWIRE_STATUS_OK 0\n\n\
        /**\n * An answer < 1,\n * too late.\n */\n#define CASEWIRE_STATUS_STALE_EFFECT 300\n\
        #define CASEWIRE_H\n/**\n * A timer.\n */\n#define CASEWIRE_STEP_TIMER 5\n";

    #[test]
    fn constants_come_with_their_comments() {
        let found = constants(HEADER);
        let names: Vec<_> = found.iter().map(|one| (&*one.name, one.value)).collect();
        assert_eq!(
            names,
            [
                ("STATUS_OK", 0),
                ("STATUS_STALE_EFFECT", 300),
                ("STEP_TIMER", 5)
            ]
        );
        assert_eq!(found[1].about, ["An answer < 1,", "too late."]);
    }

    #[test]
    fn codes_and_numbers_go_to_files_of_their_own() {
        let found = constants(HEADER);
        let codes = java_codes(&found);
        assert!(codes.contains("/** An answer &lt; 1, too late. */\n    STALE_EFFECT(300),"));
        assert!(!codes.contains("OK(0)") && !codes.contains("TIMER"));
        assert!(csharp_codes(&found).contains("StaleEffect = 300,"));
        assert!(java_numbers(&found).contains("static final int STEP_TIMER = 5;"));
        assert!(csharp_numbers(&found).contains("internal const uint StepTimer = 5;"));
        assert!(go::codes_file(&found).contains("\tCodeStaleEffect Code = 300\n"));
        assert!(go::numbers_file(&found).contains("\t// A timer.\n\tstepTimer = 5\n"));
        assert!(javascript::file(&found).contains("  stale_effect: 300,\n"));
        let python = python::file(&found);
        assert!(python.contains("STEP_TIMER = 5\n") && python.contains("    STALE_EFFECT = 300\n"));
    }
}
