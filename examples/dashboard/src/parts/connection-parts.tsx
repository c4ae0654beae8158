import type { ConnectionReport } from 'casewire/host';
import { title } from '../words';
import { Badge, type Tone, sentence } from './basics';

const TONES: Record<string, Tone> = { ok: 'good', failed: 'bad', unknown: 'warn' };

const NAMES: Record<string, string> = { tls: 'TLS', company: 'Company id', version: 'Release' };

/** What a test found, part by part, in the order in which it was tested. */
export function ConnectionParts({ report }: { report: ConnectionReport }) {
  return (
    <div class="report">
      <p class={`verdict ${report.ok ? 'good' : 'bad'}`} role="status">
        <Badge tone={report.ok ? 'good' : 'bad'}>{report.ok ? 'The connection works' : 'The connection does not work'}</Badge>
        {report.version && <span class="muted">ConnectWise {report.version}{report.is_cloud ? ', cloud' : ''}</span>}
      </p>
      <ul class="parts">
        {report.parts.map((part) => (
          <li class={part.state}>
            <Badge tone={TONES[part.state] ?? 'plain'}>{NAMES[part.part] ?? title(part.part)}</Badge>
            <span>
              {sentence(part.message)}
              {part.fix && <span class="fix"> {sentence(part.fix)}</span>}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
