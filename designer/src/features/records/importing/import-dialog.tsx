import { Alert, Button, Checkbox, FileButton, Group, Loader, Modal, Stack, Text } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useState, type DragEvent } from 'react';
import { failureText } from '@/api/failure-text';
import type { Entity } from '@/api/model';
import { formatNumber } from '@/lib/format';
import { useTexts, type Texts } from '@/lib/i18n/text';
import type { ImportReport } from '../api/import-file';
import styles from './import.module.css';
import { ImportFindings } from './import-findings';
import { useImport } from './use-import';

function counted(key: 'import.good' | 'import.bad' | 'import.done' | 'import.left', count: number, t: Texts): string {
  return t(`${key}.${count === 1 ? 'one' : 'other'}`, { count: formatNumber(count, t.language) });
}

function summary(report: ImportReport, isDone: boolean, t: Texts): string {
  const good = report.created > 0 ? counted(isDone ? 'import.done' : 'import.good', report.created, t) : '';
  const bad = report.refused > 0 ? counted(isDone ? 'import.left' : 'import.bad', report.refused, t) : '';
  return [good, bad].filter(Boolean).join(' ');
}

/** Imports records from a file: chosen, tried, looked at, stored. */
export function ImportDialog({ entity, onClose }: { entity: Entity; onClose(): void }) {
  const t = useTexts();
  const [over, setOver] = useState(false);
  const { file, report, error, isChecking, isStoring, isDone, ...work } = useImport(entity);
  const isBusy = isChecking || isStoring;
  const shown = isBusy || error ? undefined : report;
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const dropped = event.dataTransfer.files[0];
    if (dropped && !isBusy && !isDone) work.choose(dropped);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('import.title', { name: entity.pluralLabel })}
      closeOnClickOutside={!isBusy}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      styles={{ title: { fontWeight: 600, fontSize: 'var(--x-size-large)' } }}
    >
      <Stack gap="md">
        {isDone ? null : (
          <>
            <Text size="sm" c="var(--x-soft)">{t('import.text')}</Text>
            <div
              role="group"
              aria-label={t('import.file')}
              className={styles.box}
              data-over={over || undefined}
              onDragOver={(event) => {
                event.preventDefault();
                setOver(true);
              }}
              onDragLeave={() => setOver(false)}
              onDrop={drop}
            >
              {file ? <span className={styles.wrap}>{file.name}</span> : null}
              <FileButton key={file?.lastModified} accept=".csv,.tsv,.txt,text/csv" onChange={(picked) => (picked ? work.choose(picked) : undefined)}>
                {(button) => (
                  <Button {...button} size="sm" variant="default" disabled={isBusy} data-autofocus leftSection={<IconUpload size={14} aria-hidden />}>
                    {t(file ? 'import.another' : 'import.choose')}
                  </Button>
                )}
              </FileButton>
              {file ? null : <span className={styles.drop}>{t('import.drop')}</span>}
            </div>
            <Checkbox size="sm" label={t('import.decimal')} checked={work.hasDecimalComma} disabled={isBusy} onChange={(event) => work.changeDecimals(event.currentTarget.checked)} />
          </>
        )}
        <div role="status" className={styles.status}>
          {isBusy ? (
            <>
              <Loader size={16} />
              <Text size="sm">{isStoring ? t('import.importing') : t('import.checking', { file: file?.name ?? '' })}</Text>
            </>
          ) : null}
          {shown ? <Text size="sm" fw={600}>{summary(shown, isDone, t)}</Text> : null}
        </div>
        {error && !isBusy ? <Alert color="red" role="alert">{failureText(t, error)}</Alert> : null}
        {shown ? <ImportFindings report={shown} file={file?.name ?? ''} /> : null}
      </Stack>
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button size="sm" variant={isDone ? 'filled' : 'default'} onClick={onClose}>
          {t(isDone ? 'common.close' : 'common.cancel')}
        </Button>
        {isDone ? null : (
          <Button
            size="sm"
            variant="filled"
            loading={isStoring}
            disabled={isChecking || !report || hasNothing(report)}
            onClick={() => work.store((report?.refused ?? 0) > 0)}
          >
            {t(report && report.refused > 0 && report.created > 0 ? 'import.others' : 'import.now')}
          </Button>
        )}
      </Group>
    </Modal>
  );
}

/** Nothing of it can be stored. */
function hasNothing(report: ImportReport): boolean {
  return report.created === 0 || !report.isComplete;
}
