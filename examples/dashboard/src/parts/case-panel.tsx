import type { Delivery, Preview } from 'casewire/host';
import { useState } from 'preact/hooks';
import type { History, KnownCase } from '../api';
import { useApi } from '../app';
import { type Decided, decisionsOf } from '../figures';
import { useAct, useLoad } from '../hooks';
import { StateBadge } from '../views/tickets';
import { title, when } from '../words';
import { Button, Field, Problem, Said, sentence } from './basics';
import { Dialog } from './dialog';
import { PreviewResult } from './preview-result';

/** A case with its ticket: what waits, what failed, what happened, and why the ticket is as it is. */
export function CasePanel({ id, turn, onChange }: { id: string; turn: unknown; onChange: () => void }) {
  const api = useApi();
  const history = useLoad(async (signal) => {
    const [shown, decided] = await Promise.all([api.history(id, signal), decisionsOf(api, id)]);
    return { ...shown, decided };
  }, [api.instance, id, turn]);
  const act = useAct();
  const [asking, setAsking] = useState<'discard' | 'decisions'>();
  const shown = history.value;
  const after = (work: () => Promise<string>) =>
    act.run(async () => {
      const said = await work();
      history.reload();
      onChange();
      return said;
    });
  return (
    <aside class="card panel" aria-label={`Case ${id}`}>
      <header>
        <h2>Case {shown?.case?.number ?? id}</h2>
        <a class="button quiet" href="#/tickets" aria-label="Close the case">✕</a>
      </header>
      <Problem error={history.error} />
      {!shown && !history.error && <p class="loading" role="status">Loading …</p>}
      {shown && (
        <>
          <p>{shown.case?.title ?? shown.waiting?.title}</p>
          <Facts history={shown} />
          <div class="actions">
            {shown.waiting && shown.waiting.state !== 'held' && (
              <Button kind="main" busy={act.busy} onClick={() => void after(async () => {
                await api.command({ command: 'retry_outbox', case_ids: [id] }, 'outbox_retried');
                return 'It is tried again.';
              })}>Try again now</Button>
            )}
            {shown.link && (
              <Button busy={act.busy} onClick={() => void after(async () => {
                const { ticket_id } = shown.link as { ticket_id: number };
                const { told } = await api.command({ command: 'sync_ticket', ticket: ticket_id }, 'ticket' as never) as unknown as { told: number };
                return told > 0 ? 'The ticket was read again; its case was told what changed.' : 'The ticket was read again; nothing had changed.';
              })}>Read the ticket again</Button>
            )}
            {shown.case && <Button onClick={() => setAsking('decisions')}>Why it is so</Button>}
            {shown.waiting && <Button kind="danger" onClick={() => setAsking('discard')}>Discard …</Button>}
          </div>
          <Said act={act} />
          <Timeline history={shown} />
        </>
      )}
      {asking === 'decisions' && shown?.case && <Decisions theCase={shown.case} onClose={() => setAsking(undefined)} />}
      {asking === 'discard' && (
        <Discard
          id={id}
          onClose={() => setAsking(undefined)}
          onDiscard={(reason) => {
            setAsking(undefined);
            void after(async () => {
              await api.command({ command: 'discard_outbox', case_ids: [id], reason, by: 'dashboard' }, 'outbox_discarded');
              return 'It was taken out; what its ticket holds stays.';
            });
          }}
        />
      )}
    </aside>
  );
}

function Facts({ history: { case: theCase, link, waiting } }: { history: History }) {
  const failure = waiting?.failure;
  return (
    <>
      <p class="verdict"><StateBadge state={waiting?.state ?? (link ? 'in_step' : 'none')} /></p>
      {failure && (
        <div class="notice bad">
          <p><strong>{sentence(failure.message)}</strong></p>
          <p class="muted">
            {failure.code}, try {failure.tries} at {when(failure.at)}. {failure.next_try ? `Next try at ${when(failure.next_try)}.` : 'Another try cannot help before something is mended.'}
          </p>
        </div>
      )}
      {waiting?.reason && <div class="notice warn"><p>{sentence(waiting.reason)}</p></div>}
      <dl class="facts">
        <div><dt>Case is</dt><dd>{title(theCase?.status ?? 'not kept')}</dd></div>
        <div><dt>Severity</dt><dd>{title(theCase?.severity ?? '')}</dd></div>
        <div><dt>Group</dt><dd>{theCase?.group?.name ?? theCase?.group?.id ?? waiting?.group}</dd></div>
        {link && (
          <>
            <div><dt>Ticket</dt><dd>{link.ticket_id}</dd></div>
            <div><dt>Ticket is</dt><dd>{link.status}{link.closed ? ' (closed)' : ''}</dd></div>
            <div><dt>Company</dt><dd>{link.company}</dd></div>
            <div><dt>Board</dt><dd>{link.board}</dd></div>
            <div><dt>Route</dt><dd>{link.route}</dd></div>
            <div><dt>Notes, documents</dt><dd>{link.notes}, {link.documents}{link.refused_documents > 0 ? ` (${link.refused_documents} refused)` : ''}</dd></div>
          </>
        )}
      </dl>
    </>
  );
}

interface Entry {
  at: string;
  what: string;
  more?: string;
  by: 'case' | 'casewire' | 'ticket';
}

function Timeline({ history }: { history: History & { decided: Decided[] } }) {
  const entries: Entry[] = [
    ...(history.case?.created_at ? [{ at: history.case.created_at, what: 'Case begins', by: 'case' as const }] : []),
    ...(history.case?.comments ?? []).map((comment) => ({ at: comment.created_at, what: `Comment${comment.author ? ` by ${comment.author}` : ''}`, more: comment.text ?? '', by: 'case' as const })),
    ...(history.case?.attachments ?? []).map((file) => ({ at: file.created_at ?? '', what: 'Attachment', more: file.title ?? file.file_name, by: 'case' as const })),
    ...history.decided.map(({ at, decisions }) => ({
      at,
      what: 'Decided',
      more: decisions.map(({ what, value, reason }) => `${title(what)}${value ? ` ${value}` : ''}: ${reason}`).join('\n'),
      by: 'casewire' as const,
    })),
    ...history.changes.map(({ delivery }) => ({ at: delivery.at, what: title(delivery.event.event), more: detail(delivery), by: 'ticket' as const })),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return (
    <section aria-label="What happened">
      <h3>What happened</h3>
      <ol class="timeline">
        {entries.map((entry) => (
          <li class={`of-${entry.by}`}>
            <p><b>{entry.what}</b> <span class="by">{entry.by === 'ticket' ? 'ConnectWise' : entry.by}</span> <time dateTime={entry.at}>{when(entry.at)}</time></p>
            {entry.more && <p class="more">{entry.more}</p>}
          </li>
        ))}
      </ol>
      {entries.length === 0 && <p class="empty">Nothing is kept of it any more.</p>}
    </section>
  );
}

function detail({ event, ticket }: Delivery): string {
  const { changes, comment, reason, request } = event as {
    changes?: { field: string; before?: string; after?: string }[];
    comment?: { text: string; author?: string };
    reason?: string;
    request?: { title: string };
  };
  if (changes) return changes.map(({ field, before, after }) => `${title(field)}: ${before ?? 'nothing'} → ${after ?? 'nothing'}`).join('; ');
  if (comment) return `${comment.author ? `${comment.author}: ` : ''}${comment.text}`;
  return reason ?? request?.title ?? (ticket ? `Ticket ${ticket.ticket_id} on ${ticket.board}, ${ticket.status}` : '');
}

function Decisions({ theCase, onClose }: { theCase: KnownCase; onClose: () => void }) {
  const api = useApi();
  const preview = useLoad(() => api.command({ command: 'preview_case', case: theCase }, 'preview'), [theCase.id]);
  return (
    <Dialog title={`Case ${theCase.number ?? theCase.id}: each decision and its reason`} onClose={onClose}>
      <Problem error={preview.error} />
      {!preview.value && !preview.error && <p class="loading" role="status">Deciding …</p>}
      {preview.value && <PreviewResult preview={preview.value as unknown as Preview} live />}
    </Dialog>
  );
}

function Discard({ id, onClose, onDiscard }: { id: string; onClose: () => void; onDiscard: (reason: string) => void }) {
  const [reason, setReason] = useState('');
  return (
    <Dialog title={`Discard what waits of case ${id}`} onClose={onClose}>
      <form onSubmit={(event) => (event.preventDefault(), onDiscard(reason.trim()))}>
        <p>It is not tried again. What its ticket holds already stays.</p>
        <Field label="Why" hint="For the record: 1 to 500 characters">
          {(field, described) => <input id={field} aria-describedby={described} required maxLength={500} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />}
        </Field>
        <div class="actions"><Button type="submit" kind="danger">Discard</Button><Button kind="quiet" onClick={onClose}>Keep it</Button></div>
      </form>
    </Dialog>
  );
}
