import type { Preview } from 'casewire/host';
import { plural } from '../words';
import { Badge, FaultList, type Tone, sentence } from './basics';

const OUTCOMES: Record<Preview['outcome'], [Tone, string]> = {
  ticket: ['good', 'A ticket would be opened'],
  held: ['warn', 'The case would wait'],
  ignored: ['plain', 'No ticket'],
  refused: ['bad', 'The case would be refused'],
};

type Ticket = NonNullable<Preview['ticket']>;
type PlannedField = Ticket['fields'][number];
interface Explained { index: number; route: string; matched: boolean; reason: string }

/** Texts of the ticket, which stand below its fields as in ConnectWise. */
const TEXTS: Record<string, string> = { initialDescription: 'Description', initialInternalAnalysis: 'Internal analysis', initialResolution: 'Resolution' };

export function PreviewResult({ preview, live }: { preview: Preview; live: boolean }) {
  const [tone, words] = OUTCOMES[preview.outcome];
  const routes = preview.routes as Explained[];
  const used = routes.find(({ matched }) => matched);
  return (
    <div class="preview-result">
      <p class="verdict" role="status">
        <Badge tone={tone}>{words}</Badge>
        <span class="muted">{live ? 'with what ConnectWise says now' : 'decided in this page'}</span>
      </p>
      <p>{sentence(preview.reason)}</p>
      <FaultList faults={preview.faults ?? []} />
      {preview.ticket && <TicketCard ticket={preview.ticket} />}
      <h3>Routes</h3>
      <ol class="routes">
        {routes.map((route) => (
          <li class={route === used ? 'used' : ''}>
            <Badge tone={route === used ? 'good' : 'plain'}>{route.route}</Badge>
            <span>{route === used ? 'used' : route.matched ? 'would match, but an earlier one does' : 'does not match'}: {route.reason}</span>
          </li>
        ))}
      </ol>
      {preview.lookups && preview.lookups.length > 0 && (
        <>
          <h3>Looked up by a real run</h3>
          <ul class="lines">{preview.lookups.map((lookup) => <li>{lookup}</li>)}</ul>
        </>
      )}
      <details>
        <summary>{plural(preview.calls.length, 'request')} to ConnectWise</summary>
        <ol class="calls">
          {preview.calls.map((call) => <li><code>{call.method} {call.path}</code> {call.why}</li>)}
        </ol>
      </details>
    </div>
  );
}

function TicketCard({ ticket }: { ticket: Ticket }) {
  const summary = ticket.fields.find(({ field }) => field === 'summary');
  const texts = ticket.fields.filter(({ field }) => field in TEXTS);
  const rest = ticket.fields.filter((field) => field !== summary && !texts.includes(field));
  return (
    <article class="ticket" aria-label="The ticket as ConnectWise shows it">
      <header>
        <span class="ticket-number">Service ticket, new</span>
        <h3>{summary ? textOf(summary) : ''}</h3>
        {summary && <Why reason={summary.reason} of="summary" />}
      </header>
      <dl class="ticket-fields">
        {rest.map((field) => (
          <div>
            <dt>{labelOf(field.field)}</dt>
            <dd>
              <span>{textOf(field)}</span>
              <Why reason={field.reason} of={labelOf(field.field)} />
            </dd>
          </div>
        ))}
      </dl>
      {texts.map((field) => (
        <section>
          <h4>{TEXTS[field.field]}</h4>
          <pre>{textOf(field)}</pre>
          <Why reason={field.reason} of={TEXTS[field.field] ?? ''} />
        </section>
      ))}
      {ticket.notes.length > 0 && (
        <section>
          <h4>Notes</h4>
          {ticket.notes.map((note) => (
            <div class="note"><Badge tone="info">{note.kind}</Badge><pre>{note.text}</pre></div>
          ))}
        </section>
      )}
      {ticket.documents.length > 0 && (
        <section>
          <h4>Documents</h4>
          <ul class="lines">{ticket.documents.map((document) => <li>{document.title} ({document.file_name})</li>)}</ul>
        </section>
      )}
      {ticket.left_out && ticket.left_out.length > 0 && (
        <section>
          <h4>Left out</h4>
          <ul class="lines">{ticket.left_out.map((one) => <li>{one.what} {one.id}: {one.reason}</li>)}</ul>
        </section>
      )}
    </article>
  );
}

/** The reason for a field, on demand. */
function Why({ reason, of }: { reason: string; of: string }) {
  return (
    <details class="why">
      <summary>Why<span class="unseen"> this {of}</span></summary>
      <p>{sentence(reason)}</p>
    </details>
  );
}

function textOf({ shown, value }: PlannedField): string {
  if (shown !== undefined) return shown;
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((one) => (one?.caption === undefined ? JSON.stringify(one) : `${one.caption}: ${one.value}`)).join(', ');
  const { name, identifier } = (value ?? {}) as { name?: string; identifier?: string };
  return name ?? identifier ?? JSON.stringify(value);
}

/** Names of ConnectWise's fields that are not made of their words. */
const LABELS: Record<string, string> = { subType: 'Subtype', poNumber: 'PO number', externalXRef: 'External reference' };

/** `customFields` as `Custom fields`. */
function labelOf(field: string): string {
  if (LABELS[field]) return LABELS[field];
  const words = field.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
