//! The npm package's table, whose types TypeScript reads.

use std::fmt::Write as _;

use super::{Constant, GENERATED, codes};

pub(super) fn file(constants: &[Constant]) -> String {
    let mut text = format!(
        "// {GENERATED}\n\n/**\n * Why something failed: the codes that errors and faults carry, each with the number that C has for it. A number keeps its\n \
         * meaning for ever; new ones are added.\n */\nexport const CODES = Object.freeze({{\n"
    );
    for (name, one) in codes(constants) {
        let about = one.about.join(" ").replace("*/", "* /");
        let name = name.to_ascii_lowercase();
        let _ = writeln!(text, "  /** {about} */\n  {name}: {},", one.value);
    }
    text.push_str("});\n\n/** @typedef {keyof typeof CODES} Code */\n");
    text
}
