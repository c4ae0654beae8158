use crate::{
    config::Config,
    error::{Code, Fault},
};

/// Checks the rules for attachments.
pub(super) fn check(config: &Config, faults: &mut Vec<Fault>) {
    let Some(attachments) = &config.attachments else {
        return;
    };
    let mut fault = |place: String, message: &str, fix: &str| {
        faults.push(Fault::new(Code::InvalidValue, place, message, fix));
    };
    if attachments.total_bytes == 0 {
        fault(
            "/attachments/total_bytes".to_owned(),
            "no attachment fits into nothing",
            "Say how many bytes all documents of a ticket may have together",
        );
    }
    match attachments.file_bytes {
        Some(0) => fault(
            "/attachments/file_bytes".to_owned(),
            "no attachment fits into nothing",
            "Say how many bytes a document may have, or remove the key",
        ),
        Some(most) if most > attachments.total_bytes => fault(
            "/attachments/file_bytes".to_owned(),
            "one document may have more bytes than all of them together",
            "Lower it, or raise total_bytes",
        ),
        _ => {}
    }
    for (key, list) in [
        ("allowed", &attachments.allowed),
        ("denied", &attachments.denied),
    ] {
        for (index, extension) in list.iter().enumerate() {
            let bare = extension.trim().trim_start_matches('.');
            let place = format!("/attachments/{key}/{index}");
            if bare.is_empty() || bare.contains(['.', '/', '\\', '*']) {
                fault(
                    place,
                    "that is no extension",
                    "Write an extension alone, such as pdf",
                );
            } else if key == "denied"
                && attachments
                    .allowed
                    .iter()
                    .any(|allowed| same_extension(allowed, extension))
            {
                fault(
                    place,
                    "the extension is allowed and denied",
                    "Remove it from one of the two",
                );
            }
        }
    }
}

/// Whether two texts name one extension.
pub(crate) fn same_extension(left: &str, right: &str) -> bool {
    let bare = |text: &str| text.trim().trim_start_matches('.').to_lowercase();
    bare(left) == bare(right)
}
