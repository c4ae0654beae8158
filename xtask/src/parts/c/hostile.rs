//! A C program, written of the header, that calls every function with each of its arguments wrong in turn, and in every state
//! of its object. A function whose arguments it has no sample of fails the part: nothing new stays untested.

use std::fmt::Write as _;

use anyhow::{Context, Result, bail};

/// A function of the header.
#[derive(Debug, PartialEq)]
pub(super) struct Function {
    pub(super) name: String,
    /// The type that it returns, without `struct`.
    pub(super) result: String,
    /// Type and name of each argument.
    pub(super) arguments: Vec<(String, String)>,
}

/// A sound argument of a type, under any name or one alone.
const SAMPLES: [(&str, &str, &str); 30] = [
    ("casewire_text", "config_json", "TEXT(CONFIGURATION)"),
    ("casewire_text", "case_json", "TEXT(case_json)"),
    (
        "casewire_text",
        "command_json",
        "TEXT(\"{\\\"command\\\": \\\"poll\\\"}\")",
    ),
    (
        "casewire_text",
        "answer_json",
        "TEXT(\"{\\\"done\\\": {}}\")",
    ),
    (
        "casewire_text",
        "callback_secret",
        "TEXT(\"0123456789abcdef\")",
    ),
    ("casewire_text", "", "TEXT(\"{}\")"),
    ("casewire_slice", "", "NO_BODY"),
    ("casewire_status", "", "OK"),
    ("uint32_t", "http_status", "200"),
    ("uint32_t", "failure", "CASEWIRE_FAILURE_OTHER"),
    ("uint64_t", "", "7"),
    ("int64_t", "", "START"),
    ("size_t", "", "0"),
    ("const char *", "", "\"text\""),
    ("const casewire_step *", "", "step"),
    ("const casewire_error *", "", "sample_error"),
    ("const casewire_bytes *", "", "bytes"),
    ("const casewire_credentials *", "", "NULL"),
    ("const casewire_options *", "", "NULL"),
    ("const casewire_host *", "", "&host"),
    ("casewire_connector *", "", "connector"),
    ("casewire_memory_store *", "", "store"),
    ("casewire_answer *", "", "answer"),
    ("casewire_step_view *", "", "&step_view"),
    ("casewire_error_view *", "", "&error_view"),
    ("uint64_t *", "", "&number"),
    ("casewire_connector **", "", "&made_connector"),
    ("casewire_answer **", "", "&made_answer"),
    ("casewire_bytes **", "", "&made_bytes"),
    ("casewire_error **", "", "&failure"),
];

/// Further samples, of types that only one function has.
const MORE_SAMPLES: [(&str, &str); 2] = [
    ("casewire_step **", "&made_step"),
    ("casewire_memory_store **", "&made_store"),
];

/// Arguments that may be NULL.
const MAY_BE_NULL: [&str; 3] = ["error", "credentials", "options"];

/// What a function of NULL tells where that is not 0 or an empty text.
const NEUTRAL: [(&str, &str); 1] = [("casewire_step_http_not_after_ms", "INT64_MAX")];

const STATUS: &str = "casewire_status";

/// The functions that a header declares.
pub(super) fn functions(header: &str) -> Result<Vec<Function>> {
    let code: Vec<_> = header
        .lines()
        .filter(|line| !line.trim_start().starts_with(['*', '/', '#']))
        .collect();
    let code = code.join("\n");
    let mut found = Vec::new();
    for statement in code.split(';') {
        let statement = statement.split_whitespace().collect::<Vec<_>>().join(" ");
        let Some((head, rest)) = statement.split_once('(') else {
            continue;
        };
        // What stands before the first one opens `extern "C"`.
        let head = head.rsplit('{').next().unwrap_or(head);
        if head.contains("typedef") || rest.starts_with('*') {
            continue;
        }
        let arguments = rest.trim_end_matches(')');
        let (result, name) = declared(head)?;
        let arguments = match arguments {
            "void" | "" => Vec::new(),
            list => list.split(',').map(declared).collect::<Result<_>>()?,
        };
        found.push(Function {
            name,
            result,
            arguments,
        });
    }
    Ok(found)
}

/// Type and name of a declaration.
fn declared(text: &str) -> Result<(String, String)> {
    let text = text.trim().replace("struct ", "");
    let at = text
        .rfind([' ', '*'])
        .with_context(|| format!("`{text}` declares nothing"))?;
    let (of, name) = text.split_at(at + 1);
    Ok((of.trim().to_owned(), name.to_owned()))
}

fn sample(function: &Function, of: &str, name: &str) -> Result<&'static str> {
    let known = SAMPLES
        .iter()
        .find(|(known, only, _)| *known == of && (only.is_empty() || *only == name))
        .map(|(.., sample)| *sample);
    let more = || {
        let found = MORE_SAMPLES.iter().find(|(known, _)| *known == of);
        found.map(|(_, sample)| *sample)
    };
    let Some(sample) = known.or_else(more) else {
        bail!(
            "{} takes `{of} {name}`, of which xtask/src/parts/c/hostile.rs has no sample: give it one",
            function.name
        );
    };
    Ok(sample)
}

/// A call, with one of its arguments replaced.
fn call(function: &Function, replaced: Option<(usize, &str)>) -> Result<String> {
    let mut given = Vec::new();
    for (at, (of, name)) in function.arguments.iter().enumerate() {
        given.push(match replaced {
            Some((place, text)) if place == at => text,
            _ => sample(function, of, name)?,
        });
    }
    Ok(format!("{}({})", function.name, given.join(", ")))
}

/// Writes the program.
pub(super) fn program(functions: &[Function]) -> Result<String> {
    let mut wrong = String::new();
    for function in functions {
        wrong_arguments(&mut wrong, function)?;
    }
    let mut states = String::new();
    of_every_step(&mut states, functions)?;
    of_every_answer(&mut states, functions)?;
    of_a_poisoned_connector(&mut states, functions)?;
    Ok(format!(
        "/* Written of the header by cargo xtask test. */\n#include \"samples.h\"\n\n\
         static void wrong_arguments(void)\n{{\n{wrong}}}\n\n{states}\n\
         int main(void)\n{{\n    make_samples();\n    wrong_arguments();\n    every_step();\n    every_answer();\n    \
         poisoned_connector();\n    free_samples();\n    return report(\"hostile to every function\");\n}}\n"
    ))
}

fn wrong_arguments(text: &mut String, function: &Function) -> Result<()> {
    let returns_status = function.result == STATUS && !function.name.starts_with("casewire_error_");
    let returns_status = returns_status || function.name == "casewire_error_read";
    if function.arguments.is_empty() {
        let _ = writeln!(text, "    (void){};", call(function, None)?);
    }
    let mut is_first_text = true;
    for (at, (of, name)) in function.arguments.iter().enumerate() {
        let wrong: &[(&str, &str)] = match of.as_str() {
            "casewire_text" => &[
                ("nowhere", "CASEWIRE_STATUS_NULL_POINTER"),
                ("endless", "CASEWIRE_STATUS_TOO_LONG"),
                ("broken", "CASEWIRE_STATUS_INVALID_UTF8"),
            ],
            "casewire_slice" => &[
                ("no_bytes", "CASEWIRE_STATUS_NULL_POINTER"),
                ("endless_bytes", "CASEWIRE_STATUS_TOO_LONG"),
            ],
            _ if of.ends_with('*') => &[("NULL", "CASEWIRE_STATUS_NULL_POINTER")],
            _ => &[],
        };
        for (value, expected) in wrong {
            let call = call(function, Some((at, value)))?;
            let is_text = of == "casewire_text" || of == "casewire_slice";
            let _ = if !returns_status {
                let neutral = NEUTRAL.iter().find(|(known, _)| *known == function.name);
                let neutral = neutral.map_or("0", |(_, neutral)| *neutral);
                match function.result.as_str() {
                    "void" => writeln!(text, "    {call};"),
                    "casewire_text" | "casewire_slice" => {
                        writeln!(text, "    CHECK({call}.size == 0 && {call}.data != NULL);")
                    }
                    _ => writeln!(text, "    CHECK({call} == {neutral});"),
                }
            } else if MAY_BE_NULL.contains(&name.as_str()) || is_text && !is_first_text {
                // A document before it may be refused first.
                writeln!(text, "    survived(\"{}: {name}\", {call});", function.name)
            } else {
                let what = &function.name;
                writeln!(text, "    refused(\"{what}: {name}\", {call}, {expected});")
            };
        }
        is_first_text &= of != "casewire_text";
    }
    Ok(())
}

/// Every function of a step, of a step of every kind and with indexes that there are not.
fn of_every_step(text: &mut String, functions: &[Function]) -> Result<()> {
    text.push_str("static void every_step(void)\n{\n    const casewire_step *sound = step;\n");
    text.push_str("    static const size_t indexes[] = {0, 1, SIZE_MAX};\n");
    text.push_str("    for (int i = 0; i < step_count; i++) {\n        step = steps[i];\n");
    for function in functions
        .iter()
        .filter(|one| takes(one, "const casewire_step *"))
    {
        if function.arguments.iter().any(|(of, _)| of == "size_t") {
            let place = function.arguments.len() - 1;
            let call = call(function, Some((place, "indexes[at]")))?;
            let _ = writeln!(
                text,
                "        for (int at = 0; at < 3; at++)\n            (void){call};"
            );
        } else {
            let _ = writeln!(
                text,
                "        (void){};\n        clean();",
                call(function, None)?
            );
        }
    }
    text.push_str("    }\n    step = sound;\n}\n\n");
    Ok(())
}

/// Every function that fills an answer in, after every other: what an answer is already is no reason to crash.
fn of_every_answer(text: &mut String, functions: &[Function]) -> Result<()> {
    let mut count = 0;
    text.push_str("static casewire_status fill_in(int how)\n{\n    switch (how) {\n");
    let fills = |one: &&Function| {
        takes(one, "casewire_answer *") && one.result == STATUS && one.name.contains("_answer_")
    };
    for function in functions.iter().filter(fills) {
        let call = call(function, None)?;
        let _ = writeln!(text, "    case {count}:\n        return {call};");
        count += 1;
    }
    let _ = writeln!(
        text,
        "    default:\n        return OK;\n    }}\n}}\n\nstatic void every_answer(void)\n{{\n    \
         for (int first = 0; first < {count}; first++) {{\n        for (int second = 0; second < {count}; second++) {{\n            \
         survived(\"an answer\", fill_in(first));\n            survived(\"an answer, again\", fill_in(second));\n            \
         survived(\"an answer that is given\", casewire_connector_answer(connector, answer, START, &failure));\n        }}\n    }}\n}}\n"
    );
    Ok(())
}

/// Every function of a connector that met a fault of its own.
fn of_a_poisoned_connector(text: &mut String, functions: &[Function]) -> Result<()> {
    text.push_str("static void poisoned_connector(void)\n{\n");
    for function in functions
        .iter()
        .filter(|one| takes(one, "casewire_connector *") && one.result == STATUS)
    {
        let call = call(function, Some((0, "poisoned")))?;
        let what = &function.name;
        let _ = writeln!(
            text,
            "    casewire_answer_set_done(answer, NULL);\n    refused(\"{what}\", {call}, CASEWIRE_STATUS_POISONED);"
        );
    }
    text.push_str("    /* The others go on. */\n");
    text.push_str("    survived(\"poll\", casewire_connector_poll(connector, START, &made_step, &failure));\n}\n");
    Ok(())
}

fn takes(function: &Function, of: &str) -> bool {
    function
        .arguments
        .first()
        .is_some_and(|(first, _)| first == of)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "/**\n * Not casewire_this(a);\n */\n\
        typedef void (*casewire_perform)(void *user_data,\n                                 const struct casewire_step *step);\n\
        casewire_status casewire_connector_poll(struct casewire_connector *connector,\n\
        \x20                                       int64_t now_ms,\n\
        \x20                                       struct casewire_step **step,\n\
        \x20                                       struct casewire_error **error);\n\
        extern \"C\" {\nconst struct casewire_error *casewire_step_error(const struct casewire_step *step);\n";

    #[test]
    fn functions_are_read_with_their_arguments() {
        let functions = functions(HEADER).unwrap();
        assert_eq!(functions.len(), 2);
        assert_eq!(functions[0].name, "casewire_connector_poll");
        let of = |of: &str, name: &str| (of.to_owned(), name.to_owned());
        assert_eq!(
            functions[0].arguments,
            [
                of("casewire_connector *", "connector"),
                of("int64_t", "now_ms"),
                of("casewire_step **", "step"),
                of("casewire_error **", "error"),
            ]
        );
        assert_eq!(functions[1].result, "const casewire_error *");
    }

    #[test]
    fn each_pointer_is_wrong_once_and_a_new_type_is_no_silence() {
        let mut functions = functions(HEADER).unwrap();
        let text = program(&functions).unwrap();
        for call in [
            "casewire_connector_poll(NULL, START, &made_step, &failure)",
            "casewire_connector_poll(connector, START, NULL, &failure)",
            "casewire_connector_poll(connector, START, &made_step, NULL)",
            "casewire_connector_poll(poisoned, START, &made_step, &failure)",
            "CHECK(casewire_step_error(NULL) == 0)",
        ] {
            assert!(text.contains(call), "{call} is not in {text}");
        }
        functions[0].arguments[1].0 = "casewire_new_type".to_owned();
        let refused = program(&functions).unwrap_err().to_string();
        assert!(refused.contains("casewire_new_type"), "{refused}");
    }
}
