use super::terminal::{Done, Stop, say};
use casewire::{Connection, Preset};
use clap::{Args, ValueEnum};
use std::{
    fs::OpenOptions,
    io::Write,
    path::{Path, PathBuf},
};

/// Explains each key of a configuration to an editor.
const SCHEMA: &str = include_str!("../../../../include/configuration.schema.json");
const SCHEMA_FILE: &str = "configuration.schema.json";

#[derive(Debug, Args)]
#[command(after_help = "\
The boards, statuses and priorities in it are those of the vendor's guide or of a fresh instance: `casewire check` names each
that yours lacks, and `casewire provision` makes boards, types and statuses.

Examples:
  casewire init --preset netsurion --site https://api-na.myconnectwise.net --company-id acme --client-id GUID --out acme.json
  casewire check --config acme.json

Exit status: 0 written, 2 something is wrong with the connection, 3 the file could not be written or is there already.")]
pub(super) struct Arguments {
    /// Whose guide it follows.
    #[arg(long, value_name = "NAME")]
    preset: Named,
    /// Address of the API, such as https://api-na.myconnectwise.net.
    #[arg(long, value_name = "URL")]
    site: String,
    /// The company id of ConnectWise's login page.
    #[arg(long, value_name = "ID")]
    company_id: String,
    /// The client id of the product, from developer.connectwise.com. FortiSIEM's is known.
    #[arg(long, value_name = "GUID", required_if_eq_any = NEEDS_CLIENT_ID)]
    client_id: Option<String>,
    /// Name of this instance within the host, which is part of every ticket's reference; the preset's where nothing is said.
    #[arg(long, value_name = "NAME")]
    instance: Option<String>,
    /// The day on which the API keys end.
    #[arg(long, value_name = "YYYY-MM-DD")]
    credential_expiry: Option<String>,
    /// The file to write; its schema is written beside it.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

const NEEDS_CLIENT_ID: [(&str, &str); 4] = [
    ("preset", "netsurion"),
    ("preset", "netwrix"),
    ("preset", "arctic-wolf"),
    ("preset", "heimdal"),
];

/// A preset as the command line names it.
#[derive(Clone, Copy, Debug)]
struct Named(Preset);

impl ValueEnum for Named {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [Named; Preset::ALL.len()] = {
            let [a, b, c, d, e] = Preset::ALL;
            [Named(a), Named(b), Named(c), Named(d), Named(e)]
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.0.name()))
    }
}

/// Writes a starting configuration.
pub(super) fn init(arguments: &Arguments) -> Done {
    let Named(preset) = arguments.preset;
    let own = casewire::Config::from_json(preset.document().as_bytes()).map_err(Stop::refused)?;
    let connection = Connection {
        site: arguments.site.clone(),
        company_id: arguments.company_id.clone(),
        client_id: arguments.client_id.clone().or(own.connection.client_id),
        allow_insecure_loopback: arguments.site.starts_with("http://127.0.0.1"),
        credential_expiry: arguments.credential_expiry.clone(),
    };
    let instance = arguments.instance.as_ref().unwrap_or(&own.instance);
    let document = preset
        .document_for(instance, &connection)
        .map_err(Stop::refused)?;
    write_new(&arguments.out, &document)?;
    beside(&arguments.out)?;
    let schema = arguments.out.with_file_name(SCHEMA_FILE);
    say(&format!(
        "Written: {} after the guide of preset {}, and {}, by which editors explain it.\n\nNext, with the keys of an API member in \
         CASEWIRE_PUBLIC_KEY and CASEWIRE_PRIVATE_KEY:\n  casewire check --config {}",
        arguments.out.display(),
        preset.name(),
        schema.display(),
        arguments.out.display(),
    ))?;
    Ok(())
}

/// Writes the schema beside a configuration, and says how that one names it.
pub(super) fn beside(config: &Path) -> Done<String> {
    let schema = config.with_file_name(SCHEMA_FILE);
    // It is the program's own, and an older one may lie there.
    std::fs::write(&schema, SCHEMA).map_err(|why| cannot_write(&schema, &why))?;
    Ok(format!("./{SCHEMA_FILE}"))
}

/// Never writes over what someone has written.
pub(super) fn write_new(path: &Path, text: &str) -> Done {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|why| cannot_write(path, &why))
}

fn cannot_write(path: &Path, why: &std::io::Error) -> Stop {
    Stop::failed(format!("cannot write {}: {why}", path.display()))
}
