use serde::{Deserialize, Serialize};

/// Which of a case's attachments become documents (row S5). Without this part of the configuration all of them do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Attachments {
    /// The most bytes of all documents of one ticket together; 50 MB where nothing is said (guide 002).
    pub total_bytes: u64,
    /// The most bytes of one document; as many as all where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_bytes: Option<u64>,
    /// Extensions, such as `pdf`, that alone are taken; all where nothing is said. Compared without case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<String>,
    /// Extensions that are refused, wherever they stand in a name: `exe` refuses `invoice.exe.txt` too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub denied: Vec<String>,
    /// An attachment waits until a comment is sent with it or after it (guide 002).
    pub with_comment: bool,
}

impl Default for Attachments {
    fn default() -> Self {
        Self {
            total_bytes: 50_000_000,
            file_bytes: None,
            allowed: Vec::new(),
            denied: Vec::new(),
            with_comment: false,
        }
    }
}
