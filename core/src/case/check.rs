use super::Case;
use crate::{
    error::{Code, Error, Fault, Result},
    json,
    text::{cut, is_printable, is_printable_or},
};
use std::{collections::BTreeSet, fmt::Display};

/// The longest id, in characters.
const ID: usize = 200;
/// The longest single-line text, in characters.
const LINE: usize = 1000;
/// The longest text of several lines, in bytes.
const TEXT: usize = 1 << 20;
/// The most artifacts, comments or attachments.
const MANY: usize = 10_000;

impl Case {
    /// Reads a case from JSON and checks it.
    ///
    /// # Errors
    /// Every fault of form and of content at once.
    pub fn from_json(text: &[u8]) -> Result<Self> {
        json::read_often(text, Self::check).map_err(|faults| Error::refused("the case", faults))
    }

    /// The faults of a case, whatever the configuration: lengths, control characters, ids that stand twice.
    #[must_use]
    pub fn check(&self) -> Vec<Fault> {
        let mut check = Check::default();
        check.id("/id", &self.id);
        check.line("/title", &self.title);
        if self.title.trim().is_empty() {
            check.fault(
                Code::InvalidValue,
                "/title",
                "the title is empty",
                "Say in one line what the case is about",
            );
        }
        check.text("/description", &self.description);
        check.filled("/severity", &self.severity);
        check.filled("/status", &self.status);
        check.filled("/group/id", &self.group.id);
        let optional = [
            ("/number", &self.number),
            ("/category", &self.category),
            ("/kind", &self.kind),
            ("/close_reason", &self.close_reason),
            ("/incident", &self.incident),
            ("/added_by", &self.added_by),
            ("/group/name", &self.group.name),
            ("/group/email", &self.group.email),
        ];
        check.lines(optional);
        if let Some(system) = &self.system {
            check.filled("/system/id", &system.id);
            check.lines([
                ("/system/name", &system.name),
                ("/system/os", &system.os),
                ("/system/serial_number", &system.serial_number),
            ]);
            check.list("/system/macs", &system.macs);
            check.list("/system/ips", &system.ips);
        }
        if let Some(user) = &self.user {
            check.line("/user/name", &user.name);
            check.lines([("/user/domain", &user.domain), ("/user/email", &user.email)]);
        }
        check.list("/tags", &self.tags);
        check.artifacts(self);
        check.comments(self);
        check.attachments(self);
        check.0
    }

    /// The faults of a case's id alone, at a place of one's own.
    pub(crate) fn check_id(at: &str, id: &str) -> Vec<Fault> {
        let mut check = Check::default();
        check.id(at, id);
        check.0
    }
}

#[derive(Default)]
struct Check(Vec<Fault>);

impl Check {
    fn fault(&mut self, code: Code, at: impl Display + Copy, message: &str, fix: &str) {
        self.0.push(Fault::new(code, at.to_string(), message, fix));
    }

    fn id(&mut self, at: impl Display + Copy, id: &str) {
        self.control(at, id);
        if id.trim().is_empty() {
            self.fault(
                Code::InvalidValue,
                at,
                "the id is empty",
                "Give a stable id of 1 to 200 characters",
            );
        }
        self.within(at, id.chars().count(), ID, "characters");
    }

    fn filled(&mut self, at: impl Display + Copy, text: &str) {
        self.line(at, text);
        if text.trim().is_empty() {
            self.fault(Code::InvalidValue, at, "the text is empty", "Fill it in");
        }
    }

    fn line(&mut self, at: impl Display + Copy, text: &str) {
        self.control(at, text);
        self.within(at, text.chars().count(), LINE, "characters");
    }

    fn lines<const N: usize>(&mut self, texts: [(&str, &Option<String>); N]) {
        for (at, text) in texts {
            if let Some(text) = text {
                self.line(at, text);
            }
        }
    }

    fn list(&mut self, at: impl Display + Copy, texts: &[String]) {
        self.within(at, texts.len(), MANY, "entries");
        for (index, text) in texts.iter().take(MANY).enumerate() {
            self.line(format_args!("{at}/{index}"), text);
        }
    }

    fn text(&mut self, at: impl Display + Copy, text: &str) {
        self.within(at, text.len(), TEXT, "bytes");
        let bad = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        if is_printable_or(text, b"\n\r\t") {
            return;
        }
        if let Some(c) = text.chars().find(|c| bad(*c)) {
            self.0.push(Fault::new(
                Code::ControlCharacter,
                at.to_string(),
                format!(
                    "the text holds the control character U+{:04X}",
                    u32::from(c)
                ),
                "Remove control characters other than line ends and tabs",
            ));
        }
    }

    fn control(&mut self, at: impl Display + Copy, text: &str) {
        if is_printable(text) {
            return;
        }
        if let Some(c) = text.chars().find(|c| c.is_control()) {
            self.0.push(Fault::new(
                Code::ControlCharacter,
                at.to_string(),
                format!(
                    "the line holds the control character U+{:04X}",
                    u32::from(c)
                ),
                "Write one line without control characters",
            ));
        }
    }

    fn within(&mut self, at: impl Display + Copy, length: usize, most: usize, unit: &str) {
        if length > most {
            self.0.push(Fault::new(
                Code::TooLong,
                at.to_string(),
                format!("{length} {unit} are more than {most}"),
                format!("Shorten it to {most} {unit}"),
            ));
        }
    }

    fn once<'a>(&mut self, list: &str, ids: impl Iterator<Item = &'a str>) {
        let mut seen = BTreeSet::new();
        for (index, id) in ids.enumerate().take(MANY) {
            self.id(format_args!("{list}/{index}/id"), id);
            if !seen.insert(id) {
                self.0.push(Fault::new(
                    Code::InvalidValue,
                    format!("{list}/{index}/id"),
                    format!("the id '{}' stands here twice", cut(id, 60)),
                    "Give each its own stable id",
                ));
            }
        }
    }

    fn artifacts(&mut self, case: &Case) {
        self.within("/artifacts", case.artifacts.len(), MANY, "entries");
        for (index, artifact) in case.artifacts.iter().take(MANY).enumerate() {
            self.line(format_args!("/artifacts/{index}/type"), &artifact.kind);
            self.text(format_args!("/artifacts/{index}/value"), &artifact.value);
        }
    }

    fn comments(&mut self, case: &Case) {
        self.within("/comments", case.comments.len(), MANY, "entries");
        self.once(
            "/comments",
            case.comments.iter().map(|comment| comment.id.as_str()),
        );
        for (index, comment) in case.comments.iter().take(MANY).enumerate() {
            let at = format_args!("/comments/{index}");
            self.text(format_args!("{at}/text"), &comment.text);
            if let Some(author) = &comment.author {
                self.line(format_args!("{at}/author"), author);
            }
            let parts = [
                ("people_contacted", &comment.people_contacted),
                ("investigation_procedure", &comment.investigation_procedure),
                ("actions_taken", &comment.actions_taken),
                ("impact_determined", &comment.impact_determined),
                ("recommendations", &comment.recommendations),
            ];
            for (key, part) in parts {
                if let Some(part) = part {
                    self.text(format_args!("{at}/{key}"), part);
                }
            }
        }
    }

    fn attachments(&mut self, case: &Case) {
        self.within("/attachments", case.attachments.len(), MANY, "entries");
        self.once(
            "/attachments",
            case.attachments.iter().map(|file| file.id.as_str()),
        );
        for (index, file) in case.attachments.iter().take(MANY).enumerate() {
            let at = format_args!("/attachments/{index}");
            self.filled(format_args!("{at}/file_name"), &file.file_name);
            if file.file_name.contains(['/', '\\']) || matches!(file.file_name.trim(), "." | "..") {
                self.fault(
                    Code::InvalidValue,
                    format_args!("{at}/file_name"),
                    "the file name holds a path",
                    "Give the name alone, without folders",
                );
            }
            if let Some(title) = &file.title {
                self.line(format_args!("{at}/title"), title);
            }
            if file.size == 0 {
                self.fault(
                    Code::InvalidValue,
                    format_args!("{at}/size"),
                    "the file is empty",
                    "Leave empty files out",
                );
            }
            if let Some(sha256) = &file.sha256
                && !(sha256.len() == 64 && sha256.bytes().all(|digit| digit.is_ascii_hexdigit()))
            {
                self.fault(
                    Code::InvalidValue,
                    format_args!("{at}/sha256"),
                    "that is no SHA-256",
                    "Give the 64 hexadecimal digits of the file's SHA-256, or leave it out",
                );
            }
            if let Some(comment) = &file.comment {
                self.id(format_args!("{at}/comment"), comment);
            }
            if file.token.is_empty() {
                self.fault(
                    Code::InvalidValue,
                    format_args!("{at}/token"),
                    "the token is empty",
                    "Give what your driver needs to open the file",
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_fault_of_a_case_is_named_at_once() {
        let long = "x".repeat(TEXT + 1);
        let case = json!({
            "id": "", "number": "1\n2", "title": " ", "description": long, "severity": "", "titel": "x",
            "group": {"id": "g\t", "name": "ok"}, "system": {"id": "s", "macs": ["a\u{0}b"]},
            "created_at": "2019-02-11T01:07:14Z", "updated_at": "2019-02-11T01:07:14Z",
            "comments": [{"id": "c", "text": "a\nb\tc", "created_at": "2019-02-11T01:07:14Z"},
                {"id": "c", "text": "\u{1b}[0m", "created_at": "2019-02-11T01:07:14Z"}],
            "attachments": [{"id": "a", "file_name": "../x", "size": 0, "token": "t"}]
        });
        let error = Case::from_json(case.to_string().as_bytes()).unwrap_err();
        assert!(error.faults.iter().all(|fault| !fault.fix.is_empty()));
        let found: Vec<&str> = error
            .faults
            .iter()
            .map(|fault| fault.pointer.as_str())
            .collect();
        assert_eq!(
            found,
            [
                "/attachments/0/file_name",
                "/attachments/0/size",
                "/comments/1/id",
                "/comments/1/text",
                "/description",
                "/group/id",
                "/id",
                "/number",
                "/severity",
                "/system/macs/0",
                "/titel",
                "/title"
            ]
        );
    }

    #[test]
    fn an_id_has_at_most_two_hundred_characters() {
        let case = |id: String| {
            let case = json!({"id": id, "title": "t", "severity": "low", "group": {"id": "g"},
                "created_at": "2019-02-11T01:07:14Z", "updated_at": "2019-02-11T01:07:14Z"});
            Case::from_json(case.to_string().as_bytes())
        };
        assert!(case("ü".repeat(200)).is_ok());
        assert_eq!(case("x".repeat(201)).unwrap_err().code, Code::TooLong);
    }
}
