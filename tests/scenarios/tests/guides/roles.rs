//! The security roles that guides 001, 002 and 004 tell an administrator to make, right by right: what the check finds
//! missing in each, and that with it everything works. Rights of which nothing in casewire makes use (Service Ticket -
//! Dependencies, Resource Scheduling, My Account, My Company) the simulated instance does not know.

use crate::{asked, case, document, read, run, seen, send, step, to_big_design};
use casewire::{Case, CaseResult, Code, Command, Config, Outcome, Preset};
use casewire_scenarios::{SeenTicket, World, arctic_wolf, heimdal};
use casewire_simulator::{
    Level::{self, Add, Delete, Edit, Inquire},
    Module::{
        self, CloseServiceTickets, CompanyMaintenance, ManageAttachments, MemberMaintenance,
        ServiceTickets, SystemTableSetup,
    },
    Role,
};
use serde_json::{Value, json};

type Right = (Module, &'static [Level]);

/// A guide's table, and what the check finds missing in it.
const TABLES: [(Preset, &[Right], &[&str]); 3] = [
    (
        Preset::Netwrix,
        &[
            (SystemTableSetup, &[Inquire]),
            (CompanyMaintenance, &[Add, Inquire]),
            (ManageAttachments, &[Add, Inquire]),
            (ServiceTickets, &[Add, Inquire]),
        ],
        &[
            "Companies > Contacts > Inquire Level to All",
            "System > Member Maintenance > Inquire Level to All",
            "Service Desk > Service Tickets > Edit Level to All",
            "Service Desk > Close Service Tickets > Edit Level to All",
        ],
    ),
    (
        Preset::ArcticWolf,
        &[
            (CompanyMaintenance, &[Inquire]),
            (ManageAttachments, &[Add, Inquire]),
            (CloseServiceTickets, &[Add, Edit, Inquire]),
            (ServiceTickets, &[Add, Edit, Inquire]),
            (SystemTableSetup, &[Inquire]),
        ],
        &[
            "Companies > Contacts > Inquire Level to All",
            "System > Member Maintenance > Inquire Level to All",
        ],
    ),
    (
        Preset::Heimdal,
        &[
            (CompanyMaintenance, &[Inquire]),
            (CloseServiceTickets, &[Add, Edit, Inquire]),
            (ServiceTickets, &[Add, Edit, Delete, Inquire]),
            (MemberMaintenance, &[Inquire]),
            (SystemTableSetup, &[Add, Edit, Inquire]),
        ],
        &[
            "Companies > Contacts > Inquire Level to All",
            "Companies > Manage Attachments > Add and Inquire Level to All",
        ],
    ),
];

fn role(rights: &[Right]) -> Role {
    let mut role = Role::default();
    for module in Module::ALL {
        for level in [Add, Edit, Delete, Inquire] {
            role.revoke(module, level);
        }
    }
    for (module, levels) in rights {
        for level in *levels {
            role.grant(*module, *level);
        }
    }
    role
}

/// The rights that the check, test ticket included, finds missing, as it tells an administrator to set them.
fn missing(world: &mut World, config: &Config) -> Vec<String> {
    let check = asked(json!({ "command": "preflight", "write_probe": {} }));
    let Ok(Outcome::Preflight(report)) = run(world, config, check).0 else {
        panic!()
    };
    for finding in &report.findings {
        println!(
            "  {:?} {:?} {} -> {}",
            finding.severity, finding.code, finding.message, finding.fix
        );
    }
    let findings = report.findings.into_iter();
    let rights = findings.filter(|finding| finding.code == Code::MissingRight);
    rights.map(|finding| finding.fix).collect()
}

fn granted(role: &mut Role, fix: &str) {
    let right = fix.strip_prefix("In System > Security Roles set ").unwrap();
    let parts: Vec<&str> = right.split(" > ").collect();
    let module = match parts[1] {
        "Contacts" => Module::Contacts,
        "Member Maintenance" => MemberMaintenance,
        "Service Tickets" => ServiceTickets,
        "Close Service Tickets" => CloseServiceTickets,
        "Manage Attachments" => ManageAttachments,
        other => panic!("{other}"),
    };
    for level in parts[2]
        .strip_suffix(" Level to All")
        .unwrap()
        .split(" and ")
    {
        let level = match level {
            "Add" => Add,
            "Edit" => Edit,
            "Inquire" => Inquire,
            other => panic!("{other}"),
        };
        role.grant(module, level);
    }
}

/// A case with a comment and a file, as the preset's host would hand it over.
fn whole(preset: Preset, status: &str) -> Case {
    let change = |c: &mut Value| {
        c["status"] = json!(status);
        c["system"] = Value::Null;
        c["user"] = json!({ "name": "Patrick Love", "email": "patrick.love@bigdesign.com" });
        c["comments"] = json!([
            { "id": "c-1", "text": "reviewing", "visibility": "discussion", "created_at": "2019-02-11T01:09:54Z" },
        ]);
        c["attachments"] =
            json!([{ "id": "a-1", "file_name": "log.txt", "size": 4, "token": "log.txt" }]);
    };
    if preset == Preset::Heimdal {
        heimdal::case("n-1", "operations", "cpu", change)
    } else {
        case("n-1", change)
    }
}

#[test]
fn what_each_guide_s_role_lacks_is_found_and_with_it_a_case_goes_its_whole_way() {
    for (preset, rights, lacks) in TABLES {
        step(preset.name());
        let mut world = World::new(1);
        world.files.insert("log.txt".to_owned(), b"1102".to_vec());
        let config = read(&document(preset, to_big_design));
        world.psa.settings.api_members[0].role = role(rights);
        if preset == Preset::ArcticWolf {
            arctic_wolf::make_status(&mut world);
        }
        if preset == Preset::Heimdal {
            step("guide 004 2.2.5: Table Setup with Add and Edit makes the boards");
            let plan = run(&mut world, &config, Command::PlanProvision).0.unwrap();
            let Outcome::ProvisionPlan(plan) = plan else {
                panic!()
            };
            let plan = Box::new(plan);
            let apply = Command::ApplyProvision { plan };
            let made = run(&mut world, &config, apply).0.unwrap();
            let whole = matches!(made, Outcome::Provisioned(report) if report.remaining.is_empty());
            assert!(whole);
        }
        let found = missing(&mut world, &config);
        let named: Vec<&str> = found
            .iter()
            .map(|fix| fix.split_once(" > Security Roles set ").unwrap().1)
            .collect();
        assert_eq!(named, lacks, "{}", preset.name());

        step("  with what was named a case is opened, commented, given a file and closed");
        for fix in &found {
            granted(&mut world.psa.settings.api_members[0].role, fix);
        }
        assert_eq!(missing(&mut world, &config), Vec::<String>::new());
        let open = if preset == Preset::Netwrix {
            "new"
        } else {
            "open"
        };
        for (status, result) in [(open, CaseResult::Opened), ("closed", CaseResult::Closed)] {
            let outcome = send(&mut world, &config, whole(preset, status)).unwrap();
            assert_eq!((outcome.outcome, &outcome.warnings[..]), (result, &[][..]));
        }
        let ticket = seen_as_administrator(&mut world);
        assert!(
            ticket.closed && ticket.documents == ["log.txt"],
            "{ticket:#?}"
        );
    }
}

/// The case's ticket; whoever looks has every right.
fn seen_as_administrator(world: &mut World) -> SeenTicket {
    world.psa.settings.api_members[0].role = Role::default();
    seen(world, "n-1")
}
