//! Many companies and configurations, for imports.

use serde_json::json;

use super::Psa;
use super::companies::{company, configuration, contact};

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
    /// distinct MAC addresses spread over them. The same calls add the same records.
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
            contact(self, id, "Office", &identifier, &email, true);
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
            configuration(self, company, &format!("HOST-{number:06}"), 2, &fields);
        }
    }
}

fn mac_tail(number: usize) -> [u8; 6] {
    let [_, _, tail @ ..] = u64::try_from(number).unwrap_or(u64::MAX).to_be_bytes();
    tail
}
