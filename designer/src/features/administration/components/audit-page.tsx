import { Anchor, Button, Select } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { useApi } from '@/api/api-context';
import { useModel } from '@/api/application-model';
import { failureText } from '@/api/failure-text';
import { RecordName } from '@/fields/record-name';
import { parseDate } from '@/lib/dates';
import { datePatternOf, formatDateTime, formatNumber } from '@/lib/format';
import { useTexts, type Texts } from '@/lib/i18n/text';
import { Badge } from '@/ui/badge';
import { Message } from '@/ui/message';
import { PageHeader } from '@/ui/page-header';
import { usePageTitle } from '@/ui/page-title';
import { auditChainQuery, auditOperations, auditQuery, auditSources, type AuditEntry, type AuditWish } from '../api/audit';
import { useRecordNames } from '@/api/use-record-names';
import frame from './administration.module.css';
import { detailsText } from './audit-details';
import styles from './audit.module.css';
import { WorkTable, type WorkColumn } from './work-table';

function ChainState() {
  const t = useTexts();
  const chain = useQuery(auditChainQuery(useApi()));
  if (!chain.data) return null;
  const { sealedAt, entries, head } = chain.data;
  if (!sealedAt) return <Badge color="gray" label={t('audit.unsealed')} />;
  return (
    <span title={t('audit.head', { head: head ?? '' })}>
      <Badge color="green" label={t('audit.sealed', { at: formatDateTime(sealedAt, t.language), count: formatNumber(entries, t.language) })} />
    </span>
  );
}

function nameOf(entry: AuditEntry, t: Texts): string {
  return entry.userName ?? t(entry.isSystem ? 'history.system' : 'history.someone');
}

function useColumns(entries: readonly AuditEntry[], choose: (wish: AuditWish) => void): WorkColumn<AuditEntry>[] {
  const t = useTexts();
  const about = entries.flatMap(({ entity, recordId }) => (entity && recordId ? [{ entity, recordId }] : []));
  const recordName = useRecordNames(about);
  const model = useModel();
  const labelOf = (entity: string | undefined, field: string) => model.entity(entity)?.fields.find(({ name }) => name === field)?.label ?? field;
  const who = (entry: AuditEntry) =>
    entry.userId && !entry.isSystem ? (
      <Anchor inherit component="button" type="button" title={t('audit.only', { name: nameOf(entry, t) })} onClick={() => choose({ user: entry.userId })}>
        {nameOf(entry, t)}
      </Anchor>
    ) : (
      nameOf(entry, t)
    );
  const way = (entry: AuditEntry) => {
    const cause = entry.causeKind && entry.causeKind !== 'history' ? entry.causeId : undefined;
    return [entry.source ? t(`audit.by.${entry.source}`) : '–', cause, entry.address].filter(Boolean).join(' · ');
  };
  return [
    { label: t('audit.what'), width: 12.5, cell: (entry) => <strong title={t(`audit.do.${entry.operation}`)}>{t(`audit.do.${entry.operation}`)}</strong> },
    { label: t('audit.when'), width: 10.5, cell: (entry) => formatDateTime(entry.at, t.language) },
    { label: t('audit.who'), width: 8, cell: who },
    { label: t('audit.about'), width: 12, cell: (entry) => (entry.entity && entry.recordId ? <RecordName entity={entry.entity} id={entry.recordId} name={recordName(entry.recordId)} /> : (entry.entityLabel ?? entry.entity ?? '–')) },
    { label: t('audit.through'), width: 9.5, cell: (entry) => <span title={way(entry)}>{way(entry)}</span> },
    { label: t('audit.details'), cell: (entry) => <span title={detailsText(entry, t, labelOf)}>{detailsText(entry, t, labelOf) || '–'}</span> },
  ];
}

function Day({ label, value, onChange }: { label: string; value: string | undefined; onChange(day: string | undefined): void }) {
  const t = useTexts();
  const pattern = datePatternOf(t.language);
  return (
    <DateInput
      label={label}
      clearable
      clearButtonProps={{ 'aria-label': t('field.clear', { field: label }), style: { minWidth: 24, minHeight: 24 } }}
      valueFormat={pattern}
      placeholder={pattern.toLowerCase()}
      highlightToday
      previousLabel={t('calendar.previous')}
      nextLabel={t('calendar.next')}
      dateParser={(text) => parseDate(text, pattern)}
      value={value ?? null}
      onChange={(day) => onChange(day ?? undefined)}
    />
  );
}

function Filters({ wish, choose }: { wish: AuditWish; choose(wish: AuditWish): void }) {
  const t = useTexts();
  const model = useModel();
  const entities = model.source.entities.map((each) => ({ value: each.name, label: each.label })).sort((one, other) => one.label.localeCompare(other.label, t.language));
  return (
    <div className={styles.filters} role="group" aria-label={t('audit.filters')}>
      <Select label={t('audit.what')} placeholder={t('audit.any')} clearable data={auditOperations.map((each) => ({ value: each, label: t(`audit.do.${each}`) }))} value={wish.operation ?? null} onChange={(operation) => choose({ operation: operation ?? undefined })} />
      <Select label={t('audit.about')} placeholder={t('audit.any')} clearable searchable data={entities} value={wish.entity ?? null} onChange={(entity) => choose({ entity: entity ?? undefined })} />
      <Select label={t('audit.through')} placeholder={t('audit.any')} clearable data={auditSources.map((each) => ({ value: each, label: t(`audit.by.${each}`) }))} value={wish.source ?? null} onChange={(source) => choose({ source: source ?? undefined })} />
      <Day label={t('audit.from')} value={wish.from} onChange={(from) => choose({ from })} />
      <Day label={t('audit.until')} value={wish.to} onChange={(to) => choose({ to })} />
      {wish.user ? (
        <Button variant="default" className={styles.everybody ?? ''} onClick={() => choose({ user: undefined })}>
          {t('audit.everybody')}
        </Button>
      ) : null}
    </div>
  );
}

/** The moments that days of the reader stand for: from the beginning of one to the end of another. */
function momentsOf({ from, to, ...wish }: AuditWish): AuditWish {
  const end = to ? new Date(`${to}T00:00`) : undefined;
  end?.setDate(end.getDate() + 1);
  return { ...wish, from: from ? new Date(`${from}T00:00`).toISOString() : undefined, to: end?.toISOString() };
}

/** What happened, who did it, from where and through what. */
export function AuditPage() {
  const t = useTexts();
  const [search, setSearch] = useSearchParams();
  const wish: AuditWish = Object.fromEntries((['operation', 'source', 'entity', 'user', 'from', 'to'] as const).map((name) => [name, search.get(name) ?? undefined]));
  const pages = useInfiniteQuery(auditQuery(useApi(), momentsOf(wish)));
  const entries = pages.data?.pages.flatMap((page) => page.value);
  const choose = (more: AuditWish) => setSearch(Object.fromEntries(Object.entries({ ...wish, ...more }).filter((entry): entry is [string, string] => Boolean(entry[1]))), { replace: true });
  const columns = useColumns(entries ?? [], choose);
  usePageTitle(t('audit.title'));
  return (
    <>
      <PageHeader actions={<ChainState />}>
        <h1 className={frame.title}>{t('audit.title')}</h1>
      </PageHeader>
      <Filters wish={wish} choose={choose} />
      {pages.isError && !entries ? (
        <Message icon="alert" title={t('list.failed')} text={failureText(t, pages.error)} action={{ label: t('common.retry'), onClick: () => void pages.refetch() }} />
      ) : entries?.length === 0 ? (
        <Message icon="search" title={t('audit.empty')} text={t('audit.empty.text')} />
      ) : (
        <WorkTable label={t('audit.title')} rows={entries} columns={columns} errorOf={() => null} />
      )}
      {pages.hasNextPage ? (
        <div className={styles.more}>
          <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {t('history.more')}
          </Button>
        </div>
      ) : null}
    </>
  );
}
