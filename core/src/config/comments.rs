use serde::{Deserialize, Serialize};

/// What a case's comments become in ConnectWise, and how its texts are shown there (row S4).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Comments {
    /// Which kind of note a comment becomes; `ticket.notes` decides where nothing is said, and internal is its default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<CommentMode>,
    /// Before `mode`, for the comments of one visibility.
    #[serde(skip_serializing_if = "ByVisibility::is_empty")]
    pub by_visibility: ByVisibility,
    /// In which form the host writes comments and descriptions; a comment may name its own. Titles and all other texts are
    /// plain.
    pub format: TextFormat,
    /// What of a host's Markdown ConnectWise shows.
    pub markdown: MarkdownUse,
    /// What becomes of signs in a host's plain text that ConnectWise would take for markup.
    pub markup: Markup,
    /// The most characters (UTF-16 units) of a note, at least 100; longer ones are cut with a mark. ConnectWise publishes no
    /// limit (API.md section 7), so none is held where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// Jinja template over `case` for a Resolution note, added when the case's end closes the ticket. None where nothing is
    /// said, or where it makes nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution: Option<String>,
}

/// Which kind of note comments become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CommentMode {
    /// Internal, whatever the comment's visibility.
    Internal,
    /// Discussion, whatever the comment's visibility: the customer can read it.
    Discussion,
    /// Resolution, whatever the comment's visibility.
    Resolution,
    /// As each comment's visibility says.
    AsWritten,
    /// Guide 002: what the customer may read becomes a Discussion note, without its Markdown; internal comments stay in the
    /// host.
    DiscussionOnly,
    /// None is sent.
    None,
}

/// Which kind of note the comments of one visibility become.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ByVisibility {
    /// Of internal comments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub internal: Option<NoteTarget>,
    /// Of comments that the customer may read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discussion: Option<NoteTarget>,
    /// Of comments that say how it was solved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution: Option<NoteTarget>,
}

impl ByVisibility {
    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A kind of note, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NoteTarget {
    /// For technicians only.
    Internal,
    /// The customer can read it.
    Discussion,
    /// How it was solved.
    Resolution,
    /// It is not sent.
    None,
}

/// The form of a text of the host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TextFormat {
    /// Text as it is.
    #[default]
    Plain,
    /// Markdown.
    Markdown,
    /// HTML.
    Html,
}

/// What of a host's Markdown ConnectWise shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MarkdownUse {
    /// Emphasis, headings, lists and code; links and images are taken apart.
    #[default]
    Keep,
    /// Nothing: marks are taken off.
    Strip,
}

/// What becomes of signs that ConnectWise would take for markup (API.md section 6.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Markup {
    /// They are escaped, so that nothing of a case becomes a link, an image or other markup.
    #[default]
    Escape,
    /// They are sent as they are, for a host whose texts are its own.
    AsWritten,
}

/// What is taken out of every text before it is sent (summary, description, notes, resolution).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Redaction {
    /// Named patterns.
    pub patterns: Vec<RedactionPattern>,
    /// The host's own patterns.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub custom: Vec<CustomRedaction>,
}

/// A kind of text that is not shown. Each is found in one pass; where in doubt, it is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RedactionPattern {
    /// E-mail addresses.
    Email,
    /// Internet addresses of version 4.
    Ipv4,
    /// Internet addresses of version 6.
    Ipv6,
    /// Card numbers of 13 to 19 digits whose check digit (Luhn) is right.
    CreditCard,
    /// Access key ids of AWS, and secrets behind the names that AWS and Azure give them.
    CloudKey,
    /// What follows `Bearer` or `Basic`, and JSON Web Tokens.
    BearerToken,
    /// Private keys in PEM, from their first line to their last.
    PrivateKey,
}

/// A pattern of the host's own: a mask, since a library for regular expressions adds 27 kB (gzipped, built for a desktop).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CustomRedaction {
    /// What it is called in the mark, such as `employee number`.
    pub name: String,
    /// `#` stands for a digit, `@` for a letter, `?` for either, all else for itself without regard to case: `EMP-######`.
    /// 4 to 100 characters; only text that stands apart from other letters and digits is found.
    pub mask: String,
}
