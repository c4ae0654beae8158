//! Devices → configurations (rows D1 and D2; guide 003, "CMDB Outbound Integration").

use super::due_tasks::due_tasks;
use crate::{
    devices::{Device, DevicePlan, DevicesReport, check},
    effect::Batch,
    environment::Environment,
    error::{Code, Error, Result},
    runtime::Context,
    schedule::{Schedule, Task},
    settings::DeviceRules,
    store::{records::TaskRun, session},
};

mod reading;
mod run;

pub(super) use reading::tables;
use reading::{Intents, Reading};
use run::Run;

/// How often other connectors may get in first before it is called a fault.
const ROUNDS: u32 = 16;

/// How often devices are gone through again after answers that were lost.
const TRIES: u32 = 3;

/// Says what the devices would become. Nothing but reads is sent.
///
/// # Errors
///
/// Faults of the list, and of the configuration against the instance, all at once; what reading failed with.
pub(crate) async fn preview_devices(
    cx: &Context,
    env: &Environment,
    devices: &[Device],
) -> Result<DevicePlan> {
    let rules = rules(env)?;
    check(devices)?;
    let reading = Reading::of(cx, env, rules, devices, Intents::Ignored).await?;
    Ok(reading
        .steps(cx, env, rules, devices)
        .await?
        .shown(rules.max_devices))
}

/// Makes the configurations that are missing, each once, and changes in the others what differs.
///
/// # Errors
///
/// As [`preview_devices`]; [`Code::SwitchedOff`]; what the store or ConnectWise failed with. What was done until then stays, and
/// the next run goes on from there.
pub(crate) async fn send_devices(
    cx: &Context,
    env: &Environment,
    devices: &[Device],
) -> Result<DevicesReport> {
    let rules = rules(env)?;
    if !env.settings.config().policies.devices_outbound.enabled {
        return Err(Error::new(
            Code::SwitchedOff,
            "devices are not sent while the policy is off. Set policies.devices_outbound.enabled to true",
        ));
    }
    env.stands()?;
    check(devices)?;
    let _turn = cx.lock("devices").await;
    let mut run = Run::new(cx, env, rules, devices);
    let (mut tries, mut conflicts) = (0, 0);
    loop {
        match run.go_through().await {
            Ok(None) => break,
            Ok(Some(lost)) if tries >= TRIES => return Err(lost),
            Ok(Some(_)) => tries += 1,
            Err(error) if error.code == Code::StoreConflict && conflicts < ROUNDS => {
                cx.sleep_until(cx.now().after(cx.backoff(conflicts) / 8))
                    .await;
                conflicts += 1;
            }
            Err(error) => return Err(error),
        }
    }
    remember(cx, env).await?;
    Ok(run.report())
}

/// Takes note that a discovery has finished: devices are due where the configuration says so.
pub(crate) async fn devices_discovered(cx: &Context, env: &Environment) -> Result<Schedule> {
    let config = env.settings.config();
    let after = config
        .devices
        .as_ref()
        .is_some_and(|devices| devices.after_discovery);
    if after && config.policies.devices_outbound.enabled {
        let mut batch = Batch::default();
        let wanted = TaskRun {
            at: cx.now(),
            reason: "a discovery has finished".to_owned(),
        };
        batch.put_record(env.keys.wanted(Task::SendDevices), &wanted)?;
        session::commit(cx, batch).await?;
    }
    due_tasks(cx, env).await
}

/// Notes that the task ran; what asked for it before its time is done with.
async fn remember(cx: &Context, env: &Environment) -> Result<()> {
    let mut batch = Batch::default();
    let run = TaskRun {
        at: cx.now(),
        reason: String::new(),
    };
    batch.put_record(env.keys.run(Task::SendDevices), &run)?;
    batch.delete.push(env.keys.wanted(Task::SendDevices));
    session::commit(cx, batch).await.map(|_| ())
}

fn rules(env: &Environment) -> Result<&DeviceRules> {
    env.settings.devices.as_ref().ok_or_else(|| {
        Error::new(
            Code::MissingKey,
            "the configuration has no section 'devices': it says what is written into which column",
        )
    })
}
