import { formatNumber } from '@/lib/format';
import { useTexts, type TextKey } from '@/lib/i18n/text';
import { Badge } from '@/ui/badge';
import type { Effect, Trace, TracedRule } from '../api/trials';
import { ChangeList } from './change-list';
import styles from './trial.module.css';

const outcomes: Record<TracedRule['outcome'], { label: TextKey; color: string }> = {
  ran: { label: 'admin.trace.ran', color: 'green' },
  refused: { label: 'admin.trace.refused', color: 'yellow' },
  failed: { label: 'admin.trace.failed', color: 'red' },
  event: { label: 'admin.trace.event', color: 'gray' },
  fields: { label: 'admin.trace.fields', color: 'gray' },
  condition: { label: 'admin.trace.condition', color: 'gray' },
  off: { label: 'admin.trace.off', color: 'gray' },
  skipped: { label: 'admin.trace.skipped', color: 'gray' },
};

const ends: Record<Trace['outcome'], TextKey> = { accepted: 'admin.trace.accepted', refused: 'admin.trace.isRefused', failed: 'admin.trace.isFailed' };

/** "1–3, 5, 6 (3×)": lines one after the other together, those that were come to more than once with how often. */
export function linesText(lines: readonly { line: number; times: number }[]): string {
  const parts: { from: number; to: number; times: number }[] = [];
  for (const { line, times } of lines) {
    const last = parts.at(-1);
    if (last && last.to === line - 1 && last.times === times) last.to = line;
    else parts.push({ from: line, to: line, times });
  }
  return parts.map(({ from, to, times }) => `${from === to ? from : `${from}–${to}`}${times > 1 ? ` (${times}×)` : ''}`).join(', ');
}

const effects: Record<Effect['kind'], TextKey> = { mail: 'admin.effect.mail', http: 'admin.effect.http', create: 'admin.effect.create', update: 'admin.effect.update', delete: 'admin.effect.delete' };

function Effects({ effects: all }: { effects: readonly Effect[] }) {
  const t = useTexts();
  return (
    <ul className={styles.effects} aria-label={t('admin.effects')}>
      {all.map((effect, index) => (
        <li key={index}>
          <span className={styles.hint}>{t(effects[effect.kind], { target: effect.target })}</span>
          {effect.text ? <pre className={styles.log}>{effect.text}</pre> : null}
        </li>
      ))}
    </ul>
  );
}

function RuleCard({ rule }: { rule: TracedRule }) {
  const t = useTexts();
  const { label, color } = outcomes[rule.outcome];
  const { milliseconds } = rule;
  const didRun = milliseconds !== undefined;
  return (
    <li className={styles.card} style={{ marginInlineStart: `${Math.min(rule.depth, 4)}rem` }}>
      <div className={styles.cardTop}>
        <span className={styles.cardName}>
          {rule.entity ? `${rule.entity}.` : ''}
          {rule.rule}
        </span>
        <Badge color={color} label={t(label)} />
      </div>
      {didRun ? (
        <span className={styles.soft}>
          {t('admin.rule.milliseconds', { count: formatNumber(milliseconds, t.language, { least: 0, most: 2 }) })}
          {rule.statements === undefined ? null : ` · ${t('admin.trace.statements', { count: formatNumber(rule.statements, t.language) })}`}
          {rule.lines && rule.lines.length > 0 ? ` · ${t('admin.trace.lines', { file: rule.file, lines: linesText(rule.lines) })}` : null}
        </span>
      ) : null}
      {rule.effects.length > 0 ? <Effects effects={rule.effects} /> : null}
      {rule.changes.length > 0 ? <ChangeList changes={rule.changes} /> : didRun && !rule.detail && rule.effects.length === 0 ? <span className={styles.soft}>{t('admin.trace.noChanges')}</span> : null}
      {rule.messages.map((message) => (
        <p key={message.message} className={styles.hint}>
          {message.message}
        </p>
      ))}
      {rule.errors.map((error) => (
        <p key={`${error.field} ${error.message}`} className={styles.error}>
          {error.message}
        </p>
      ))}
      {rule.detail ? <p className={styles.error}>{rule.detail}</p> : null}
      {rule.log.length > 0 ? <pre className={styles.log}>{rule.log.map((line) => t('admin.trace.log', { line: line.line, text: line.text })).join('\n')}</pre> : null}
      {rule.inputs && Object.keys(rule.inputs).length > 0 ? (
        <details>
          <summary>{t('admin.trace.inputs')}</summary>
          <pre className={styles.log}>{JSON.stringify(rule.inputs, null, 2)}</pre>
        </details>
      ) : null}
    </li>
  );
}

/** What became of a save that was tried, rule by rule. */
export function TraceResult({ trace }: { trace: Trace }) {
  const t = useTexts();
  return (
    <>
      <p className={trace.outcome === 'accepted' ? styles.hint : styles.error} role="status">
        {t(ends[trace.outcome], { reason: trace.detail ?? '' })}
      </p>
      {trace.value === undefined || trace.value === null ? null : <pre className={styles.log}>{t('admin.trace.value', { value: JSON.stringify(trace.value) })}</pre>}
      <ol className={styles.list} aria-label={t('admin.trace.rules')}>
        {trace.rules.map((rule, index) => (
          <RuleCard key={index} rule={rule} />
        ))}
      </ol>
    </>
  );
}
