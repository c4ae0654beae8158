import type { ConnectionReport, PreflightReport } from 'casewire/host';
import { useState } from 'preact/hooks';
import { useApi } from '../app';
import { useDraft } from '../configuration';
import { useAct } from '../hooks';
import { Badge, Button, Field, Problem, Said, sentence } from '../parts/basics';
import { ConnectionParts } from '../parts/connection-parts';
import { fromNow, onDay } from '../words';

const FIELDS = [
  { key: 'site', label: 'Site', hint: 'The address of the API, such as https://api-na.myconnectwise.net', type: 'url' },
  { key: 'company_id', label: 'Company id', hint: 'As on the login page of ConnectWise', type: 'text' },
  { key: 'client_id', label: 'Client id', hint: 'A GUID from developer.connectwise.com', type: 'text' },
  { key: 'credential_expiry', label: 'Keys end on', hint: 'The day that you set in ConnectWise; an event warns before', type: 'date' },
] as const;

export function Connection() {
  const api = useApi();
  const draft = useDraft();
  const test = useAct();
  const check = useAct();
  const [tested, setTested] = useState<{ of: string; report: ConnectionReport }>();
  const [preflight, setPreflight] = useState<PreflightReport>();
  const { document } = draft;
  if (!document) return draft.error ? <Problem error={draft.error} /> : <p class="loading" role="status">Loading …</p>;
  const now = JSON.stringify(document.connection);
  const report = tested?.of === now ? tested.report : undefined;
  const run = () =>
    test.run(async () => {
      setTested(undefined);
      setTested({ of: now, report: await api.testConnection(document.connection) });
    });
  const expiry = document.connection.credential_expiry;
  return (
    <div class="columns">
      <section class="card" aria-labelledby="connection-title">
        <h2 id="connection-title">Where ConnectWise is</h2>
        <p class="muted">
          The keys of the API member stay with the service, which adds them to each request. They are never in this page.
        </p>
        <form onSubmit={(event) => (event.preventDefault(), void run())}>
          {FIELDS.map(({ key, label, hint, type }) => (
            <Field label={label} hint={hint} fault={draft.faults.find(({ pointer }) => pointer === `/connection/${key}`)}>
              {(id, described) => (
                <input
                  id={id}
                  type={type}
                  spellcheck={false}
                  autocomplete="off"
                  aria-describedby={described}
                  value={document.connection[key] ?? ''}
                  onInput={(event) => {
                    const text = event.currentTarget.value;
                    draft.edit(({ connection }) => (text || key === 'site' || key === 'company_id' ? (connection[key] = text) : delete connection[key]));
                  }}
                />
              )}
            </Field>
          ))}
          {expiry && <p class="expiry"><Badge tone="info">The keys end on {onDay(expiry)}, {fromNow(Date.parse(expiry))}</Badge></p>}
          <div class="actions">
            <Button type="submit" {...(!report?.ok && { kind: 'main' as const })} busy={test.busy}>Test connection</Button>
            <Button kind="main" disabled={!draft.changed || !report?.ok} busy={draft.act.busy} onClick={() => void draft.save()}>Save</Button>
            <Button kind="quiet" disabled={!draft.changed} onClick={() => (draft.reset(), setTested(undefined))}>Undo changes</Button>
          </div>
          <p class="hint">{draft.changed && !report?.ok ? 'Saving takes a passed test of what stands here now.' : ''}</p>
          <Said act={draft.act} />
          <Problem error={test.error} />
        </form>
        {report && <ConnectionParts report={report} />}
      </section>
      <section class="card" aria-labelledby="preflight-title">
        <h2 id="preflight-title">Everything before the first ticket</h2>
        <p class="muted">Looks at what is saved: rights, boards, statuses, companies, texts. It only reads.</p>
        <div class="actions">
          <Button busy={check.busy} onClick={() => void check.run(async () => setPreflight(await api.command({ command: 'preflight' }, 'preflight')))}>Check everything</Button>
        </div>
        <Problem error={check.error} />
        {check.busy && <p class="loading" role="status">Reading the instance …</p>}
        {preflight && <Findings report={preflight} />}
      </section>
    </div>
  );
}

function Findings({ report }: { report: PreflightReport }) {
  const tones = { error: 'bad', warning: 'warn', info: 'info' } as const;
  return (
    <div class="report">
      <p class="verdict" role="status">
        <Badge tone={report.ok ? 'good' : 'bad'}>{report.ok ? 'Ready for tickets' : 'Not ready for tickets'}</Badge>
      </p>
      <ul class="parts">
        {report.findings.map((finding) => (
          <li>
            <Badge tone={tones[finding.severity]}>{finding.severity}</Badge>
            <span>
              {finding.pointer && <code>{finding.pointer}</code>} {sentence(finding.message)} <span class="fix">{sentence(finding.fix)}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

export default Connection;
