use crate::cli::terminal::table;
use casewire::{Feature, Reach, RoleRight};

/// The least security role as ConnectWise's own page shows one, with what each right is for.
pub(super) fn shown(role: &[RoleRight]) -> String {
    let mut table = table([
        "Module", "Right", "Add", "Edit", "Delete", "Inquire", "For", "After",
    ]);
    for row in role {
        let features: Vec<&str> = row.features.iter().copied().map(Feature::name).collect();
        let sources: Vec<&str> = row.sources.iter().copied().collect();
        table.add_row([
            row.module,
            row.right,
            reach(row.add),
            reach(row.edit),
            reach(row.delete),
            reach(row.inquire),
            &features.join(", "),
            &sources.join("; "),
        ]);
    }
    let notes = role.iter().filter(|row| !row.note.is_empty());
    let notes: String = notes
        .map(|row| format!("\n{} > {}: {}.", row.module, row.right, row.note))
        .collect();
    format!("{}\nSecurity Permission: Member.{notes}", table.trim_fmt())
}

fn reach(reach: Reach) -> &'static str {
    match reach {
        Reach::None => "None",
        Reach::Mine => "Mine",
        Reach::All => "All",
    }
}
