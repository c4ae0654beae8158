//! Configurations as documents: written in today's version, and taken from one client to another.

use super::{
    Instance,
    init::{beside, write_new},
    session,
    terminal::{Done, Stop, printable, say, say_aside, table},
};
use casewire::{
    CompanyKey, Config, Connection, GroupMapping, ImportTarget, PortableConfig, SettingToSet,
};
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
#[command(after_help = "\
A configuration never holds a key. An export holds no address, group or company of the client either; boards, statuses, types and
priorities keep their names, and `casewire check` names each that the new client lacks.

Examples:
  casewire config export --config acme.json --out ours.json
  casewire config import --from ours.json --instance zen-soc --site https://api-eu.myconnectwise.net --company-id zen \\
      --group Zen=ZenGarden --out zen.json
  casewire config migrate --config old.json --out new.json

Exit status: 0 done, 2 a document or the target is wrong and nothing was written, 3 a file could not be written or is there already.")]
pub(super) struct Arguments {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Write a configuration without what is this client's own.
    Export {
        #[command(flatten)]
        instance: Instance,
        /// The file to write; standard output where nothing is said.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Make a configuration for another client of an export.
    Import(Target),
    /// Write a document of an earlier version as one of today's.
    Migrate {
        /// The document.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// The file to write; standard output where nothing is said.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
struct Target {
    /// The export.
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// Name of the new instance, which is part of every ticket's reference.
    #[arg(long, value_name = "NAME")]
    instance: String,
    /// Address of the API, such as https://api-na.myconnectwise.net.
    #[arg(long, value_name = "URL")]
    site: String,
    /// The company id of ConnectWise's login page.
    #[arg(long, value_name = "ID")]
    company_id: String,
    /// The client id of the product, where it is another one.
    #[arg(long, value_name = "GUID")]
    client_id: Option<String>,
    /// The day on which the API keys end.
    #[arg(long, value_name = "YYYY-MM-DD")]
    credential_expiry: Option<String>,
    /// A group and its company's identifier; may be given more than once.
    #[arg(long = "group", value_name = "GROUP=IDENTIFIER")]
    groups: Vec<String>,
    /// Identifier of the company that catches all; cases of unmapped groups are held where nothing is said.
    #[arg(long, value_name = "IDENTIFIER")]
    catch_all: Option<String>,
    /// The file to write; its schema is written beside it.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Exports, imports or migrates a configuration.
pub(super) fn config(arguments: &Arguments) -> Done {
    match &arguments.act {
        Act::Export { instance, out } => {
            let exported = session::configuration(instance)?.export();
            write(out.as_ref(), &pretty(&exported)?)?;
            say_aside(&format!(
                "Left out, to be set by each client:\n{}",
                shown(&exported.left_out)
            ));
            Ok(())
        }
        Act::Import(target) => import(target),
        Act::Migrate { config, out } => {
            let text = read(config)?;
            let migrated = Config::migrate(&text).map_err(Stop::refused)?;
            write(out.as_ref(), &migrated.document)?;
            say_aside(&match migrated.from == migrated.to {
                true => format!(
                    "It is of version {} already, and stays as it is.",
                    migrated.to
                ),
                false => format!(
                    "Lifted from version {} to {}:\n  {}",
                    migrated.from,
                    migrated.to,
                    migrated.steps.join("\n  ")
                ),
            });
            Ok(())
        }
    }
}

fn import(target: &Target) -> Done {
    let mut groups = Vec::new();
    for pair in &target.groups {
        let Some((group, company)) = pair.split_once('=') else {
            return Err(Stop::refused(format!(
                "--group {pair}: write GROUP=IDENTIFIER"
            )));
        };
        groups.push(GroupMapping {
            group: group.to_owned(),
            company: CompanyKey::Identifier(company.to_owned()),
        });
    }
    let exported = PortableConfig::from_json(&read(&target.from)?).map_err(Stop::refused)?;
    let imported = exported
        .import(ImportTarget {
            instance: target.instance.clone(),
            connection: Connection {
                site: target.site.clone(),
                company_id: target.company_id.clone(),
                client_id: target.client_id.clone(),
                allow_insecure_loopback: target.site.starts_with("http://127.0.0.1"),
                credential_expiry: target.credential_expiry.clone(),
            },
            groups,
            catch_all: target.catch_all.clone().map(CompanyKey::Identifier),
        })
        .map_err(Stop::refused)?;
    let mut config = imported.config;
    config.schema = Some(beside(&target.out)?);
    write_new(&target.out, &pretty(&config)?)?;
    let out = target.out.display();
    say(&format!("Written: {out}"))?;
    if !imported.to_set.is_empty() {
        say(&format!(
            "\nTo be set, or looked at:\n{}",
            shown(&imported.to_set)
        ))?;
    }
    Ok(say(&format!("\nNext: casewire check --config {out}"))?)
}

fn shown(settings: &[SettingToSet]) -> String {
    let mut shown = table(["Where", "What"]);
    for setting in settings {
        shown.add_row([printable(&setting.pointer), printable(&setting.what)]);
    }
    shown.trim_fmt()
}

fn pretty(document: &impl serde::Serialize) -> Done<String> {
    let mut text = serde_json::to_string_pretty(document).map_err(Stop::failed)?;
    text.push('\n');
    Ok(text)
}

fn read(path: &Path) -> Done<Vec<u8>> {
    std::fs::read(path).map_err(|error| Stop::refused(format!("{}: {error}", path.display())))
}

fn write(out: Option<&PathBuf>, text: &str) -> Done {
    match out {
        Some(path) => write_new(path, text),
        None => Ok(say(text.trim_end())?),
    }
}
