import type { ComponentChildren } from 'preact';
import { ApiError, type Fault } from '../api';
import type { Act } from '../hooks';

export type Tone = 'good' | 'bad' | 'warn' | 'plain' | 'info';
const MARKS: Record<Tone, string> = { good: '✓', bad: '✕', warn: '!', plain: '·', info: 'i' };

/** A state in words, with a mark and a colour that say the same. */
export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return (
    <span class={`badge ${tone}`}>
      <span class="badge-mark" aria-hidden="true">{MARKS[tone]}</span>
      <span class="badge-text">{children}</span>
    </span>
  );
}

export function Button(props: {
  children: ComponentChildren;
  onClick?: () => void;
  kind?: 'main' | 'quiet' | 'danger';
  type?: 'button' | 'submit';
  disabled?: boolean;
  busy?: boolean;
  label?: string;
}) {
  const { children, onClick, kind, type = 'button', disabled, busy, label } = props;
  return (
    <button type={type} class={`button ${kind ?? ''}`} onClick={onClick} disabled={disabled || busy} aria-busy={busy} aria-label={label}>
      {children}
    </button>
  );
}

/** What went wrong, with every fault and its fix. */
export function Problem({ error, action }: { error: Error | undefined; action?: ComponentChildren }) {
  if (!error) return null;
  const faults = error instanceof ApiError ? error.faults : [];
  return (
    <div class="notice bad" role="alert">
      <p><strong>{sentence(error.message.split('\n')[0] ?? '')}</strong></p>
      <FaultList faults={faults} />
      {action}
    </div>
  );
}

export function FaultList({ faults }: { faults: Fault[] }) {
  if (faults.length === 0) return null;
  return (
    <ul class="faults">
      {faults.map((fault) => (
        <li>
          {fault.pointer && <code>{fault.pointer}</code>} {sentence(fault.message)} <span class="fix">{sentence(fault.fix)}</span>
        </li>
      ))}
    </ul>
  );
}

/** What came of an act, for eyes and for screen readers. */
export function Said({ act }: { act: Act }) {
  return (
    <>
      <p class="said" role="status">{act.busy ? 'Working …' : act.said}</p>
      <Problem error={act.error} />
    </>
  );
}

export function sentence(text: string): string {
  const whole = text.trim();
  if (!whole) return '';
  const first = whole.charAt(0).toUpperCase() + whole.slice(1);
  return /[.!?:)]$/.test(first) ? first : `${first}.`;
}

export function Field(props: { label: string; hint?: string; fault?: Fault | undefined; children: (id: string, described: string | undefined) => ComponentChildren }) {
  const id = `field-${props.label.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
  const described = [props.hint && `${id}-hint`, props.fault && `${id}-fault`].filter(Boolean).join(' ') || undefined;
  return (
    <div class={`field ${props.fault ? 'wrong' : ''}`}>
      <label for={id}>{props.label}</label>
      {props.children(id, described)}
      {props.hint && <p class="hint" id={`${id}-hint`}>{props.hint}</p>}
      {props.fault && <p class="fault" id={`${id}-fault`}>{sentence(props.fault.message)} {sentence(props.fault.fix)}</p>}
    </div>
  );
}

export function Search({ label, value, onInput }: { label: string; value: string; onInput: (text: string) => void }) {
  return <input class="search" type="search" aria-label={label} placeholder={label} value={value} onInput={(event) => onInput(event.currentTarget.value)} />;
}

/** Choices of which one holds. */
export function Choice<T extends string>({ label, value, options, onChange }: { label: string; value: T; options: [T, string][]; onChange: (value: T) => void }) {
  return (
    <div class="choice" role="group" aria-label={label}>
      {options.map(([key, text]) => (
        <button type="button" aria-pressed={key === value} onClick={() => onChange(key)}>{text}</button>
      ))}
    </div>
  );
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}
