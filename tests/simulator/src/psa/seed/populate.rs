//! Many companies and configurations, for imports.

use serde_json::{Value, json};

use super::Psa;
use super::companies::{company, configuration, contact};
use crate::clock;
use crate::table::Table;

const TRADES: [&str; 8] = [
    "Dental",
    "Logistics",
    "Legal",
    "Foods",
    "Motors",
    "Clinic",
    "Press",
    "Works",
];
const PLACES: [&str; 8] = [
    "Bayside", "Harbor", "Summit", "Cedar", "Granite", "Lakeview", "Orchard", "Prairie",
];

impl Psa {
    /// Adds generated companies, each with a site and a default contact, and configurations with
    /// distinct MAC addresses spread over them. Each kind changed last an hour after the one before
    /// it, the last one now. The same calls add the same records.
    pub fn populate(&mut self, companies: usize, configurations: usize) {
        let mut ids = Vec::with_capacity(companies);
        for number in 0..companies {
            let place = PLACES.get(number % PLACES.len()).copied().unwrap_or("Bay");
            let trade = TRADES
                .get(number / PLACES.len() % TRADES.len())
                .copied()
                .unwrap_or("Works");
            let identifier = format!("{place}{trade}{number}");
            let name = format!("{place} {trade} {number}");
            let id = company(self, &identifier, &name, &json!({}));
            let email = format!("office@{}.example", identifier.to_lowercase());
            let contact = contact(self, id, "Office", &identifier, &email, true);
            let hours = companies - number - 1;
            self.changed_hours_ago(Table::Company, id, hours);
            self.changed_hours_ago(Table::Contact, contact, hours);
            ids.push(id);
        }
        for number in 0..configurations {
            let Some(company) = ids.get(number % ids.len().max(1)).copied() else {
                return;
            };
            let [_, _, a, b, c, d] = mac_tail(number);
            let fields = json!({
                "macAddress": format!("06:00:{a:02X}:{b:02X}:{c:02X}:{d:02X}"),
                "serialNumber": format!("SN{number:08}"),
                "deviceIdentifier": format!("device-{number}"),
                "ipAddress": format!("10.{b}.{c}.{d}"),
                "osType": "Windows 11",
            });
            let id = configuration(self, company, &format!("HOST-{number:06}"), 2, &fields);
            self.changed_hours_ago(Table::Configuration, id, configurations - number - 1);
        }
    }

    fn changed_hours_ago(&mut self, table: Table, id: i64, hours: usize) {
        let hours = i64::try_from(hours).unwrap_or(i64::MAX);
        let time = clock::stamp(self.now_ms - hours.saturating_mul(3_600_000));
        let info = self
            .store
            .get_mut(table, id)
            .and_then(|record| record.get_mut("_info"));
        if let Some(Value::Object(info)) = info {
            info.insert("lastUpdated".to_owned(), json!(time));
        }
    }
}

fn mac_tail(number: usize) -> [u8; 6] {
    let [_, _, tail @ ..] = u64::try_from(number).unwrap_or(u64::MAX).to_be_bytes();
    tail
}
