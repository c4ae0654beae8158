//! Documents of earlier versions, lifted to today's one step at a time (row E6).

use super::Config;
use crate::error::{Code, Error, Fault, Result};
use serde::Serialize;
use serde_json::{Map, Value};

/// What makes a document of one version one of the next.
struct Migration {
    /// What changes, in words for whoever wrote the document.
    what: &'static str,
    lift: fn(&mut Map<String, Value>),
}

/// The steps, the first of which lifts version 1 to version 2. A step is never changed once it was released.
const MIGRATIONS: &[Migration] = &[];

/// A configuration as today's version writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Migrated {
    /// The document, laid out for people.
    pub document: String,
    /// The version that it had.
    pub from: u32,
    /// The version that it has now.
    pub to: u32,
    /// What was changed, one line for each version.
    pub steps: Vec<&'static str>,
}

impl Config {
    /// The version of the document that this release writes. It reads this one and all before it.
    pub const VERSION: u32 = 1 + MIGRATIONS.len() as u32;

    /// Writes a document of any version that there was as one of today's. One of today's stays as it is, byte for byte.
    ///
    /// # Errors
    ///
    /// A document that is none, or of a version that this release does not know; then every fault of the lifted one.
    pub fn migrate(text: &[u8]) -> Result<Migrated> {
        let lifted = lift(text, MIGRATIONS)?;
        let document = match &lifted.document {
            None => String::from_utf8_lossy(text).into_owned(),
            Some(document) => {
                let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
                text.push('\n');
                text
            }
        };
        Self::from_json(document.as_bytes())?;
        Ok(Migrated {
            document,
            from: lifted.from,
            to: Self::VERSION,
            steps: lifted.steps,
        })
    }

    /// The text of a document of an earlier version, lifted; nothing for any other.
    pub(crate) fn lifted(text: &[u8]) -> Result<Option<String>> {
        let lifted = lift(text, MIGRATIONS)?;
        Ok(lifted.document.map(|document| document.to_string()))
    }
}

/// A document on its way.
struct Lifted {
    /// Nothing where it needed no step, or its version cannot be read: reading it then says what is wrong.
    document: Option<Value>,
    from: u32,
    steps: Vec<&'static str>,
}

fn lift(text: &[u8], migrations: &[Migration]) -> Result<Lifted> {
    let newest = 1 + u32::try_from(migrations.len()).unwrap_or(u32::MAX - 1);
    let as_it_is = |from| Lifted {
        document: None,
        from,
        steps: Vec::new(),
    };
    #[derive(serde::Deserialize)]
    struct Version {
        version: u32,
    }
    let Ok(Version { version }) = serde_json::from_slice(text) else {
        return Ok(as_it_is(newest));
    };
    if version == newest {
        return Ok(as_it_is(newest));
    }
    if version == 0 || version > newest {
        let fix = match version {
            0 => "Versions begin with 1".to_owned(),
            _ => "A newer casewire wrote it: run that one".to_owned(),
        };
        let message = format!("version {version} of the document is not known");
        let fault = Fault::new(Code::InvalidValue, "/version", message, fix);
        return Err(Error::refused("the configuration", vec![fault]));
    }
    let Ok(Value::Object(mut document)) = serde_json::from_slice(text) else {
        return Ok(as_it_is(version));
    };
    let done = usize::try_from(version - 1).unwrap_or(usize::MAX);
    let mut steps = Vec::new();
    for migration in migrations.iter().skip(done) {
        (migration.lift)(&mut document);
        steps.push(migration.what);
    }
    document.insert("version".to_owned(), newest.into());
    Ok(Lifted {
        document: Some(Value::Object(document)),
        from: version,
        steps,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest;
    use serde_json::json;

    /// Written once, with a value for every section that version 1 had when it was released.
    const FIRST: &[u8] = include_bytes!("../../tests/configuration-v1.json");

    #[test]
    fn a_document_of_version_1_is_read_for_ever() {
        let unchanged =
            "the committed document of version 1 is never changed: write another one for new keys";
        assert_eq!(digest::of(FIRST), FIRST_DIGEST, "{unchanged}");
        let config = Config::from_json(FIRST).unwrap();
        assert_eq!(config.instance, "acme-soc");
        let migrated = Config::migrate(FIRST).unwrap();
        assert_eq!((migrated.from, migrated.to), (1, Config::VERSION));
        let again = Config::from_json(migrated.document.as_bytes()).unwrap();
        assert_eq!(again, config);
    }

    const FIRST_DIGEST: &str = "4f81cdd910c52a95ddc7e291e8bbf7c4";

    /// Two fictitious steps: what was `boards` is `routes`, and then a span in seconds is written with its unit.
    const FICTITIOUS: &[Migration] = &[
        Migration {
            what: "'boards' is called 'routes'",
            lift: |document| {
                if let Some(boards) = document.remove("boards") {
                    document.insert("routes".to_owned(), boards);
                }
            },
        },
        Migration {
            what: "'limits.settle' has a unit",
            lift: |document| {
                let settle = document
                    .get_mut("limits")
                    .and_then(|limits| limits.get_mut("settle"));
                if let Some(settle) = settle
                    && let Some(seconds) = settle.as_u64()
                {
                    *settle = format!("{seconds}s").into();
                }
            },
        },
    ];

    fn lifted(document: &Value) -> Result<Lifted> {
        lift(document.to_string().as_bytes(), FICTITIOUS)
    }

    #[test]
    fn an_older_shape_is_lifted_step_by_step_and_a_newer_one_is_refused() {
        let oldest = json!({ "version": 1, "boards": ["a"], "limits": { "settle": 60 } });
        let up = lifted(&oldest).unwrap();
        assert_eq!((up.from, up.steps.len()), (1, 2));
        let newest = json!({ "version": 3, "routes": ["a"], "limits": { "settle": "60s" } });
        assert_eq!(up.document, Some(newest.clone()));
        let middle = json!({ "version": 2, "routes": ["a"], "limits": { "settle": 60 } });
        let up = lifted(&middle).unwrap();
        assert_eq!(
            (up.steps, up.document),
            (vec!["'limits.settle' has a unit"], Some(newest.clone()))
        );
        assert_eq!(lifted(&newest).unwrap().document, None);
        for unknown in [0, 4] {
            let error = lifted(&json!({ "version": unknown }))
                .map(|_| ())
                .unwrap_err();
            assert_eq!(error.faults[0].pointer, "/version");
        }
        // What has no version is told so by whoever reads it.
        assert_eq!(lifted(&json!({ "routes": [] })).unwrap().document, None);
        let error = Config::from_json(b"{}").unwrap_err();
        assert!(
            error
                .faults
                .iter()
                .any(|fault| fault.message.contains("version")),
            "{error}"
        );
    }
}
