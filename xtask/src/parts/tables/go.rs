//! The Go module's tables, laid out as gofmt wants them.

use std::fmt::Write as _;

use super::{Constant, codes, numbers, pascal};

const HEAD: &str = "// Code generated from include/casewire.h by `cargo xtask header`. DO NOT EDIT.\n\npackage casewire\n\n";

pub(super) fn codes_file(constants: &[Constant]) -> String {
    let mut text = format!(
        "{HEAD}// Code is why something failed. A number keeps its meaning for ever; new ones are added.\ntype Code int32\n\n\
         // The codes.\nconst (\n"
    );
    for (name, one) in codes(constants) {
        let name = pascal(name);
        let about = one.about.join(" ");
        let _ = writeln!(
            text,
            "\t// Code{name} is: {about}\n\tCode{name} Code = {}",
            one.value
        );
    }
    text.push_str(")\n");
    text
}

pub(super) fn numbers_file(constants: &[Constant]) -> String {
    let mut text = format!("{HEAD}// Numbers of the binary interface.\nconst (\n");
    for one in numbers(constants) {
        let name = pascal(&one.name);
        let (first, rest) = name.split_at(1.min(name.len()));
        let first = first.to_ascii_lowercase();
        let about = one.about.join(" ");
        let _ = writeln!(text, "\t// {about}\n\t{first}{rest} = {}", one.value);
    }
    text.push_str(")\n");
    text
}
