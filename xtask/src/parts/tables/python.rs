//! The Python package's table.

use std::fmt::Write as _;

use super::{Constant, GENERATED, codes, numbers};

pub(super) fn file(constants: &[Constant]) -> String {
    let mut text = format!(
        "\"\"\"Numbers of the binary interface.\n\n{GENERATED}\n\"\"\"\n\nfrom enum import IntEnum\n\n"
    );
    for one in numbers(constants) {
        let about = one.about.join(" ");
        let _ = writeln!(text, "#: {about}\n{} = {}", one.name, one.value);
    }
    text.push_str(
        "\n\nclass ErrorCode(IntEnum):\n    \"\"\"Why something failed. A number keeps its meaning for ever; new ones are added.\"\"\"\n\n",
    );
    for (name, one) in codes(constants) {
        let about = one.about.join(" ");
        let _ = writeln!(text, "    #: {about}\n    {name} = {}", one.value);
    }
    text
}
