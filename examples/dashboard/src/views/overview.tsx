import { lazy, Suspense } from 'preact/compat';
import { useMemo, useState } from 'preact/hooks';
import { type Health, health } from '../api';
import { useApi } from '../app';
import { useBacklog, useChanges } from '../changes';
import { type Days, FIGURES, type FigureKey, type Wellbeing, figureOf, figureOfFeed, wellbeingOf } from '../figures';
import { useLoad, useSoon } from '../hooks';
import { Badge, Choice, Problem, type Tone, sentence } from '../parts/basics';
import { count, title, when } from '../words';

const Chart = lazy(() => import('../parts/chart'));
const SPANS: ['1' | '7' | '30', string][] = [['1', 'Day'], ['7', 'Week'], ['30', 'Month']];

/** How it goes: what waits, which ways work, and what happened over a chosen time. */
export default function Overview() {
  const api = useApi();
  const state = useLoad(async () => {
    const [shown, tasks, wellbeing] = await Promise.all([health(), api.command({ command: 'due_tasks' }, 'schedule'), wellbeingOf(api)]);
    return { health: shown, tasks: tasks.tasks, wellbeing };
  }, [api.instance]);
  const soon = useSoon(state.reload, 1_000);
  const { changes, live } = useChanges(soon);
  useBacklog(soon);
  const own = state.value?.health.instances[api.instance];
  return (
    <>
      <Problem error={state.error} />
      <HealthNotice health={state.value?.health} instance={api.instance} live={live} />
      <ul class="figures" aria-label="What waits">
        {([['waiting', 'Under way'], ['retrying', 'Retrying'], ['failed', 'Failed'], ['held', 'Held']] as const).map(([key, name]) => (
          <li class={key === 'failed' && own?.failed ? 'bad' : key !== 'waiting' && own?.[key] ? 'warn' : ''}>
            <a href="#/tickets"><b>{own ? count(own[key]) : '–'}</b><span>{name}</span></a>
          </li>
        ))}
      </ul>
      {(!state.value || state.value.wellbeing) && <Doing wellbeing={state.value?.wellbeing} />}
      <Activity changes={changes} />
      <section class="card" aria-labelledby="tasks-title">
        <h2 id="tasks-title">What is repeated</h2>
        <table class="plain-table tasks">
          <thead><tr><th scope="col">Task</th><th scope="col">Every</th><th scope="col">Last</th><th scope="col">Next</th></tr></thead>
          <tbody>
            {state.value?.tasks.map((task) => (
              <tr><th scope="row">{title(task.task)}</th><td>{task.every}</td><td>{when(task.last) || '–'}</td><td>{task.now ? 'now' : when(task.at)}</td></tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

function HealthNotice({ health: shown, instance, live }: { health: Health | undefined; instance: string; live: boolean }) {
  const tone = !shown ? '' : shown.status === 'ready' ? 'good' : shown.status === 'degraded' ? 'warn' : 'bad';
  const words = { ready: 'Cases are taken in and worked on', degraded: 'Cases are taken in, but not all works', down: 'No cases are taken in' };
  const own = shown?.instances[instance];
  return (
    <section class={`notice ${tone}`} aria-label="Health" aria-busy={!shown}>
      <p>
        {shown && tone ? <Badge tone={tone}>{words[shown.status]}</Badge> : 'Loading …'}
        <span class="muted">
          {shown && (own?.last_success ? `ConnectWise last answered ${when(own.last_success)}. ` : 'ConnectWise was not asked yet. ')}
          {own && (own.inbound.length > 0 ? `Changes come by ${own.inbound.join(' and ')}.` : 'No way back from ConnectWise is switched on.')}
          {!live && ' This page does not hear the service.'}
        </span>
      </p>
      {shown?.reasons.map((reason) => <p>{sentence(reason.message)}</p>)}
    </section>
  );
}

/** The ways back from ConnectWise, the budget for requests, and what should be seen to. */
function Doing({ wellbeing }: { wellbeing: Wellbeing | undefined }) {
  return (
    <section class="card doing" aria-labelledby="doing-title" aria-busy={!wellbeing}>
      <h2 id="doing-title">With ConnectWise</h2>
      {wellbeing && <Ways wellbeing={wellbeing} />}
    </section>
  );
}

function Ways({ wellbeing: { findings, inbound, budget } }: { wellbeing: Wellbeing }) {
  const tones = { error: 'bad', warning: 'warn', info: 'info' } as const;
  const ways: Record<string, Tone> = { works: 'good', waiting: 'info', stalled: 'bad', off: 'plain' };
  return (
    <>
      <dl class="facts">
        {(['callbacks', 'polling'] as const).map((way) => (
          <div>
            <dt>{title(way)}</dt>
            <dd><Badge tone={ways[inbound[way].state] ?? 'plain'}>{title(inbound[way].state)}</Badge> {inbound[way].last && <span class="muted">{when(inbound[way].last)}</span>}</dd>
          </div>
        ))}
        <div><dt>Requests under way</dt><dd>{budget.under_way} of {budget.allowed}{budget.allowed < budget.concurrency ? `, slowed down from ${budget.concurrency}` : ''}</dd></div>
        <div><dt>Requests a minute</dt><dd>at most {count(budget.requests_per_minute)}{budget.paused_until ? `; paused until ${when(budget.paused_until)}` : ''}</dd></div>
      </dl>
      <ul class="parts">
        {findings.map((finding) => (
          <li><Badge tone={tones[finding.severity]}>{title(finding.severity)}</Badge><span>{sentence(finding.message)} <span class="fix">{sentence(finding.fix)}</span></span></li>
        ))}
      </ul>
    </>
  );
}

/** The vendor guide's dashboards over a chosen time. */
function Activity({ changes }: { changes: import('../api').Change[] }) {
  const api = useApi();
  const [span, setSpan] = useState<'1' | '7' | '30'>('7');
  const [key, setKey] = useState<FigureKey>('all_activities');
  const days = Number(span) as Days;
  const counted = useLoad(() => figureOf(api, key, days), [api.instance, key, days, changes.length]);
  const ofFeed = useMemo(() => figureOfFeed(changes, days), [changes, days]);
  const logged = counted.value !== undefined;
  const figure = counted.value ?? (key === 'all_activities' ? ofFeed : undefined);
  const name = FIGURES.find(([one]) => one === key)?.[1] ?? '';
  return (
    <section class="card" aria-labelledby="activity-title">
      <header>
        <h2 id="activity-title">What happened</h2>
        <div class="tools">
          <label class="inline">
            <span class="unseen">Figure</span>
            <select value={key} onChange={(event) => setKey(event.currentTarget.value as FigureKey)}>
              {FIGURES.map(([one, text]) => <option value={one} disabled={!logged && one !== 'all_activities'}>{text}</option>)}
            </select>
          </label>
          <Choice label="Time" value={span} options={SPANS} onChange={setSpan} />
        </div>
      </header>
      <Problem error={counted.error} />
      <div class="activity">
        <Suspense fallback={<div class="chart" />}>{figure ? <Chart label={name} figure={figure} /> : <div class="chart" />}</Suspense>
        <table class="plain-table">
          <thead><tr><th scope="col">{name}</th><th scope="col" class="number">Times</th></tr></thead>
          <tbody>
            {figure?.series.slice(0, 8).map(({ label, total }, index) => (
              <tr><th scope="row"><span class={`key key-${Math.min(index, 4) + 1}`} aria-hidden="true" />{label || 'Not known'}</th><td class="number">{count(total)}</td></tr>
            ))}
            {figure?.total === 0 && <tr><td colSpan={2}>Nothing happened in this time.</td></tr>}
          </tbody>
        </table>
      </div>
    </section>
  );
}
