import { Button, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { formatNumber } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import type { ImportReport } from '../api/import-file';
import styles from './import.module.css';
import { refusalsCsv, saveText } from './refusals-file';

/** What is wrong with a file, line by line, and what else there is to know. */
export function ImportFindings({ report, file }: { report: ImportReport; file: string }) {
  const t = useTexts();
  const { refusals, moreRefusals, skipped, isComplete } = report;
  const headings = [t('import.line'), t('import.column'), t('import.reason')];
  return (
    <>
      {refusals.length > 0 ? (
        <div className={styles.scroll} role="region" aria-label={t('import.mistakes')} tabIndex={0}>
          <table className={styles.table}>
            <thead>
              <tr>
                {headings.map((heading) => (
                  <th key={heading} scope="col">
                    {heading}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {refusals.map((refusal, index) => (
                <tr key={index}>
                  <td className={styles.line}>{refusal.line}</td>
                  <td>{refusal.column}</td>
                  <td>{refusal.message}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      {moreRefusals > 0 ? <Text size="sm" c="var(--x-soft)">{t('import.more', { count: formatNumber(moreRefusals, t.language) })}</Text> : null}
      {isComplete ? null : <Text size="sm" c="var(--x-soft)">{t('import.unfinished')}</Text>}
      {skipped.length > 0 ? <Text size="sm" c="var(--x-soft)" className={styles.wrap}>{t('import.skipped', { columns: skipped.join(', ') })}</Text> : null}
      {refusals.length > 0 ? (
        <Button className={styles.save} size="sm" variant="default" leftSection={<IconDownload size={14} aria-hidden />} onClick={() => saveText(`${file.replace(/\.[^.]*$/, '')} – ${t('import.mistakes')}.csv`, refusalsCsv(refusals, headings))}>
          {t('import.save')}
        </Button>
      ) : null}
    </>
  );
}
