use casewire_simulator::{Request, Response};
use serde_json::{Value, json};

use crate::caller::{CONTRACT, Caller, authorized};

fn upload(caller: &mut Caller, parts: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Response {
    let mut body = Vec::new();
    for (name, value) in parts {
        let part =
            format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    if let Some((name, content)) = file {
        let head = format!(
            "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--B--\r\n");
    let mut request = authorized(Request::new(
        "POST",
        "/v4_6_release/apis/3.0/system/documents",
    ))
    .header("Content-Type", "multipart/form-data; boundary=B");
    request.body = body;
    let response = caller.psa.handle(&request, caller.now);
    if let Some(contract) = &*CONTRACT {
        let found =
            contract.check_response("POST", "system/documents", response.status, &response.body);
        assert!(found.is_empty(), "{found:?}");
    }
    response
}

#[test]
fn a_document_is_uploaded_listed_and_downloaded() {
    let mut caller = Caller::new();
    let id = caller.ticket(json!({})).to_string();
    let content = b"line\r\n--C\0\xff";
    let parts = [
        ("recordType", "Ticket"),
        ("recordId", &id),
        ("Title", "Reference document"),
        ("privateFlag", "true"),
    ];
    let response = upload(&mut caller, &parts, Some(("a.bin", content)));
    assert_eq!(response.status, 201, "{}", response.value());
    let document = response.value();
    assert_eq!(document["title"], "Reference document");
    assert_eq!(document["size"], content.len());
    assert_eq!(document["owner"], "casewire-api");
    assert_eq!(document["publicFlag"], false);
    let list = caller.get(&format!("system/documents?recordType=ticket&recordId={id}"));
    assert_eq!(list[0]["id"], document["id"]);
    assert_eq!(
        caller.get(&format!(
            "system/documents/count?recordType=Ticket&recordId={id}"
        ))["count"],
        1
    );
    let references = caller.get(&format!("service/tickets/{id}/documents"));
    assert_eq!(references[0]["name"], "Reference document");
    let path = format!("system/documents/{}/download", document["id"]);
    let download = caller.send("GET", &path, None);
    assert_eq!(download.body, content);
    assert_eq!(
        download.header_value("content-disposition"),
        Some("attachment; filename=\"a.bin\"")
    );
    let digest = caller.psa.document_digest(1).unwrap();
    assert_eq!(digest.len(), 64);
    assert_eq!(
        caller.send("DELETE", "system/documents/1", None).status,
        204
    );
    assert_eq!(caller.send("GET", &path, None).status, 404);
}

#[test]
fn what_cannot_be_uploaded_is_refused() {
    let mut caller = Caller::new();
    let id = caller.ticket(json!({})).to_string();
    let json_body = json!({"recordType": "Ticket", "recordId": 909});
    assert_eq!(
        caller
            .send("POST", "system/documents", Some(&json_body))
            .status,
        415
    );
    let ticket = [("recordType", "Ticket"), ("recordId", id.as_str())];
    let whole: Option<(&str, &[u8])> = Some(("a.txt", b"x"));
    for (parts, file, field) in [
        (&ticket[..1], whole, "recordId"),
        (&ticket[1..], whole, "recordType"),
        (&ticket[..], None, "file"),
        (&ticket[..], Some(("virus.EXE", &b"x"[..])), "file"),
        (
            &[("recordType", "Ticket"), ("recordId", "1")][..],
            whole,
            "recordId",
        ),
        (
            &[("recordType", "Poem"), ("recordId", "1")][..],
            whole,
            "recordType",
        ),
    ] {
        let response = upload(&mut caller, parts, file);
        assert_eq!(response.status, 400);
        assert_eq!(response.value()["errors"][0]["field"], field);
    }
    caller.psa.settings.document_limit = 10;
    let response = upload(&mut caller, &ticket, Some(("a.txt", &[b'x'; 11])));
    assert_eq!(response.status, 413);
    let list = caller.send("GET", "system/documents?recordType=Ticket", None);
    assert_eq!(list.status, 400);
}

#[test]
fn beyond_the_bytes_kept_only_the_digest_is_known() {
    let mut caller = Caller::new();
    caller.psa.settings.document_bytes_kept = 5;
    let id = caller.ticket(json!({})).to_string();
    let parts = [("recordType", "Ticket"), ("recordId", id.as_str())];
    for content in [&b"12345"[..], b"6"] {
        assert_eq!(
            upload(&mut caller, &parts, Some(("a.txt", content))).status,
            201
        );
    }
    assert_eq!(
        caller
            .send("GET", "system/documents/1/download", None)
            .status,
        200
    );
    assert_eq!(
        caller
            .send("GET", "system/documents/2/download", None)
            .status,
        404
    );
    assert!(caller.psa.document_digest(2).is_some());
    let raw: Vec<Value> = caller.psa.raw("documents").unwrap();
    assert_eq!(raw[1]["~recordId"], 909);
}
