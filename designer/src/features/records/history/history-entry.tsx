import { Anchor } from '@mantine/core';
import { IconArrowBackUp, IconArrowRight, IconEraser, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { formatDateTime } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import type { HistoryChange, HistoryEntry as Entry } from '../api/history';
import styles from './history.module.css';
import { agoText, sentenceOf, valueText, wayOf } from './story';

const icons = { create: IconPlus, update: IconPencil, delete: IconTrash, restore: IconArrowBackUp };

function Value({ text, kind }: { text: string; kind: 'before' | 'after' }) {
  const t = useTexts();
  return <span className={text ? styles[kind] : styles.none}>{text || t('history.empty.value')}</span>;
}

function Changes({ changes, onlyAfter }: { changes: HistoryChange[]; onlyAfter: boolean }) {
  const t = useTexts();
  return (
    <dl className={styles.changes}>
      {changes.map((change) => (
        <div key={change.field}>
          <dt>{change.label}</dt>
          <dd>
            {onlyAfter ? null : (
              <>
                <span className={styles.unseen}>{t('history.from')} </span>
                <Value kind="before" text={valueText(change.type, change.before, change.beforeText, t)} />
                <IconArrowRight size={13} aria-hidden className={styles.arrow} />
                <span className={styles.unseen}> {t('history.to')} </span>
              </>
            )}
            <Value kind="after" text={valueText(change.type, change.after, change.afterText, t)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** One entry of a history: a sentence, what changed, and when and through what. */
export function HistoryEntry({ entry, now, onShow }: { entry: Entry; now: number; onShow(): void }) {
  const t = useTexts();
  const [open, setOpen] = useState(false);
  const Icon = icons[entry.operation];
  const facts = [wayOf(entry, t), entry.address ? t('audit.address', { address: entry.address }) : null].filter(Boolean).join(' · ');
  const isStart = entry.operation === 'create';
  const changes = isStart ? entry.changes.filter((change) => valueText(change.type, change.after, change.afterText, t)) : entry.operation === 'update' ? entry.changes : [];
  return (
    <li className={styles.entry}>
      <span className={styles.icon} data-kind={entry.operation}>
        <Icon size={14} stroke={1.8} aria-hidden />
      </span>
      <div className={styles.entryBody}>
        <p className={styles.sentence}>{sentenceOf(entry, t)}</p>
        {changes.length > 0 && (!isStart || open) ? <Changes changes={changes} onlyAfter={isStart} /> : null}
        {entry.valuesErased ? (
          <p className={styles.erased}>
            <IconEraser size={14} stroke={1.8} aria-hidden />
            {t('history.erased')}
          </p>
        ) : null}
        <p className={styles.facts}>
          <time dateTime={entry.at} title={formatDateTime(entry.at, t.language)}>
            {agoText(entry.at, now, t.language)}
          </time>
          {facts ? ` · ${facts}` : null}
        </p>
        <p className={styles.links}>
          {isStart && changes.length > 0 && !open ? (
            <Anchor inherit component="button" type="button" onClick={() => setOpen(true)}>
              {t(changes.length === 1 ? 'history.values.one' : 'history.values.other', { count: changes.length })}
            </Anchor>
          ) : null}
          <Anchor inherit component="button" type="button" onClick={onShow}>
            {t('history.state.show')}
          </Anchor>
        </p>
      </div>
    </li>
  );
}
