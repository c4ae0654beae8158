//! Cases on which templates are tried before any real case comes.

use crate::{
    case::{Artifact, Attachment, Case, Comment, Group, System, User, Visibility},
    time::Timestamp,
};
use std::{collections::BTreeMap, sync::Arc};

/// A case that has everything and one that has only what it must have.
pub(crate) fn cases() -> [Arc<Case>; 2] {
    [Arc::new(full()), Arc::new(least())]
}

fn least() -> Case {
    Case {
        id: "1".to_owned(),
        number: None,
        title: "title".to_owned(),
        description: String::new(),
        severity: "severity".to_owned(),
        category: None,
        kind: None,
        status: "open".to_owned(),
        group: Group {
            id: "group".to_owned(),
            name: None,
            email: None,
        },
        system: None,
        user: None,
        created_at: Timestamp::default(),
        updated_at: Timestamp::default(),
        cleared_at: None,
        close_reason: None,
        incident: None,
        added_by: None,
        tags: Vec::new(),
        artifacts: Vec::new(),
        comments: Vec::new(),
        attachments: Vec::new(),
        custom_fields: BTreeMap::new(),
    }
}

fn full() -> Case {
    let word = |text: &str| Some(text.to_owned());
    Case {
        number: word("1"),
        description: "description".to_owned(),
        category: word("category"),
        kind: word("kind"),
        group: Group {
            id: "group".to_owned(),
            name: word("name"),
            email: word("a@example.com"),
        },
        system: Some(System {
            id: "system".to_owned(),
            name: word("name"),
            os: word("os"),
            macs: vec!["00155D014FA1".to_owned()],
            ips: vec!["192.0.2.1".to_owned()],
            serial_number: word("serial"),
        }),
        user: Some(User {
            name: "name".to_owned(),
            domain: word("domain"),
            email: word("a@example.com"),
        }),
        cleared_at: Some(Timestamp::default()),
        close_reason: word("reason"),
        incident: word("1"),
        added_by: word("someone"),
        tags: vec!["tag".to_owned()],
        artifacts: vec![Artifact {
            kind: "ip".to_owned(),
            value: "192.0.2.1".to_owned(),
        }],
        comments: vec![Comment {
            id: "1".to_owned(),
            text: "text".to_owned(),
            author: word("someone"),
            visibility: Visibility::Internal,
            format: None,
            created_at: Timestamp::default(),
            people_contacted: word("someone"),
            investigation_procedure: word("procedure"),
            actions_taken: word("actions"),
            impact_determined: word("impact"),
            recommendations: word("recommendations"),
        }],
        attachments: vec![Attachment {
            id: "1".to_owned(),
            title: word("title"),
            file_name: "file.txt".to_owned(),
            size: 1,
            token: "token".to_owned(),
            created_at: Some(Timestamp::default()),
            sha256: None,
            comment: None,
        }],
        ..least()
    }
}
